package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How a document is replaced. Immutable. What is not said stays: the replaced document's tags and expiry, and its instant of
 * creation in any case.
 */
public final class ReplaceOptions {
    private static final ReplaceOptions DEFAULTS = new ReplaceOptions(false, null, null, null, false, null, null);

    private final boolean upsert;
    private final List<String> tags;
    private final Instant expiry;
    private final Duration timeToLive;
    private final boolean persistent;
    private final Duration maxTime;
    private final Cancellation cancellation;

    private ReplaceOptions(boolean upsert, List<String> tags, Instant expiry, Duration timeToLive, boolean persistent,
            Duration maxTime, Cancellation cancellation) {
        this.upsert = upsert;
        this.tags = tags;
        this.expiry = expiry;
        this.timeToLive = timeToLive;
        this.persistent = persistent;
        this.maxTime = maxTime;
        this.cancellation = cancellation;
    }

    /** No insert where nothing matches; tags and expiry stay. */
    public static ReplaceOptions defaults() {
        return DEFAULTS;
    }

    /** These options, and the document is inserted if none matches. */
    public ReplaceOptions withUpsert(boolean newUpsert) {
        return new ReplaceOptions(newUpsert, tags, expiry, timeToLive, persistent, maxTime, cancellation);
    }

    /** These options with new tags; none takes them away. Limits as {@link InsertOptions#withTags}. */
    public ReplaceOptions withTags(String... newTags) {
        return new ReplaceOptions(upsert, DocumentTags.checked(List.of(newTags)), expiry, timeToLive, persistent,
                maxTime, cancellation);
    }

    /** These options, and the document expires at this instant. */
    public ReplaceOptions withExpiry(Instant newExpiry) {
        Expiry.checked(newExpiry);
        return new ReplaceOptions(upsert, tags, newExpiry, null, false, maxTime, cancellation);
    }

    /** These options, and the document expires this long after the replacement. */
    public ReplaceOptions withTimeToLive(Duration newTimeToLive) {
        Expiry.checked(newTimeToLive);
        return new ReplaceOptions(upsert, tags, null, newTimeToLive, false, maxTime, cancellation);
    }

    /** These options, and the document does not expire any more. */
    public ReplaceOptions withoutExpiry() {
        return new ReplaceOptions(upsert, tags, null, null, true, maxTime, cancellation);
    }

    /** These options, and how long it may take; {@link DeadlineExceededException} after that, and nothing was changed. */
    public ReplaceOptions withMaxTime(Duration newMaxTime) {
        return new ReplaceOptions(upsert, tags, expiry, timeToLive, persistent, Guard.checked(newMaxTime),
                cancellation);
    }

    /** These options, and another thread may end it; {@link DeadlineExceededException} then, and nothing was changed. */
    public ReplaceOptions withCancellation(Cancellation newCancellation) {
        return new ReplaceOptions(upsert, tags, expiry, timeToLive, persistent, maxTime, newCancellation);
    }

    boolean upsert() {
        return upsert;
    }

    Guard guard(DatabaseCore core) {
        return new Guard(core, maxTime, cancellation);
    }

    /** The new tags, or {@code null} for those of the replaced document. */
    List<String> tagsOrNull() {
        return tags;
    }

    /** Expiry in milliseconds since 1970 UTC or {@link Expiry#NONE}; {@code old} is that of the replaced document. */
    long expiryMillis(long nowMillis, long old) {
        if (persistent) {
            return Expiry.NONE;
        }
        return expiry == null && timeToLive == null ? old : Expiry.millis(expiry, timeToLive, nowMillis);
    }

    /** The same for the insert of an upsert. */
    InsertOptions forInsert() {
        InsertOptions insert = InsertOptions.defaults();
        if (tags != null) {
            insert = insert.withTags(tags.toArray(String[]::new));
        }
        if (expiry != null) {
            return insert.withExpiry(expiry);
        }
        return timeToLive != null ? insert.withTimeToLive(timeToLive) : insert;
    }
}
