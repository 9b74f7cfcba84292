package io.nexuslite.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts in stripes, so that threads seldom share a cache line. A sum over the stripes is exact when nobody counts.
 *
 * <p>Ordering: each addition is atomic (volatile); sums are acquire. What evicts for room adds before it looks.
 */
final class CacheCounters {
    static final int HITS = 0;
    static final int MISSES = 1;
    static final int PUTS = 2;
    static final int REFUSED = 3;
    static final int REMOVED = 4;
    static final int EVICTED_LEAST_RECENT = 5;
    static final int EVICTED_EXPIRED = 6;
    static final int EXPIRED = 7;
    static final int RETIRED_BYTES = 8;
    static final int REFUSED_RARE = 9;
    static final int ENTRIES = 16; // the next line: these three change with every put
    static final int CELL_BYTES = 17;
    static final int PAYLOAD_BYTES = 18;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final int STRIPES = 8;
    private static final int WORDS_APART = 48; // of two stripes: the counts, and the 128 bytes between

    private final long[] words = new long[STRIPES * WORDS_APART];

    void add(int counter, long count) {
        int stripe = (int) (Thread.currentThread().threadId() * 0x9e37_79b9_7f4a_7c15L >>> 61); // Fibonacci hashing
        long before = (long) WORDS.getAndAdd(words, stripe * WORDS_APART + counter, count);
        assert before > Long.MIN_VALUE >> 1; // of one stripe it may be negative
    }

    long sum(int counter) {
        long sum = 0;
        for (int at = counter; at < words.length; at += WORDS_APART) {
            sum += (long) WORDS.getAcquire(words, at);
        }
        return Math.max(0, sum);
    }
}
