package io.nexuslite.cache;

import io.nexuslite.cache.KeyLocks.Key;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * An {@link OffHeapCache} as a map of objects, by codecs. Entries may leave it at any time, as the cache's settings have it; a value that
 * the cache refuses is as one that left at once, and takes the key's old value with it.
 *
 * <p>All methods may be called by any thread. What is done to one key through the maps of one cache is done one after the other: so
 * {@link #computeIfAbsent} loads a key once for all who ask for it at the same time, while lookups of values that are there wait for nobody. Functions run without
 * any lock of the cache but their key's; one that uses its own key gets an {@link IllegalStateException}. Writes that go to the cache past its
 * maps are not held up by a function that runs; of a load, what was put meanwhile stays.
 *
 * <p>Keys and values are never null. Iterators are weakly consistent: each key that stays is met once. Equality of values is that
 * of their bytes.
 *
 * @param <K> of keys
 * @param <V> of values
 */
public final class CacheMap<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V> {
    private final OffHeapCache cache;
    private final CacheCodec<K> keys;
    private final CacheCodec<V> values;
    private final long ttlMillis;
    private final boolean sliding;

    CacheMap(OffHeapCache cache, CacheCodec<K> keys, CacheCodec<V> values, long ttlMillis, boolean sliding) {
        this.cache = cache;
        this.keys = Objects.requireNonNull(keys, "keys");
        this.values = Objects.requireNonNull(values, "values");
        this.ttlMillis = ttlMillis;
        this.sliding = sliding;
    }

    /** The cache under it. */
    public OffHeapCache cache() {
        return cache;
    }

    @Override
    @SuppressWarnings("unchecked") // as any map of K: who asks with another class gets a ClassCastException
    public V get(Object key) {
        return lookUp(keys.encode((K) key));
    }

    @Override
    @SuppressWarnings("unchecked")
    public boolean containsKey(Object key) {
        return cache.contains(keys.encode((K) key));
    }

    /** Returns the value before, or {@code null}. */
    @Override
    public V put(K key, V value) {
        return change(keys.encode(key), (bytes, old) -> {
            store(bytes, values.encode(value));
            return old;
        });
    }

    @Override
    public V putIfAbsent(K key, V value) {
        return change(keys.encode(key), (bytes, old) -> {
            if (old == null) {
                store(bytes, values.encode(value));
            }
            return old;
        });
    }

    @Override
    @SuppressWarnings("unchecked")
    public V remove(Object key) {
        return change(keys.encode((K) key), (bytes, old) -> {
            cache.remove(bytes);
            return old;
        });
    }

    @Override
    @SuppressWarnings("unchecked")
    public boolean remove(Object key, Object value) {
        byte[] expected = values.encode((V) value);
        return inLock(keys.encode((K) key), bytes -> Arrays.equals(expected, cache.get(bytes)) && cache.remove(bytes));
    }

    @Override
    public boolean replace(K key, V oldValue, V newValue) {
        byte[] expected = values.encode(oldValue);
        byte[] next = values.encode(newValue);
        return inLock(keys.encode(key), bytes -> {
            boolean same = Arrays.equals(expected, cache.get(bytes));
            if (same) {
                store(bytes, next);
            }
            return same;
        });
    }

    @Override
    public V replace(K key, V value) {
        return change(keys.encode(key), (bytes, old) -> {
            if (old != null) {
                store(bytes, values.encode(value));
            }
            return old;
        });
    }

    /**
     * The value of a key; loaded if there is none, by one thread at a time for one key.
     *
     * @param loader may return {@code null}, and then nothing is stored; what it throws comes out of here
     */
    @Override
    public V computeIfAbsent(K key, Function<? super K, ? extends V> loader) {
        byte[] encoded = keys.encode(key);
        V there = lookUp(encoded);
        return there != null ? there : change(encoded, (bytes, old) -> old != null ? old : load(key, bytes, loader));
    }

    private V load(K key, byte[] bytes, Function<? super K, ? extends V> loader) {
        long start = cache.core().nanoTime();
        V loaded = null;
        try {
            loaded = loader.apply(key);
        } finally {
            cache.core().loaded(start, loaded != null);
        }
        if (loaded != null
                && cache.putIfAbsent(bytes, values.encode(loaded), ttlMillis, sliding) == PutResult.PRESENT) {
            V meanwhile = lookUp(bytes);
            return meanwhile == null ? loaded : meanwhile;
        }
        return loaded;
    }

    @Override
    public V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends V> function) {
        return change(keys.encode(key),
                (bytes, old) -> old == null ? null : storeOrRemove(bytes, old, function.apply(key, old)));
    }

    @Override
    public V compute(K key, BiFunction<? super K, ? super V, ? extends V> function) {
        return change(keys.encode(key), (bytes, old) -> storeOrRemove(bytes, old, function.apply(key, old)));
    }

    @Override
    public V merge(K key, V value, BiFunction<? super V, ? super V, ? extends V> function) {
        Objects.requireNonNull(value, "value");
        return change(keys.encode(key),
                (bytes, old) -> storeOrRemove(bytes, old, old == null ? value : function.apply(old, value)));
    }

    private V storeOrRemove(byte[] key, V old, V value) {
        if (value != null) {
            store(key, values.encode(value));
        } else if (old != null) {
            cache.remove(key);
        }
        return value;
    }

    /** Live entries and expired ones that were not taken out yet, at most {@link Integer#MAX_VALUE}. */
    @Override
    public int size() {
        return (int) Math.min(cache.size(), Integer.MAX_VALUE);
    }

    @Override
    public void clear() {
        cache.clear();
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new Entries();
    }

    private V lookUp(byte[] key) {
        byte[] value = cache.get(key);
        return value == null ? null : values.decode(value);
    }

    private void store(byte[] key, byte[] value) {
        if (cache.put(key, value, ttlMillis, sliding) == PutResult.REFUSED) {
            cache.remove(key); // rather nothing than what was there before
        }
    }

    private V change(byte[] key, BiFunction<byte[], V, V> work) {
        return inLock(key, bytes -> work.apply(bytes, lookUp(bytes)));
    }

    private <R> R inLock(byte[] key, Function<byte[], R> work) {
        KeyLocks.Lock lock = cache.keyLocks().lock(key);
        boolean held = cache.core().events().hold();
        try {
            return work.apply(key);
        } finally {
            cache.keyLocks().unlock(lock);
            if (held) {
                cache.core().events().release();
            }
        }
    }

    private final class Entries extends AbstractSet<Entry<K, V>> {
        @Override
        public Iterator<Entry<K, V>> iterator() {
            return new EntryIterator();
        }

        @Override
        public int size() {
            return CacheMap.this.size();
        }

        @Override
        public boolean isEmpty() {
            return CacheMap.this.isEmpty();
        }

        @Override
        public void clear() {
            CacheMap.this.clear();
        }
    }

    /** Keys of one group of buckets at a time; a group's splits stay in the group. */
    private final class EntryIterator implements Iterator<Entry<K, V>> {
        private final int starts = Integer.highestOneBit(cache.core().index().bucketCountAcquire());
        private int start;
        private Iterator<Key> group = Set.<Key>of().iterator();
        private Entry<K, V> next;
        private byte[] lastKey;

        @Override
        public boolean hasNext() {
            while (next == null) {
                if (group.hasNext()) {
                    byte[] key = group.next().bytes();
                    byte[] value = cache.peek(key);
                    next = value == null ? null : new CacheEntry(key, values.decode(value));
                } else if (start < starts) {
                    Set<Key> found = new LinkedHashSet<>();
                    cache.copyKeys(start++, starts, found);
                    group = found.iterator();
                } else {
                    return false;
                }
            }
            return true;
        }

        @Override
        public Entry<K, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Entry<K, V> result = next;
            next = null;
            lastKey = ((CacheEntry) result).bytes;
            return result;
        }

        @Override
        public void remove() {
            if (lastKey == null) {
                throw new IllegalStateException("next() was not called, or its entry was removed already");
            }
            inLock(lastKey, cache::remove);
            lastKey = null;
        }
    }

    private final class CacheEntry extends AbstractMap.SimpleEntry<K, V> {
        private static final long serialVersionUID = 1;
        private final transient byte[] bytes;

        CacheEntry(byte[] bytes, V value) {
            super(keys.decode(bytes), value);
            this.bytes = bytes;
        }

        @Override
        public V setValue(V value) {
            CacheMap.this.put(getKey(), value);
            return super.setValue(value);
        }
    }
}
