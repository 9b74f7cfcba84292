package io.nexuslite.cache;

/**
 * Counts of a cache since it was opened, and what it holds: exact when nobody uses it, close to it otherwise.
 *
 * @param hits lookups that found a live entry
 * @param misses lookups that did not, those that found an expired one included
 * @param puts puts that were admitted or replaced
 * @param refused puts that were refused
 * @param refusedRare those of them that {@code HYBRID} found too rarely used
 * @param removed entries taken out by {@code remove} and {@code clear}
 * @param evictedLeastRecent live entries evicted for room
 * @param evictedExpired expired entries evicted for room
 * @param expired expired entries taken out by sweeps, purges, lookups and puts
 * @param entries entries in the cache, expired ones that were not taken out yet included
 * @param payloadBytes bytes of their keys and values
 * @param usedBytes bytes of their cells, of the index and of the frequency sketch: what the capacity is held against
 * @param retiredBytes bytes of cells that are out of the cache, and not yet free for use
 * @param reservedBytes bytes of native memory; the difference to {@code usedBytes + retiredBytes} is free for new entries
 * @param capacityBytes most bytes that the cache may reserve
 * @param capacityEntries most entries at rest
 */
public record CacheStatistics(long hits, long misses, long puts, long refused,
        long refusedRare, long removed, long evictedLeastRecent,
        long evictedExpired, long expired, long entries, long payloadBytes, long usedBytes, long retiredBytes,
        long reservedBytes, long capacityBytes, long capacityEntries) {

    /** Bytes reserved and not filled by keys and values: headers, rounding, index, free cells. */
    public long slackBytes() {
        return reservedBytes - payloadBytes;
    }
}
