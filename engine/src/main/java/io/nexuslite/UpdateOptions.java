package io.nexuslite;

/** How documents are updated. Immutable. Tags, expiry and instant of creation of an updated document stay. */
public final class UpdateOptions {
    private static final UpdateOptions DEFAULTS = new UpdateOptions(false);

    private final boolean upsert;

    private UpdateOptions(boolean upsert) {
        this.upsert = upsert;
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
        return new UpdateOptions(newUpsert);
    }

    boolean upsert() {
        return upsert;
    }
}
