package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import java.time.Duration;
import java.util.Objects;
import org.bson.conversions.Bson;

/** How a document is found, replaced and given. Its tags and expiry stay. Immutable. */
public final class FindOneAndReplaceOptions {
    private static final FindOneAndReplaceOptions DEFAULTS = new FindOneAndReplaceOptions(FindOneSettings.DEFAULTS);

    private final FindOneSettings settings;

    private FindOneAndReplaceOptions(FindOneSettings settings) {
        this.settings = settings;
    }

    /** The whole document as it was before, the first in the order of the {@code _id}; no insert where nothing matches. */
    public static FindOneAndReplaceOptions defaults() {
        return DEFAULTS;
    }

    /** These options, and of several documents that match the first in this order is taken; otherwise in that of the {@code _id}. */
    public FindOneAndReplaceOptions withSort(Bson sort) {
        return new FindOneAndReplaceOptions(settings.withSort(sort));
    }

    /** These options, and fields to keep or to leave out, as in {@link FindQuery#projection}. */
    public FindOneAndReplaceOptions withProjection(Bson projection) {
        return new FindOneAndReplaceOptions(settings.withProjection(projection));
    }

    /** These options, and a document is inserted if none matches. */
    public FindOneAndReplaceOptions withUpsert(boolean upsert) {
        return new FindOneAndReplaceOptions(settings.withUpsert(upsert));
    }

    /** These options, and which state of the document is given; before, if nothing is said. */
    public FindOneAndReplaceOptions withReturnDocument(ReturnDocument returned) {
        return new FindOneAndReplaceOptions(settings.withReturnDocument(Objects.requireNonNull(returned, "returned")));
    }

    /** These options, and how long it may take; {@link DeadlineExceededException} after that, and nothing was changed. */
    public FindOneAndReplaceOptions withMaxTime(Duration maxTime) {
        return new FindOneAndReplaceOptions(settings.withMaxTime(maxTime));
    }

    /** These options, and another thread may end it; {@link DeadlineExceededException} then, and nothing was changed. */
    public FindOneAndReplaceOptions withCancellation(Cancellation cancellation) {
        return new FindOneAndReplaceOptions(settings.withCancellation(cancellation));
    }

    FindOneSettings settings() {
        return settings;
    }
}
