package io.nexuslite.benchmark;

import java.util.SplittableRandom;

/** Sequences of keys, the same each time. */
final class KeyTraces {
    private static final double ZIPF_EXPONENT = 0.99;
    private static final long SEED = 0x6361_6368_65L;
    private static final int SHIFTS = 10;

    private KeyTraces() {
    }

    /** The n-th key as likely as n to the power of −0.99; popular ones are spread over the numbers. */
    static long[] zipf(int keys, int length, int thread) {
        return draw(keys, length, thread, 1);
    }

    /** As {@link #zipf}, but what is popular changes {@value #SHIFTS} times. */
    static long[] shiftingZipf(int keys, int length) {
        return draw(keys, length, 0, SHIFTS);
    }

    /** Round and round, through more keys than a cache has room for. */
    static long[] loop(int keys, int length) {
        long[] trace = new long[length];
        for (int i = 0; i < length; i++) {
            trace[i] = i % keys;
        }
        return trace;
    }

    private static long[] draw(int keys, int length, int thread, int shifts) {
        double[] cumulated = new double[keys];
        double sum = 0;
        for (int rank = 0; rank < keys; rank++) {
            sum += Math.pow(rank + 1, -ZIPF_EXPONENT);
            cumulated[rank] = sum;
        }
        SplittableRandom random = new SplittableRandom(SEED + thread);
        long[] trace = new long[length];
        for (int i = 0; i < length; i++) {
            int found = java.util.Arrays.binarySearch(cumulated, random.nextDouble() * sum);
            long rank = Math.min(keys - 1, found < 0 ? -found - 1 : found);
            long shift = (long) i * shifts / length * (keys / shifts);
            trace[i] = ((rank + shift) % keys * 0x9e37_79b1L) % keys; // an odd factor: each key once, if keys is a power of two
        }
        return trace;
    }
}
