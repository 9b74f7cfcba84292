package io.nexuslite.wasp.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Who may write the log, and who waits for that or for a horizon.
 *
 * <p><b>State.</b> {@code baton}: 0 free, 1 held. {@link WaiterQueue}. W and H of {@link Horizons}, {@link Poison}.
 * <p><b>Invariant.</b> Nobody sleeps who could go on: whoever frees the baton wakes all whose horizon has come, and one more, who leads next.
 * <p><b>Ordering.</b> The leader sets horizons or poison, frees the baton by a volatile store, makes a full fence, and reads the queue. A waiter
 * enters the queue, makes a full fence, and reads horizon, baton and poison before he parks. One of the two sees the other.
 * <p><b>Progress.</b> The next leader is woken first, so that he writes while the others wake.
 * <p><b>Proof.</b> {@code GroupBatonStress}.
 */
final class GroupBaton {
    private static final VarHandle BATON;

    static {
        try {
            BATON = MethodHandles.lookup().findVarHandle(GroupBaton.class, "baton", int.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Horizons horizons;
    private final Poison poison;
    private final WaiterQueue queue = new WaiterQueue();
    @SuppressWarnings("unused") // by BATON
    private int baton;

    GroupBaton(Horizons horizons, Poison poison) {
        this.horizons = horizons;
        this.poison = poison;
    }

    boolean tryTake() {
        return (int) BATON.getOpaque(this) == 0 && BATON.compareAndSet(this, 0, 1);
    }

    /** Waits for the baton, also when poisoned: who holds it decides what to do then. */
    void take() {
        boolean interrupted = false;
        while (!tryTake()) {
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

    /** Frees the baton and wakes; returns how many. */
    int free() {
        BATON.setVolatile(this, 0);
        VarHandle.fullFence();
        return poison.isSet() ? queue.wakeAll() : queue.wake(horizons.kernelAcquire(), horizons.durableAcquire());
    }

    /** Wakes everybody, after the poison was set by another than a leader. */
    void wakeAll() {
        queue.wakeAll();
    }

    /** Parks the caller, unless he can go on: his horizon has come, the baton is free, or the log is poisoned. May return early. */
    void park(long csn, boolean durable) {
        WaiterQueue.Waiter waiter = enter(csn, durable);
        if (mustWait(csn, durable)) {
            LockSupport.park(this);
        }
        queue.leave(waiter);
    }

    /** First half of {@link #park}: whoever frees the baton from now on finds the caller. */
    WaiterQueue.Waiter enter(long csn, boolean durable) {
        WaiterQueue.Waiter waiter = queue.add(csn, durable);
        VarHandle.fullFence();
        return waiter;
    }

    /** Second look of one who has entered. */
    boolean mustWait(long csn, boolean durable) {
        return !isReached(csn, durable) && (int) BATON.getVolatile(this) != 0 && !poison.isSet();
    }

    boolean isReached(long csn, boolean durable) {
        return (durable ? horizons.durableAcquire() : horizons.kernelAcquire()) >= csn;
    }
}
