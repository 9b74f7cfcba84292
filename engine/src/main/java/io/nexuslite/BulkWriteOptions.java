package io.nexuslite;

import java.time.Duration;

/** How many writes are done. Immutable. */
public final class BulkWriteOptions {
    private static final BulkWriteOptions DEFAULTS = new BulkWriteOptions(true, null, null);

    private final boolean ordered;
    private final Duration maxTime;
    private final Cancellation cancellation;

    private BulkWriteOptions(boolean ordered, Duration maxTime, Cancellation cancellation) {
        this.ordered = ordered;
        this.maxTime = maxTime;
        this.cancellation = cancellation;
    }

    /** In order, up to the first error. */
    public static BulkWriteOptions defaults() {
        return DEFAULTS;
    }

    /** These options; those that are not ordered go on behind an error of one write. */
    public BulkWriteOptions withOrdered(boolean newOrdered) {
        return new BulkWriteOptions(newOrdered, maxTime, cancellation);
    }

    /** These options, and how long all writes may take; the first that is too late fails, and none behind it is tried. */
    public BulkWriteOptions withMaxTime(Duration newMaxTime) {
        return new BulkWriteOptions(ordered, Guard.checked(newMaxTime), cancellation);
    }

    /** These options, and another thread may end them; the first that is too late fails, and none behind it is tried. */
    public BulkWriteOptions withCancellation(Cancellation newCancellation) {
        return new BulkWriteOptions(ordered, maxTime, newCancellation);
    }

    boolean ordered() {
        return ordered;
    }

    Guard guard(DatabaseCore core) {
        return new Guard(core, maxTime, cancellation);
    }
}
