package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import java.time.Duration;

/** How different values are told. Immutable. */
public final class DistinctOptions {
    private static final DistinctOptions DEFAULTS = new DistinctOptions(null, null);

    private final Duration maxTime;
    private final Cancellation cancellation;

    private DistinctOptions(Duration maxTime, Cancellation cancellation) {
        this.maxTime = maxTime;
        this.cancellation = cancellation;
    }

    /** However long it takes. */
    public static DistinctOptions defaults() {
        return DEFAULTS;
    }

    /** These options, and how long it may take; {@link DeadlineExceededException} after that. */
    public DistinctOptions withMaxTime(Duration newMaxTime) {
        return new DistinctOptions(Guard.checked(newMaxTime), cancellation);
    }

    /** These options, and another thread may end it; {@link DeadlineExceededException} then. */
    public DistinctOptions withCancellation(Cancellation newCancellation) {
        return new DistinctOptions(maxTime, newCancellation);
    }

    <T> FindQuery<T> describe(FindQuery<T> query) {
        return query.maxTime(maxTime).cancellation(cancellation);
    }
}
