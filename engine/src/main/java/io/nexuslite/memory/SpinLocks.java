package io.nexuslite.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Locks for a few dozen instructions, one word each, 128 bytes apart. Whoever holds one neither parks nor runs foreign code, so a
 * waiter spins, and yields now and then to a holder that the scheduler has stopped. Not reentrant.
 *
 * <p>Ordering: taken by {@code cas} (volatile), let go with release; what they guard has no readers outside of them.
 */
public final class SpinLocks {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final int WORDS_APART = 16;
    private static final int SPINS = 128;

    private final long[] words;

    /** {@code count} free locks, numbered from 0. */
    public SpinLocks(int count) {
        words = new long[count * WORDS_APART];
    }

    /** Takes a lock if it is free. */
    public boolean tryLock(int index) {
        int at = index * WORDS_APART;
        return (long) WORDS.getOpaque(words, at) == 0L && WORDS.compareAndSet(words, at, 0L, 1L);
    }

    /** Takes a lock; spins until it is free. */
    public void lock(int index) {
        for (int round = 1; !tryLock(index); round++) {
            if (round % SPINS == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** Lets go of a lock that the caller holds. */
    public void unlock(int index) {
        WORDS.setRelease(words, index * WORDS_APART, 0L);
    }

    /** Takes whichever lock of a power of two of them is free, beginning with {@code wish}; returns its index. */
    int lockAny(int wish, int count) {
        int index = wish & count - 1;
        for (int tries = 0; tries < count; tries++) {
            if (tryLock(index)) {
                return index;
            }
            index = index + 1 & count - 1;
        }
        lock(index);
        return index;
    }
}
