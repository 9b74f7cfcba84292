package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import io.nexuslite.query.StepCheck;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Ends one operation by an exception when its time is over or it is cancelled. One thread at a time. */
final class Guard implements StepCheck {
    private static final int STEPS_BETWEEN_CLOCKS = 128;
    private static final long NO_DEADLINE = Long.MAX_VALUE;

    private final DatabaseCore core;
    private final Cancellation cancellation;
    private final long startNanos;
    private final long maxNanos;
    private int steps;

    /** The time runs from now on; either may be {@code null} for none. */
    Guard(DatabaseCore core, Duration maxTime, Cancellation cancellation) {
        this.core = core;
        this.cancellation = cancellation;
        this.startNanos = maxTime == null ? 0 : core.host().nanoTime();
        this.maxNanos = maxTime == null ? NO_DEADLINE : TimeUnit.NANOSECONDS.convert(maxTime);
    }

    @Override
    public void step() {
        if (steps++ % STEPS_BETWEEN_CLOCKS == 0) {
            check();
        }
    }

    /** Looks at once. */
    void check() {
        if (cancellation != null && cancellation.isCancelled()) {
            throw new DeadlineExceededException("the operation was cancelled");
        }
        if (maxNanos != NO_DEADLINE && core.host().nanoTime() - startNanos >= maxNanos) {
            throw new DeadlineExceededException("the operation ran longer than " + maxNanos / 1_000_000 + " ms");
        }
    }

    /** Refuses a duration that is not positive; {@code null} means none. */
    static Duration checked(Duration maxTime) {
        if (maxTime != null && !maxTime.isPositive()) {
            throw new IllegalArgumentException("maxTime must be positive, found " + maxTime);
        }
        return maxTime;
    }
}
