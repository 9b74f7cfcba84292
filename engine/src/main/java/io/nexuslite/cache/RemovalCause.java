package io.nexuslite.cache;

/** Why an entry left the cache, or its value did. */
public enum RemovalCause {
    /** {@code remove} or {@code clear} took it out. */
    REMOVED,
    /** A put gave the key another value. */
    REPLACED,
    /** It had expired, and was found so by a lookup, a put, a sweep or the evictor. */
    EXPIRED,
    /** It went for room. */
    EVICTED
}
