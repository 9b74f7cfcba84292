package io.nexuslite.wasp.log;

import io.nexuslite.error.PoisonedException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The first failure after which nothing may be written any more; shared by log, pages and manifest of one opening. Set once by
 * {@code cas}, read with acquire, never cleared.
 */
public final class Poison {
    private static final VarHandle CAUSE;

    static {
        try {
            CAUSE = MethodHandles.lookup().findVarHandle(Poison.class, "cause", Throwable.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // by CAUSE
    private Throwable cause;

    /** Poisons; a later failure than the first changes nothing. Returns whether it was the first. */
    public boolean set(Throwable failure) {
        return CAUSE.compareAndSet(this, (Throwable) null, failure);
    }

    public boolean isSet() {
        return causeAcquire() != null;
    }

    /** The first failure, or {@code null}. */
    public Throwable causeAcquire() {
        return (Throwable) CAUSE.getAcquire(this);
    }

    /** Throws if poisoned; {@code durableHorizon} is told to the caller. */
    public void check(long durableHorizon) {
        if (isSet()) {
            throw exception(durableHorizon);
        }
    }

    /** What a refused caller gets. Only when poisoned. */
    public PoisonedException exception(long durableHorizon) {
        return new PoisonedException(durableHorizon, causeAcquire());
    }
}
