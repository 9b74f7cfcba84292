package io.nexuslite;

/** How many writes are done. Immutable. */
public final class BulkWriteOptions {
    private static final BulkWriteOptions DEFAULTS = new BulkWriteOptions(true);

    private final boolean ordered;

    private BulkWriteOptions(boolean ordered) {
        this.ordered = ordered;
    }

    /** In order, up to the first error. */
    public static BulkWriteOptions defaults() {
        return DEFAULTS;
    }

    /** These options; those that are not ordered go on behind an error of one write. */
    public BulkWriteOptions withOrdered(boolean newOrdered) {
        return new BulkWriteOptions(newOrdered);
    }

    boolean ordered() {
        return ordered;
    }
}
