package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;

/**
 * A wish to end operations before they are done: whoever started them with it gets a {@link DeadlineExceededException}, and what
 * they had not committed has no effect. Any thread.
 */
public final class Cancellation {
    private volatile boolean isCancelled;

    /** One that nobody has wished yet. */
    public Cancellation() {
    }

    /** Wishes it, for ever. Operations notice soon, not at once. */
    public void cancel() {
        isCancelled = true;
    }

    public boolean isCancelled() {
        return isCancelled;
    }
}
