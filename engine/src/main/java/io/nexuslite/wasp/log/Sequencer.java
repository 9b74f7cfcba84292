package io.nexuslite.wasp.log;

import io.nexuslite.memory.SpinLocks;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Gives out commit numbers, and with each its place in the ring, in one step.
 *
 * <p><b>State.</b> Last number and next lsn under a spin lock; the number is also read without it, with acquire. {@code gate}: while it is closed
 * nothing is claimed.
 * <p><b>Invariants.</b> (I5) The order of numbers is the order of frames. A number is given only if its frames and its mark have room, since who
 * waits after a claim is the hole that he waits for.
 * <p><b>Progress.</b> The lock is held for a few loads and stores, with nothing in it that can fail.
 */
final class Sequencer {
    static final int CLAIMED = 0;
    /** The ring is full: what is filled must be written first. */
    static final int NO_ROOM = 1;
    /** Another number was given since the caller looked. */
    static final int MOVED = 2;
    static final int GATED = 3;
    static final int POISONED = 4;

    /** For a claim that does not mind others before it. */
    static final long ANY = -1;

    private static final VarHandle LAST_CSN;

    static {
        try {
            LAST_CSN = MethodHandles.lookup().findVarHandle(Sequencer.class, "lastCsn", long.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SpinLocks lock = new SpinLocks(1);
    private final LogRing ring;
    private final Poison poison;
    private long lastCsn;
    private long nextLsn; // guarded by lock
    private boolean gateClosed; // guarded by lock

    Sequencer(LogRing ring, Poison poison, long csn) {
        this.ring = ring;
        this.poison = poison;
        lastCsn = csn;
    }

    /** Last number given. */
    long lastCsnAcquire() {
        return (long) LAST_CSN.getAcquire(this);
    }

    /**
     * Claims for a transaction whose room in the file is reserved.
     *
     * @param expected the last number given, as the caller validated against it, or {@link #ANY}
     */
    int claim(TransactionFrames frames, boolean inRing, long expected) {
        int length = inRing ? frames.length() : 0;
        lock.lock(0);
        try {
            long csn = lastCsn + 1;
            if (expected != ANY && expected != lastCsn) {
                return MOVED;
            }
            if (poison.isSet()) {
                return POISONED;
            }
            if (gateClosed) {
                return GATED;
            }
            if (!ring.hasRoom(nextLsn, length, csn)) {
                return NO_ROOM;
            }
            ring.claimed(csn, Thread.currentThread().threadId());
            frames.claimed(csn, nextLsn);
            nextLsn += length;
            LAST_CSN.setRelease(this, csn);
            return CLAIMED;
        } finally {
            lock.unlock(0);
        }
    }

    void setGate(boolean closed) {
        lock.lock(0);
        gateClosed = closed;
        lock.unlock(0);
    }
}
