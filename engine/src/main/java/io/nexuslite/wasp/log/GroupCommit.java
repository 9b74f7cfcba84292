package io.nexuslite.wasp.log;

import java.util.concurrent.locks.LockSupport;

/**
 * Turns filled frames into durable ones: one thread at a time holds the baton and writes for all, the others wait.
 *
 * <p><b>State.</b> {@link Horizons}, {@link FilledPrefix}, {@link GroupBaton}, the mode.
 * <p><b>Invariants.</b> (I6) R ≥ c only when all records up to c are stamped. (I7) H ≥ c only when all up to c are on disk.
 * <p><b>Ordering.</b> In SYNC the leader raises R, then sets W and H (volatile): told "done", a writer finds his own write. Else R follows F.
 * <p><b>Progress.</b> A leader waits for the disk only. If the next number is claimed and not filled, its waiters look again every 50 µs.
 * <p><b>Failure.</b> Whatever a leader throws poisons; all waiters get the cause. A commit that was claimed and not acknowledged by then
 * has an unknown outcome.
 */
final class GroupCommit {
    private static final long HOLE_NANOS = 50_000;

    private final Horizons horizons;
    private final FilledPrefix prefix;
    private final LogRing ring;
    private final LogWriter writer;
    private final Poison poison;
    private final LogLie lie;
    private final GroupBaton baton;
    private volatile LogDurability durability;

    GroupCommit(Horizons horizons, FilledPrefix prefix, LogRing ring, LogWriter writer, Poison poison,
            LogDurability durability,
            LogLie lie) {
        this.horizons = horizons;
        this.prefix = prefix;
        baton = new GroupBaton(horizons, poison);
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
        prefix.advance(durability != LogDurability.SYNC);
    }

    /** The baton: held by whoever calls {@link #lead} or the writer. */
    GroupBaton baton() {
        return baton;
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
            while (!baton.isReached(csn, durable)) {
                if (poison.isSet()) {
                    if (baton.isReached(csn, durable)) {
                        return;
                    }
                    throw poison.exception(horizons.durableAcquire());
                }
                if (baton.tryTake()) {
                    boolean hole;
                    try {
                        hole = !lead(durable);
                    } finally {
                        baton.free();
                    }
                    if (hole && !baton.isReached(csn, durable)) {
                        LockSupport.parkNanos(this, HOLE_NANOS);
                    }
                } else {
                    baton.park(csn, durable);
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
