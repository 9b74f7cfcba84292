package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import java.time.Duration;

/** How documents are counted. Immutable. */
public final class CountOptions {
    private static final CountOptions DEFAULTS = new CountOptions(0, 0, null, null);

    private final int skip;
    private final int limit;
    private final Duration maxTime;
    private final Cancellation cancellation;

    private CountOptions(int skip, int limit, Duration maxTime, Cancellation cancellation) {
        this.skip = skip;
        this.limit = limit;
        this.maxTime = maxTime;
        this.cancellation = cancellation;
    }

    /** All that match, however long it takes. */
    public static CountOptions defaults() {
        return DEFAULTS;
    }

    /** These options, and so many are left out at the beginning, from 0 on. */
    public CountOptions withSkip(int newSkip) {
        return new CountOptions(newSkip, limit, maxTime, cancellation);
    }

    /** These options, and counting ends there, from 1 on; 0 for never. */
    public CountOptions withLimit(int newLimit) {
        return new CountOptions(skip, newLimit, maxTime, cancellation);
    }

    /** These options, and how long it may take; {@link DeadlineExceededException} after that. */
    public CountOptions withMaxTime(Duration newMaxTime) {
        return new CountOptions(skip, limit, Guard.checked(newMaxTime), cancellation);
    }

    /** These options, and another thread may end it; {@link DeadlineExceededException} then. */
    public CountOptions withCancellation(Cancellation newCancellation) {
        return new CountOptions(skip, limit, maxTime, newCancellation);
    }

    <T> FindQuery<T> describe(FindQuery<T> query) {
        return query.skip(skip).limit(limit).maxTime(maxTime).cancellation(cancellation);
    }
}
