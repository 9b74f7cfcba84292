package io.nexuslite;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How a document is replaced. Immutable. What is not said stays: the replaced document's tags and expiry, and its instant of
 * creation in any case.
 */
public final class ReplaceOptions {
    private static final ReplaceOptions DEFAULTS = new ReplaceOptions(false, null, null, null, false);

    private final boolean upsert;
    private final List<String> tags;
    private final Instant expiry;
    private final Duration timeToLive;
    private final boolean persistent;

    private ReplaceOptions(boolean upsert, List<String> tags, Instant expiry, Duration timeToLive, boolean persistent) {
        this.upsert = upsert;
        this.tags = tags;
        this.expiry = expiry;
        this.timeToLive = timeToLive;
        this.persistent = persistent;
    }

    /** No insert where nothing matches; tags and expiry stay. */
    public static ReplaceOptions defaults() {
        return DEFAULTS;
    }

    /** These options, and the document is inserted if none matches. */
    public ReplaceOptions withUpsert(boolean newUpsert) {
        return new ReplaceOptions(newUpsert, tags, expiry, timeToLive, persistent);
    }

    /** These options with new tags; none takes them away. Limits as {@link InsertOptions#withTags}. */
    public ReplaceOptions withTags(String... newTags) {
        return new ReplaceOptions(upsert, DocumentTags.checked(List.of(newTags)), expiry, timeToLive, persistent);
    }

    /** These options, and the document expires at this instant. */
    public ReplaceOptions withExpiry(Instant newExpiry) {
        Expiry.checked(newExpiry);
        return new ReplaceOptions(upsert, tags, newExpiry, null, false);
    }

    /** These options, and the document expires this long after the replacement. */
    public ReplaceOptions withTimeToLive(Duration newTimeToLive) {
        Expiry.checked(newTimeToLive);
        return new ReplaceOptions(upsert, tags, null, newTimeToLive, false);
    }

    /** These options, and the document does not expire any more. */
    public ReplaceOptions withoutExpiry() {
        return new ReplaceOptions(upsert, tags, null, null, true);
    }

    boolean upsert() {
        return upsert;
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
