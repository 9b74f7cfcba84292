package io.nexuslite.wasp.log;

/** A rule that a test switches off, to show that the checks beside it can see what it is for. Always {@link #NONE} outside of tests. */
enum LogLie {
    NONE,
    /** A flush covers the newest write alone, also behind unflushed ones. */
    RANGED_FLUSH,
    /** Extents are reused as soon as a manifest is durable, before a group names it. */
    REUSE_BEFORE_WITNESS,
    /** A commit is acknowledged when it is written. */
    ACKNOWLEDGE_BEFORE_FLUSH,
    /** A failed flush is forgotten. */
    FORGET_FAILED_FLUSH,
    /** Recovery takes any bad group for a torn tail. */
    IGNORE_WITNESS,
    /** Recovery starts behind the anchor without looking at it. */
    IGNORE_ANCHOR,
    /** The anchor is the last group written, and nobody waits until the log is durable as far as a checkpoint goes. */
    CHECKPOINT_ABOVE_HORIZON,
    /** Transactions may take all that the file has. */
    NO_RESERVE;

    private static volatile LogLie told = NONE;

    /** Of this process, for logs that are opened from now on; by tests of the whole store, which cannot hand one over. */
    static void tell(LogLie lie) {
        told = lie;
    }

    static LogLie told() {
        return told;
    }
}
