package io.nexuslite;

import java.util.List;
import org.bson.conversions.Bson;

/** How documents are updated. Immutable. Tags, expiry and instant of creation of an updated document stay. */
public final class UpdateOptions {
    private static final UpdateOptions DEFAULTS = new UpdateOptions(false, List.of());

    private final boolean upsert;
    private final List<Bson> arrayFilters;

    private UpdateOptions(boolean upsert, List<Bson> arrayFilters) {
        this.upsert = upsert;
        this.arrayFilters = arrayFilters;
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
        return new UpdateOptions(newUpsert, arrayFilters);
    }

    /**
     * These options, and filters that tell which elements the segments {@code $[identifier]} of the update's paths mean, as in
     * {@code {$set: {"grades.$[low]": 0}}} with {@code {low: {$lt: 50}}}. Each is about one identifier, which begins with a small
     * letter; each must be used, and each identifier have one.
     */
    public UpdateOptions withArrayFilters(List<? extends Bson> newArrayFilters) {
        return new UpdateOptions(upsert, List.copyOf(newArrayFilters));
    }

    boolean upsert() {
        return upsert;
    }

    List<Bson> arrayFilters() {
        return arrayFilters;
    }
}
