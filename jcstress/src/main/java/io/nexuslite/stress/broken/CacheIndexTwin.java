package io.nexuslite.stress.broken;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The protocol of {@code io.nexuslite.cache.CacheIndex} with up to four buckets of two words, split one after the other, where single rules
 * can be left out.
 */
final class CacheIndexTwin {
    /** What is left out. {@code WHOLE_DEPTH}: a reader goes by all splits of its bucket at once, not by the first that moved its key. */
    enum Fault {
        NONE, NO_SECOND_LOOK, NO_DEPTH_IN_STAMP, WHOLE_DEPTH
    }

    static final long KEY = 3; // its own hash: the first split moves it to bucket 1, a third one would to 3

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final int BUCKET = 16; // words apart: stamp, two words
    private static final int BUCKETS_MAX = 4;
    private static final int BUCKET_COUNT = BUCKETS_MAX * BUCKET;
    private static final int HOPS_MAX = 16; // more than splits: from there on the index itself would hop for ever
    private static final long LOCKED = 1;
    private static final int DEPTH_SHIFT = 1;
    private static final long DEPTH_ONE = 1 << DEPTH_SHIFT;
    private static final long DEPTH_MASK = 62;
    private static final long COUNT_ONE = 128;

    private final long[] words = new long[BUCKET_COUNT + BUCKET];
    private final Fault fault;

    CacheIndexTwin(Fault fault) {
        this.fault = fault;
        words[2] = KEY;
        words[BUCKET_COUNT] = 1;
    }

    boolean contains() {
        int bucket = bucketOf((int) (long) WORDS.getAcquire(words, BUCKET_COUNT));
        int hops = 0;
        while (hops < HOPS_MAX) {
            int at = bucket * BUCKET;
            long stamp = (long) WORDS.getAcquire(words, at);
            int owner = ownerOf(bucket, stamp);
            if (owner != bucket) {
                bucket = owner;
                hops++;
            } else if ((stamp & LOCKED) != 0) {
                Thread.onSpinWait();
            } else {
                if ((long) WORDS.getAcquire(words, at + 1) == KEY || (long) WORDS.getAcquire(words, at + 2) == KEY) {
                    return true;
                }
                VarHandle.acquireFence();
                if (fault == Fault.NO_SECOND_LOOK || (long) WORDS.getOpaque(words, at) == stamp) {
                    return false;
                }
            }
        }
        return false;
    }

    private static int bucketOf(int count) {
        int mask = count == 1 ? 0 : (Integer.highestOneBit(count - 1) << 1) - 1;
        int bucket = (int) KEY & mask;
        return bucket < count ? bucket : bucket & mask >>> 1;
    }

    private int ownerOf(int bucket, long stamp) {
        int depthMask = (1 << ((stamp & DEPTH_MASK) >>> DEPTH_SHIFT)) - 1;
        return switch (fault) {
            case NO_DEPTH_IN_STAMP -> bucket;
            case WHOLE_DEPTH -> (int) KEY & depthMask;
            default -> bucket | Integer.lowestOneBit(((int) KEY ^ bucket) & depthMask);
        };
    }

    /** By one thread, at most three times. */
    void split() {
        int target = (int) (long) WORDS.getAcquire(words, BUCKET_COUNT);
        int bucket = target - Integer.highestOneBit(target);
        int at = bucket * BUCKET;
        long stamp = (long) WORDS.getAcquire(words, at);
        if (!WORDS.compareAndSet(words, at, stamp, stamp | LOCKED)) {
            throw new AssertionError();
        }
        VarHandle.storeStoreFence();
        long depth = (stamp & DEPTH_MASK) + DEPTH_ONE;
        long bit = 1L << (depth >>> DEPTH_SHIFT) - 1;
        for (int i = 1; i <= 2; i++) {
            long word = (long) WORDS.getAcquire(words, at + i);
            boolean moves = (word & bit) != 0;
            WORDS.setRelease(words, target * BUCKET + i, moves ? word : 0L);
            WORDS.setRelease(words, at + i, moves ? 0L : word);
        }
        WORDS.setRelease(words, target * BUCKET, depth); // open first
        WORDS.setRelease(words, at, (stamp & ~DEPTH_MASK | depth) + COUNT_ONE);
        WORDS.setRelease(words, BUCKET_COUNT, target + 1L);
    }
}
