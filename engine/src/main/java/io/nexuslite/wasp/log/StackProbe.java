package io.nexuslite.wasp.log;

/**
 * Uses more stack than the window between claim and mark does, so that a thread near the end of its stack gets its StackOverflowError before
 * the claim, where it harms nobody.
 */
final class StackProbe {
    private static final int DEPTH = 24; // frames of at least 48 bytes, compiled; more, interpreted

    private StackProbe() {
    }

    /** Returns a number, so that the calls are not compiled away. */
    static int probe() {
        return descend(DEPTH, 1);
    }

    private static int descend(int depth, int seed) {
        return depth == 0 ? seed : descend(depth - 1, seed * 31 + depth) + seed;
    }
}
