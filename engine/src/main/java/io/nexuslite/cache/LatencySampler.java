package io.nexuslite.cache;

import io.nexuslite.io.Host;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Times one call in {@value #ONE_IN} and counts it in a fixed log-linear histogram: eight buckets to a doubling, so a percentile is at most an
 * eighth too high. Allocates nothing. Threads count their calls in stripes, plain, and where they meet some more or fewer are timed.
 */
final class LatencySampler {
    static final int ONE_IN = 64;
    /** From {@link #start} of a call that is not timed. */
    static final long NOT_TIMED = 0;

    private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final int STRIPES = 8;
    private static final int STRIPE_APART = 32; // 128 bytes
    private static final int STEPS_SHIFT = 3;
    private static final int STEPS = 1 << STEPS_SHIFT;
    private static final int BUCKETS = bucketOf(Long.MAX_VALUE) + 1;

    private final Host host;
    private final int[] calls = new int[STRIPES * STRIPE_APART];
    private final long[] counts = new long[BUCKETS];

    LatencySampler(Host host) {
        this.host = host;
    }

    /** The clock's reading, never 0, if this call is to be timed. */
    long start() {
        int stripe = (int) (Thread.currentThread().threadId() * 0x9e37_79b9_7f4a_7c15L >>> 61) * STRIPE_APART;
        return (++calls[stripe] & ONE_IN - 1) != 0 ? NOT_TIMED : host.nanoTime() | 1;
    }

    void end(long start) {
        if (start != NOT_TIMED) {
            record(host.nanoTime() - start);
        }
    }

    void record(long nanos) {
        long before = (long) COUNTS.getAndAdd(counts, bucketOf(Math.max(0, nanos)), 1L);
        assert before >= 0;
    }

    CacheLatency snapshot() {
        long[] copy = new long[BUCKETS];
        long total = 0;
        int last = 0;
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = (long) COUNTS.getAcquire(counts, i);
            total += copy[i];
            last = copy[i] > 0 ? i : last;
        }
        return new CacheLatency(total, percentile(copy, total, 0.5), percentile(copy, total, 0.9),
                percentile(copy, total, 0.99), percentile(copy, total, 0.999), total == 0 ? 0 : highestOf(last));
    }

    private static long percentile(long[] counts, long total, double share) {
        long wanted = (long) Math.ceil(total * share);
        long sum = 0;
        for (int i = 0; i < counts.length && wanted > 0; i++) {
            sum += counts[i];
            if (sum >= wanted) {
                return highestOf(i);
            }
        }
        return 0;
    }

    static int bucketOf(long nanos) {
        if (nanos < STEPS) {
            return (int) nanos;
        }
        int doubling = 63 - Long.numberOfLeadingZeros(nanos);
        return (doubling - STEPS_SHIFT + 1 << STEPS_SHIFT) + (int) (nanos >>> doubling - STEPS_SHIFT & STEPS - 1);
    }

    /** The most nanoseconds that fall into a bucket. */
    static long highestOf(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = (bucket >>> STEPS_SHIFT) - 1;
        long first = (long) (STEPS + (bucket & STEPS - 1)) << shift;
        return first + (1L << shift) - 1;
    }
}
