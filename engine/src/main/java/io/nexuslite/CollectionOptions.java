package io.nexuslite;

import java.time.Duration;
import java.util.Optional;

/**
 * How a collection is created. Immutable.
 *
 * @param timeToLiveOrNull see {@link #timeToLive}
 */
public record CollectionOptions(Duration timeToLiveOrNull) {
    private static final CollectionOptions DEFAULTS = new CollectionOptions(null);

    /** Checks that a time to live is at least one millisecond. */
    public CollectionOptions {
        if (timeToLiveOrNull != null && timeToLiveOrNull.toMillis() < 1) {
            throw new IllegalArgumentException("Time to live must be at least 1 ms, found " + timeToLiveOrNull);
        }
    }

    /** Options of a collection that is created by its first insert. */
    public static CollectionOptions defaults() {
        return DEFAULTS;
    }

    /** These options, and documents inserted without an expiry of their own expire after this time. */
    public CollectionOptions withTimeToLive(Duration timeToLive) {
        return new CollectionOptions(timeToLive);
    }

    /** After what time a document expires that was inserted without an expiry of its own; empty for never. */
    public Optional<Duration> timeToLive() {
        return Optional.ofNullable(timeToLiveOrNull);
    }
}
