package io.nexuslite;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is stored beside a document that is inserted. Immutable.
 *
 * <pre>{@code collection.insertOne(session, InsertOptions.defaults().withTimeToLive(Duration.ofMinutes(5)).withTags("login"));}</pre>
 */
public final class InsertOptions {
    private static final InsertOptions DEFAULTS = new InsertOptions(List.of(), null, null);

    private final List<String> tags;
    private final Instant expiry;
    private final Duration timeToLive;

    private InsertOptions(List<String> tags, Instant expiry, Duration timeToLive) {
        this.tags = tags;
        this.expiry = expiry;
        this.timeToLive = timeToLive;
    }

    /** No tags, and the expiry that the collection's options give, usually none. */
    public static InsertOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with other tags.
     *
     * @throws IllegalArgumentException if there are more than 64, or one is empty or longer than 255 bytes of UTF-8
     */
    public InsertOptions withTags(String... newTags) {
        return new InsertOptions(DocumentTags.checked(List.of(newTags)), expiry, timeToLive);
    }

    /** These options, and the document expires at this instant; one that has passed makes it invisible at once. */
    public InsertOptions withExpiry(Instant newExpiry) {
        Expiry.checked(newExpiry);
        return new InsertOptions(tags, newExpiry, null);
    }

    /** These options, and the document expires this long after it was stored. */
    public InsertOptions withTimeToLive(Duration newTimeToLive) {
        Expiry.checked(newTimeToLive);
        return new InsertOptions(tags, null, newTimeToLive);
    }

    List<String> tags() {
        return tags;
    }

    /** Milliseconds since 1970 UTC at which the document expires if it is stored now, or {@link Expiry#NONE}. */
    long expiryMillis(long nowMillis, CollectionOptions collection) {
        return Expiry.millis(expiry, timeToLive != null ? timeToLive : collection.timeToLiveOrNull(), nowMillis);
    }
}
