package io.nexuslite.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Locks for a few dozen instructions, one word each, 128 bytes apart. Whoever holds one neither parks nor runs foreign code, so a
 * waiter spins, and yields now and then to a holder that the scheduler has stopped. Not reentrant.
 *
 * <p><b>Progress.</b> A holder is never unmounted: on a virtual thread nothing in here yields while a lock is held. It would come back behind the
 * waiters, or never: a carrier that has two of its own virtual threads to turn to, each yielding to the other as it spins, looks for
 * no third, and once each carrier is busy so, nobody lets go of the lock that all of them spin for. So who holds one lock and waits for a
 * second calls {@link #lockInner}, which keeps the carrier; who holds none calls {@link #lock}. Locks are ordered, so
 * the holder of the last one waits for nothing, is on a carrier and is given time by the machine; then the one before it is, and so on.
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

    /** Takes a lock; spins until it is free. The caller holds no other spin lock. */
    public void lock(int index) {
        for (int round = 1; !tryLock(index); round++) {
            if (round % SPINS == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** As {@link #lock}, for a caller that holds another spin lock: a virtual thread stays on its carrier. */
    public void lockInner(int index) {
        for (int round = 1; !tryLock(index); round++) {
            if (round % SPINS == 0 && !Thread.currentThread().isVirtual()) {
                Thread.yield(); // of the machine, which comes back
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** Lets go of a lock that the caller holds. */
    public void unlock(int index) {
        WORDS.setRelease(words, index * WORDS_APART, 0L);
    }

    /** Takes whichever lock of a power of two of them is free, beginning with {@code wish}; returns its index. The caller holds no other. */
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
