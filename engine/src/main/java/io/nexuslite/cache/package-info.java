/**
 * A cache of keys and values in native memory, usable without a database.
 *
 * <p>Read {@link io.nexuslite.cache.OffHeapCache} first, then {@code CacheIndex}, whose class comment tells the protocol, {@code CacheCore}
 * (what get and put do with it) and {@code Evictor}.
 *
 * <p>May use {@code io.nexuslite.memory}, {@code .bson}, {@code .io} (clocks) and {@code .error}.
 *
 * <p>Locks: a bucket of the index, spun for, under which nobody parks, allocates, retires or takes a second bucket; the guards of growth,
 * eviction and sweeping are only ever tried. No lock is held while one of them is tried.
 *
 * <p>Invariants: (I16) each cell is retired exactly once, by who took its word out of the index under the bucket's lock; (I17) at rest the
 * cache is not over its capacity; (I1, of {@code Epochs}) a cell found inside a pin stays until the unpin.
 */
package io.nexuslite.cache;
