package io.nexuslite.wasp;

/**
 * A rule of the protocol that a test switches off, to show that the tests beside it can see what the rule is for. Always {@link #NONE}
 * outside of tests; asked at checkpoints, openings, first writes and
 * large values only.
 */
enum EngineLie {
    NONE,
    /** Pages are used again that the manifest before the newest names. */
    REUSE_ONE_MANIFEST_EARLY,
    /** The log below an anchor is used again before the manifest that names the anchor is written. */
    RECYCLE_BEFORE_FLIP,
    /** A clean end is said in one slot alone. */
    SINGLE_CLEAN_SLOT,
    /** Recovery does not ask the log for a newer manifest. */
    IGNORE_MANIFEST_WITNESS,
    /** The anchor is noted when the slot is written, not before the commits that the pages hold are fixed. */
    ANCHOR_AT_FLIP,
    /** What is replayed is served, and the log left as it is. */
    SERVE_BEFORE_FLIP,
    /** A log beside a CLEAN slot is left as it is. */
    SERVE_CLEAN_AT_ONCE,
    /** Recovery writes to free pages without having looked which extents the log names. */
    IGNORE_LOGGED_EXTENTS,
    /** An extent is free again as soon as another value has been committed, whatever the log names. */
    REUSE_LOGGED_EXTENT,
    /** The first slot of an incarnation tells of a reserve whose flush nobody has waited for. */
    RESERVE_UNFLUSHED;

    private static volatile EngineLie told = NONE;

    /** Of this process; by tests. */
    static void tell(EngineLie lie) {
        told = lie;
    }

    boolean isTold() {
        return told == this;
    }
}
