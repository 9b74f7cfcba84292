package io.nexuslite;

import java.time.Duration;
import java.util.Objects;

/**
 * What a write has survived when it returns. Chosen at opening for all writes of a database.
 *
 * @param mode what is promised
 * @param interval for {@link Mode#GROUP} the longest time that a commit stays unflushed, so what a power failure may take; zero
 *     otherwise
 */
public record Durability(Mode mode, Duration interval) {
    /** How far a commit has come when it returns. */
    public enum Mode {
        /** On disk: survives a power failure. */
        SYNC,
        /** In the operating system: survives the end of the process; a power failure takes at most the last interval. */
        GROUP,
        /** In memory: survives nothing but a clean close, until a timer or a checkpoint has written it. */
        NONE
    }

    /** Each write returns once it is on disk; concurrent writers share one flush. The default. */
    public static final Durability SYNC = new Durability(Mode.SYNC, Duration.ZERO);
    /** Writes return at once and are written later. */
    public static final Durability NONE = new Durability(Mode.NONE, Duration.ZERO);

    /** Checks that exactly {@link Mode#GROUP} has an interval. */
    public Durability {
        Objects.requireNonNull(mode, "mode");
        if ((mode == Mode.GROUP) != interval.isPositive()) {
            throw new IllegalArgumentException("A positive interval belongs to GROUP and to no other: " + mode + ", "
                    + interval);
        }
    }

    /** Writes return once the operating system has them, and are flushed at this interval. */
    public static Durability group(Duration interval) {
        return new Durability(Mode.GROUP, interval);
    }
}
