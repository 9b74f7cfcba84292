package io.nexuslite.cache;

/** What a full cache gives up. */
public enum EvictionMode {
    /** Expired entries first, then the one of a sample that was used longest ago. */
    TTL_FIRST,
    /** The one of a sample that was used longest ago; expiry hides an entry and does not rank it. */
    LRU_ONLY,
    /** Only expired entries; a put that finds none refuses. */
    TTL_ONLY,
    /**
     * As {@code TTL_FIRST}; and a full cache admits a new key only if it was used or put more often of late than the one that would go for it:
     * others are refused. A key that is there is never refused. What is read once does not drive out what is read often. A
     * 32nd of the capacity counts for it.
     */
    HYBRID
}
