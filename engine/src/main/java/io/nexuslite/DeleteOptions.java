package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import java.time.Duration;

/** How documents are deleted. Immutable. */
public final class DeleteOptions {
    private static final DeleteOptions DEFAULTS = new DeleteOptions(null, null);

    private final Duration maxTime;
    private final Cancellation cancellation;

    private DeleteOptions(Duration maxTime, Cancellation cancellation) {
        this.maxTime = maxTime;
        this.cancellation = cancellation;
    }

    /** However long it takes. */
    public static DeleteOptions defaults() {
        return DEFAULTS;
    }

    /** These options, and how long it may take; {@link DeadlineExceededException} after that, and nothing was deleted. */
    public DeleteOptions withMaxTime(Duration newMaxTime) {
        return new DeleteOptions(Guard.checked(newMaxTime), cancellation);
    }

    /** These options, and another thread may end it; {@link DeadlineExceededException} then, and nothing was deleted. */
    public DeleteOptions withCancellation(Cancellation newCancellation) {
        return new DeleteOptions(maxTime, newCancellation);
    }

    Guard guard(DatabaseCore core) {
        return new Guard(core, maxTime, cancellation);
    }
}
