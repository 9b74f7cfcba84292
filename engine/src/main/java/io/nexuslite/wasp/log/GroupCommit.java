package io.nexuslite.wasp.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Turns filled frames into durable ones: one thread at a time holds the baton and writes for all, the others wait.
 *
 * <p><b>State.</b> {@code baton}: 0 free, 1 held. {@link Horizons}, {@link LogRing}'s marks, {@link WaiterQueue}.
 * <p><b>Invariants.</b> (I6) R ≥ c only when all records up to c are stamped. (I7) H ≥ c only when all up to c are on disk. Nobody
 * who waits is forgotten: whoever frees the baton wakes one who still waits, and whoever enqueues looks again.
 * <p><b>Ordering.</b> In SYNC the leader raises R, then sets W and H (volatile): told "done", a writer finds his own write. The baton is taken
 * by {@code cas}, freed by a volatile store and a full fence, before the queue is read; the queue is entered, then a full fence, before
 * horizon, baton and poison are read: one of the two sees the other. The next leader is woken first, so that it writes while the others wake.
 * <p><b>Progress.</b> A leader waits for the disk only. If the next number is claimed and not filled, its waiters look again every 50 µs.
 * <p><b>Failure.</b> Whatever a leader throws poisons; all waiters get the cause. A commit that was claimed and not acknowledged by then
 * has an unknown outcome.
 * <p><b>Proof.</b> {@code io.nexuslite.stress.FilledPrefixStress}, {@code GroupBatonStress}.
 */
final class GroupCommit {
    private static final VarHandle BATON;
    private static final long HOLE_NANOS = 50_000;

    static {
        try {
            BATON = MethodHandles.lookup().findVarHandle(GroupCommit.class, "baton", int.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Horizons horizons;
    private final LogRing ring;
    private final LogWriter writer;
    private final Poison poison;
    private final LogLie lie;
    private final WaiterQueue queue = new WaiterQueue();
    private volatile LogDurability durability;
    @SuppressWarnings("unused") // by BATON
    private int baton;

    GroupCommit(Horizons horizons, LogRing ring, LogWriter writer, Poison poison, LogDurability durability,
            LogLie lie) {
        this.horizons = horizons;
        this.ring = ring;
        this.writer = writer;
        this.poison = poison;
        this.durability = durability;
        this.lie = lie;
    }

    LogDurability durability() {
        return durability;
    }

    /** Changes the mode. The gate of the sequencer is closed, and all four horizons are equal. */
    void setDurability(LogDurability newDurability) {
        durability = newDurability;
    }

    /** Moves F over all numbers that are marked; where readers follow F, R too. */
    void advanceFilled() {
        boolean readersFollow = durability != LogDurability.SYNC;
        while (true) {
            long filled = horizons.filledAcquire();
            if (!ring.isMarkedAcquire(filled + 1)) {
                return;
            }
            if (horizons.casFilled(filled) && readersFollow) {
                horizons.raiseRead(filled + 1);
            }
        }
    }

    /** Waits until a commit is done in the sense of the mode. */
    void awaitDone(long csn) {
        switch (durability) {
            case SYNC -> await(csn, true);
            case GROUP -> await(csn, false);
            case NONE -> awaitVisible(csn);
        }
    }

    /**
     * Waits until a commit is on disk ({@code durable}), or in the kernel; leads if nobody does.
     *
     * @throws io.nexuslite.error.PoisonedException if that can no more be found out
     */
    void await(long csn, boolean durable) {
        boolean interrupted = false;
        try {
            while (!isReached(csn, durable)) {
                if (poison.isSet()) {
                    if (isReached(csn, durable)) {
                        return;
                    }
                    throw poison.exception(horizons.durableAcquire());
                }
                if (tryBaton()) {
                    boolean hole;
                    try {
                        hole = !lead(durable);
                    } finally {
                        freeBaton();
                    }
                    if (hole && !isReached(csn, durable)) {
                        LockSupport.parkNanos(this, HOLE_NANOS);
                    }
                } else {
                    parkUnless(csn, durable);
                }
                interrupted |= Thread.interrupted(); // else the next park would not wait
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for readers to see a commit whose neighbours before it are being filled. */
    private void awaitVisible(long csn) {
        boolean interrupted = false;
        while (horizons.readAcquire() < csn) {
            advanceFilled();
            if (horizons.readAcquire() < csn) {
                if (poison.isSet()) {
                    throw poison.exception(horizons.durableAcquire());
                }
                LockSupport.parkNanos(this, HOLE_NANOS);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isReached(long csn, boolean durable) {
        return (durable ? horizons.durableAcquire() : horizons.kernelAcquire()) >= csn;
    }

    private void parkUnless(long csn, boolean durable) {
        WaiterQueue.Waiter waiter = queue.add(csn, durable);
        VarHandle.fullFence();
        if (!isReached(csn, durable) && (int) BATON.getVolatile(this) != 0 && !poison.isSet()) {
            LockSupport.park(this);
        }
        queue.leave(waiter);
    }

    // ---- the baton

    boolean tryBaton() {
        return (int) BATON.getOpaque(this) == 0 && BATON.compareAndSet(this, 0, 1);
    }

    /** Waits for the baton, also when poisoned: who holds it decides what to do then. */
    void takeBaton() {
        boolean interrupted = false;
        while (!tryBaton()) {
            WaiterQueue.Waiter waiter = queue.add(Long.MAX_VALUE, true);
            VarHandle.fullFence();
            if ((int) BATON.getVolatile(this) != 0) {
                LockSupport.park(this);
            }
            queue.leave(waiter);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void freeBaton() {
        BATON.setVolatile(this, 0);
        VarHandle.fullFence();
        if (poison.isSet()) {
            queue.wakeAll();
        } else {
            queue.wake(horizons.kernelAcquire(), horizons.durableAcquire());
        }
    }

    /** Wakes everybody after the poison was set by another than a leader. */
    void wakeAll() {
        queue.wakeAll();
    }

    /**
     * With the baton: writes what is filled, and flushes if {@code durable}; moves the horizons. What goes wrong poisons.
     *
     * @return whether anything was written or flushed
     */
    boolean lead(boolean durable) {
        advanceFilled();
        long filled = horizons.filledAcquire();
        boolean something = filled > ring.releasedCsn()
                || durable && (writer.hasUnflushed() || filled > horizons.durableAcquire());
        if (!something || poison.isSet()) {
            return false;
        }
        try {
            if (lie == LogLie.ACKNOWLEDGE_BEFORE_FLUSH) {
                writer.write(filled);
                publish(filled, true);
            }
            if (durable) {
                writer.writeAndFlush(filled);
            } else {
                writer.write(filled);
            }
        } catch (Throwable failure) {
            poison.set(failure);
            return true;
        }
        publish(filled, durable);
        return true;
    }

    private void publish(long filled, boolean durable) {
        if (durable) {
            if (durability == LogDurability.SYNC) {
                horizons.raiseRead(filled); // before H: who is told "done" finds his own write
            }
            horizons.putKernelVolatile(Math.max(filled, horizons.kernelAcquire()));
            horizons.putDurableVolatile(Math.max(filled, horizons.durableAcquire()));
        } else if (durability != LogDurability.SYNC) {
            horizons.putKernelVolatile(filled);
        }
    }
}
