package io.nexuslite.stress.broken;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The protocol of {@code io.nexuslite.cache.CacheIndex} with two buckets of two words, of which the first is split, where single rules can be left out. */
final class CacheIndexTwin {
    /** What is left out. */
    enum Fault {
        NONE, NO_SECOND_LOOK, NO_DEPTH_IN_STAMP
    }

    static final long KEY = 1; // its lowest bit chooses the bucket once the depth is 1

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final int BUCKET = 16; // words apart: stamp, two words
    private static final int BUCKET_COUNT = 2 * BUCKET;
    private static final long LOCKED = 1;
    private static final long DEPTH_ONE = 2;
    private static final long COUNT_ONE = 128;

    private final long[] words = new long[3 * BUCKET];
    private final Fault fault;

    CacheIndexTwin(Fault fault) {
        this.fault = fault;
        words[2] = KEY;
        words[BUCKET_COUNT] = 1;
    }

    boolean contains() {
        int bucket = (int) ((long) WORDS.getAcquire(words, BUCKET_COUNT) - 1);
        while (true) {
            int at = bucket * BUCKET;
            long stamp = (long) WORDS.getAcquire(words, at);
            if (fault != Fault.NO_DEPTH_IN_STAMP && bucket == 0 && (stamp & DEPTH_ONE) != 0) {
                bucket = 1;
                continue;
            }
            if ((stamp & LOCKED) != 0) {
                Thread.onSpinWait();
                continue;
            }
            if ((long) WORDS.getAcquire(words, at + 1) == KEY || (long) WORDS.getAcquire(words, at + 2) == KEY) {
                return true;
            }
            VarHandle.acquireFence();
            if (fault == Fault.NO_SECOND_LOOK || (long) WORDS.getOpaque(words, at) == stamp) {
                return false;
            }
        }
    }

    void split() {
        long stamp = (long) WORDS.getAcquire(words, 0);
        if (!WORDS.compareAndSet(words, 0, stamp, stamp | LOCKED)) {
            throw new AssertionError();
        }
        VarHandle.storeStoreFence();
        WORDS.setRelease(words, BUCKET + 1, KEY);
        WORDS.setRelease(words, BUCKET, DEPTH_ONE);
        WORDS.setRelease(words, 2, 0L);
        WORDS.setRelease(words, 0, stamp + DEPTH_ONE + COUNT_ONE);
        WORDS.setRelease(words, BUCKET_COUNT, 2L);
    }
}
