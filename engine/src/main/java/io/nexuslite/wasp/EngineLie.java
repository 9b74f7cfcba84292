package io.nexuslite.wasp;

/**
 * A rule of the protocol that a test switches off, to show that the tests beside it can see what the rule is for. Always {@link #NONE}
 * outside of tests; asked at checkpoints and openings only.
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
    IGNORE_MANIFEST_WITNESS;

    private static volatile EngineLie told = NONE;

    /** Of this process; by tests. */
    static void tell(EngineLie lie) {
        told = lie;
    }

    boolean isTold() {
        return told == this;
    }
}
