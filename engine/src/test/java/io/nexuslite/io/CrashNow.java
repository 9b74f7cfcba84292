package io.nexuslite.io;

/**
 * The process stops here. Thrown by a {@link CallListener} to make it so, and by every later call of the host, so that all
 * threads come to an end. An {@code Error}: nobody upstairs may take it for a failure to be handled.
 */
public final class CrashNow extends Error {
    private static final long serialVersionUID = 1L;

    /** What becomes of the call at which the process stops. */
    public enum Effect {
        /** Nothing. */
        NOT_APPLIED,
        /** It reached the cache; what it should have made durable is as unsure as any unsynced write. */
        IN_FLIGHT,
        /** All of it. */
        APPLIED
    }

    private final Effect effect;

    public CrashNow(Effect effect, String where) {
        super("Simulated end of the process: " + where + " (" + effect + ").");
        this.effect = effect;
    }

    public Effect effect() {
        return effect;
    }
}
