package io.nexuslite.cache;

/** What a full cache gives up. */
public enum EvictionMode {
    /** Expired entries first, then the one of a sample that was used longest ago. */
    TTL_FIRST,
    /** The one of a sample that was used longest ago; expiry hides an entry and does not rank it. */
    LRU_ONLY,
    /** Only expired entries; a put that finds none refuses. */
    TTL_ONLY
}
