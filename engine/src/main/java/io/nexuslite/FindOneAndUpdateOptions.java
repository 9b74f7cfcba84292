package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.bson.conversions.Bson;

/** How a document is found, updated and given. Immutable. */
public final class FindOneAndUpdateOptions {
    private static final FindOneAndUpdateOptions DEFAULTS = new FindOneAndUpdateOptions(FindOneSettings.DEFAULTS);

    private final FindOneSettings settings;

    private FindOneAndUpdateOptions(FindOneSettings settings) {
        this.settings = settings;
    }

    /** The whole document as it was before, the first in the order of the {@code _id}; no insert where nothing matches. */
    public static FindOneAndUpdateOptions defaults() {
        return DEFAULTS;
    }

    /** These options, and of several documents that match the first in this order is taken; otherwise in that of the {@code _id}. */
    public FindOneAndUpdateOptions withSort(Bson sort) {
        return new FindOneAndUpdateOptions(settings.withSort(sort));
    }

    /** These options, and fields to keep or to leave out, as in {@link FindQuery#projection}. */
    public FindOneAndUpdateOptions withProjection(Bson projection) {
        return new FindOneAndUpdateOptions(settings.withProjection(projection));
    }

    /** These options, and a document is inserted if none matches. */
    public FindOneAndUpdateOptions withUpsert(boolean upsert) {
        return new FindOneAndUpdateOptions(settings.withUpsert(upsert));
    }

    /** These options, and which state of the document is given; before, if nothing is said. */
    public FindOneAndUpdateOptions withReturnDocument(ReturnDocument returned) {
        return new FindOneAndUpdateOptions(settings.withReturnDocument(Objects.requireNonNull(returned, "returned")));
    }

    /** These options, and array filters, as in {@link UpdateOptions#withArrayFilters}. */
    public FindOneAndUpdateOptions withArrayFilters(List<? extends Bson> arrayFilters) {
        return new FindOneAndUpdateOptions(settings.withArrayFilters(arrayFilters));
    }

    /** These options, and how long it may take; {@link DeadlineExceededException} after that, and nothing was changed. */
    public FindOneAndUpdateOptions withMaxTime(Duration maxTime) {
        return new FindOneAndUpdateOptions(settings.withMaxTime(maxTime));
    }

    /** These options, and another thread may end it; {@link DeadlineExceededException} then, and nothing was changed. */
    public FindOneAndUpdateOptions withCancellation(Cancellation cancellation) {
        return new FindOneAndUpdateOptions(settings.withCancellation(cancellation));
    }

    FindOneSettings settings() {
        return settings;
    }
}
