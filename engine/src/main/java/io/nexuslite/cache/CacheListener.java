package io.nexuslite.cache;

/** Told of each entry that left the cache; see {@link OffHeapCache#setListener}. */
@FunctionalInterface
public interface CacheListener {
    /**
     * Called after the entry left, by the thread whose call made it leave or by another one that uses the cache: for one key also out of
     * order. No lock is held; it may call the cache. What it throws is logged.
     *
     * @param key a copy, the listener's to keep
     * @param value a copy of the value that left
     */
    void removed(byte[] key, byte[] value, RemovalCause cause);
}
