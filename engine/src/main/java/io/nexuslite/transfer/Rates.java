package io.nexuslite.transfer;

/** Counts over time. */
final class Rates {
    private static final double NANOS_PER_SECOND = 1e9;

    private Rates() {
    }

    static double perSecond(long count, long nanos) {
        return nanos <= 0 ? 0 : count * NANOS_PER_SECOND / nanos;
    }
}
