package io.nexuslite.cache;

import io.nexuslite.memory.Epochs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Chooses what to evict: looks at a few entries, remembers the best candidates of earlier looks, and takes the best of all out (the pool
 * of Redis 3.0, which comes closer to the true order of use than a sample alone).
 *
 * <p>State: {@code guard}, 0 or 1; all else belongs to who holds it. Nobody waits for the guard.
 * <p>Invariant: what is taken out is in the index as the very word that was sampled, and was not used since.
 */
final class Sampler {
    private static final VarHandle GUARD = guardHandle();
    private static final int POOL = 16;
    private static final int BUCKETS_MAX = 64; // looked at in one step, so that an almost empty index does not hold it up

    private final CacheCore core;
    private final Epochs epochs;
    private final long[] words = new long[CacheOptions.SAMPLES_MAX];
    private final long[] poolWords = new long[POOL];
    private final long[] poolHashes = new long[POOL];
    private final long[] poolStamps = new long[POOL];
    private int poolSize;
    private long random;
    private int cursor;
    private long scannedInVain;
    @SuppressWarnings("unused") // by GUARD
    private int guard;

    Sampler(CacheCore core, Epochs epochs, long seed) {
        this.core = core;
        this.epochs = epochs;
        random = seed | 1;
    }

    boolean tryTake() {
        return GUARD.compareAndSet(this, 0, 1);
    }

    /** The caller looks at the capacity once more afterwards: who found the guard taken meanwhile went away. */
    void free() {
        GUARD.setVolatile(this, 0);
        VarHandle.fullFence(); // I17
    }

    /** Whether all buckets were looked at since something was taken out last. */
    boolean isInVain() {
        return scannedInVain > core.index().bucketCountAcquire();
    }

    /** Looks at some entries and evicts at least one, or none if none qualifies. Returns how many. */
    int step(EvictionMode mode, int samples, long now) {
        int evicted = 0;
        int token = epochs.pinShared();
        try {
            int count = look(samples);
            for (int i = 0; i < count; i++) {
                evicted += consider(words[i], mode, now) ? 1 : 0;
            }
        } finally {
            epochs.unpinShared(token);
        }
        while (evicted == 0 && poolSize > 0 && mode != EvictionMode.TTL_ONLY) {
            evicted = takeOldest() ? 1 : 0;
        }
        if (evicted > 0) {
            scannedInVain = 0;
        }
        return evicted;
    }

    /**
     * Frequency of the one of a sample that was used longest ago, and so would go first; -1 if an expired one would, or there is none.
     */
    int victimFrequency(FrequencySketch sketch, int samples, long now) {
        int token = epochs.pinShared();
        try {
            int count = look(samples);
            long hash = 0;
            long oldest = Long.MAX_VALUE;
            for (int i = 0; i < count; i++) {
                if (core.isExpired(words[i], now)) {
                    return -1;
                }
                long stamp = core.accessStamp(words[i]);
                if (stamp < oldest) {
                    oldest = stamp;
                    hash = core.hash(words[i]);
                }
            }
            return count == 0 ? -1 : sketch.frequency(hash);
        } finally {
            epochs.unpinShared(token);
            scannedInVain = 0;
        }
    }

    void startAnew() {
        scannedInVain = 0;
    }

    private int look(int samples) {
        int buckets = core.index().bucketCountAcquire();
        int bucket = scannedInVain > 0 ? Math.min(cursor, buckets - 1) : (int) ((nextRandom() >>> 33) % buckets);
        int count = 0;
        int scanned = 0;
        while (count < samples && scanned < BUCKETS_MAX) {
            count += core.index().copyWords(bucket, words, count);
            bucket = bucket + 1 == buckets ? 0 : bucket + 1;
            scanned++;
        }
        cursor = bucket;
        scannedInVain += scanned;
        return count;
    }

    private boolean consider(long word, EvictionMode mode, long now) {
        long hash = core.hash(word);
        if (mode != EvictionMode.LRU_ONLY && core.isExpired(word, now)) {
            if (core.takeExpired(hash, word, now, CacheCounters.EVICTED_EXPIRED, false)) {
                return true;
            }
        } else if (mode != EvictionMode.TTL_ONLY) {
            offer(word, hash, core.accessStamp(word));
        }
        return false;
    }

    /** Keeps the candidate if there is a place, or one that was used later. */
    private void offer(long word, long hash, long stamp) {
        int at = poolSize;
        int youngest = 0;
        for (int i = 0; i < poolSize; i++) {
            if (poolWords[i] == word) {
                poolStamps[i] = stamp;
                return;
            }
            youngest = poolStamps[i] > poolStamps[youngest] ? i : youngest;
        }
        if (poolSize == POOL) {
            if (poolStamps[youngest] <= stamp) {
                return;
            }
            at = youngest;
        } else {
            poolSize++;
        }
        poolWords[at] = word;
        poolHashes[at] = hash;
        poolStamps[at] = stamp;
    }

    private boolean takeOldest() {
        int oldest = 0;
        for (int i = 1; i < poolSize; i++) {
            oldest = poolStamps[i] < poolStamps[oldest] ? i : oldest;
        }
        long word = poolWords[oldest];
        long hash = poolHashes[oldest];
        long stamp = poolStamps[oldest];
        poolSize--;
        poolWords[oldest] = poolWords[poolSize];
        poolHashes[oldest] = poolHashes[poolSize];
        poolStamps[oldest] = poolStamps[poolSize];
        return core.takeUnused(hash, word, stamp);
    }

    private long nextRandom() {
        random ^= random << 13; // Marsaglia's xorshift64, 13/7/17
        random ^= random >>> 7;
        random ^= random << 17;
        return random;
    }

    private static VarHandle guardHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Sampler.class, "guard", int.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
