package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import java.time.Duration;
import org.bson.conversions.Bson;

/** How a document is found, deleted and given. Immutable. */
public final class FindOneAndDeleteOptions {
    private static final FindOneAndDeleteOptions DEFAULTS = new FindOneAndDeleteOptions(FindOneSettings.DEFAULTS);

    private final FindOneSettings settings;

    private FindOneAndDeleteOptions(FindOneSettings settings) {
        this.settings = settings;
    }

    /** The whole document, the first in the order of the {@code _id}. */
    public static FindOneAndDeleteOptions defaults() {
        return DEFAULTS;
    }

    /** These options, and of several documents that match the first in this order is taken; otherwise in that of the {@code _id}. */
    public FindOneAndDeleteOptions withSort(Bson sort) {
        return new FindOneAndDeleteOptions(settings.withSort(sort));
    }

    /** These options, and fields to keep or to leave out, as in {@link FindQuery#projection}. */
    public FindOneAndDeleteOptions withProjection(Bson projection) {
        return new FindOneAndDeleteOptions(settings.withProjection(projection));
    }

    /** These options, and how long it may take; {@link DeadlineExceededException} after that, and nothing was changed. */
    public FindOneAndDeleteOptions withMaxTime(Duration maxTime) {
        return new FindOneAndDeleteOptions(settings.withMaxTime(maxTime));
    }

    /** These options, and another thread may end it; {@link DeadlineExceededException} then, and nothing was changed. */
    public FindOneAndDeleteOptions withCancellation(Cancellation cancellation) {
        return new FindOneAndDeleteOptions(settings.withCancellation(cancellation));
    }

    FindOneSettings settings() {
        return settings;
    }
}
