package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import java.time.Duration;
import java.util.List;
import org.bson.conversions.Bson;

/** How documents are updated. Immutable. Tags, expiry and instant of creation of an updated document stay. */
public final class UpdateOptions {
    private static final UpdateOptions DEFAULTS = new UpdateOptions(false, List.of(), null, null);

    private final boolean upsert;
    private final List<Bson> arrayFilters;
    private final Duration maxTime;
    private final Cancellation cancellation;

    private UpdateOptions(boolean upsert, List<Bson> arrayFilters, Duration maxTime, Cancellation cancellation) {
        this.upsert = upsert;
        this.arrayFilters = arrayFilters;
        this.maxTime = maxTime;
        this.cancellation = cancellation;
    }

    /** No insert where nothing matches. */
    public static UpdateOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options, and a document is inserted if none matches: what the filter asks for by equality, then the update,
     * {@code $setOnInsert} with it.
     */
    public UpdateOptions withUpsert(boolean newUpsert) {
        return new UpdateOptions(newUpsert, arrayFilters, maxTime, cancellation);
    }

    /**
     * These options, and filters that tell which elements the segments {@code $[identifier]} of the update's paths mean, as in
     * {@code {$set: {"grades.$[low]": 0}}} with {@code {low: {$lt: 50}}}. Each is about one identifier, which begins with a small
     * letter; each must be used, and each identifier have one.
     */
    public UpdateOptions withArrayFilters(List<? extends Bson> newArrayFilters) {
        return new UpdateOptions(upsert, List.copyOf(newArrayFilters), maxTime, cancellation);
    }

    /** These options, and how long it may take; {@link DeadlineExceededException} after that, and nothing was changed. */
    public UpdateOptions withMaxTime(Duration newMaxTime) {
        return new UpdateOptions(upsert, arrayFilters, Guard.checked(newMaxTime), cancellation);
    }

    /** These options, and another thread may end it; {@link DeadlineExceededException} then, and nothing was changed. */
    public UpdateOptions withCancellation(Cancellation newCancellation) {
        return new UpdateOptions(upsert, arrayFilters, maxTime, newCancellation);
    }

    boolean upsert() {
        return upsert;
    }

    List<Bson> arrayFilters() {
        return arrayFilters;
    }

    Guard guard(DatabaseCore core) {
        return new Guard(core, maxTime, cancellation);
    }
}
