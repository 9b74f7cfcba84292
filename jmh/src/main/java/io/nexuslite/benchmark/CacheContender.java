package io.nexuslite.benchmark;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.nexuslite.cache.CacheOptions;
import io.nexuslite.cache.EvictionMode;
import io.nexuslite.cache.OffHeapCache;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A cache under measurement: keys are numbers, and each value holds its key in every word. One thread at a time uses a client. */
public interface CacheContender extends AutoCloseable {
    /** Bytes of a value. */
    int VALUE_LENGTH = 256;

    /** What an entry is taken to weigh beside key and value: header, rounding and index here, objects there. */
    int OVERHEAD = 64;

    /** Kinds, by the name of the parameter. */
    enum Kind {
        /** {@code OffHeapCache}, as it comes. */
        NEXUSLITE,
        /** {@code OffHeapCache} that admits by frequency. */
        NEXUSLITE_HYBRID,
        /** Caffeine on the heap, bounded by the same bytes. */
        CAFFEINE
    }

    /** A cache for that many entries of {@link #VALUE_LENGTH}. */
    static CacheContender open(Kind kind, int entries) {
        long bytes = (long) entries * (Long.BYTES + VALUE_LENGTH + OVERHEAD);
        return switch (kind) {
            case NEXUSLITE -> new OffHeap(bytes, EvictionMode.TTL_FIRST);
            case NEXUSLITE_HYBRID -> new OffHeap(bytes, EvictionMode.HYBRID);
            case CAFFEINE -> new OnHeap(bytes);
        };
    }

    /** A client for one thread. */
    Client client();

    @Override
    void close();

    /** What one thread does. */
    interface Client {
        /** The sum over the words of the value, or -1. */
        long get(long key);

        /** Puts the key's value. */
        void put(long key);
    }

    /** The sum that {@link Client#get} gives for a value that is there. */
    static long sumOf(long key) {
        return key * (VALUE_LENGTH / Long.BYTES);
    }

    /** Entries in native memory, copied out by each get. */
    final class OffHeap implements CacheContender {
        private final OffHeapCache cache;

        OffHeap(long bytes, EvictionMode mode) {
            cache = OffHeapCache.open(CacheOptions.ofCapacity(bytes).withMode(mode));
        }

        @Override
        public Client client() {
            MemorySegment memory = Arena.ofAuto().allocate(Long.BYTES + 2 * VALUE_LENGTH, Long.BYTES);
            return new Client() {
                @Override
                public long get(long key) {
                    memory.set(ValueLayout.JAVA_LONG, 0, key);
                    if (cache.get(memory, 0, Long.BYTES, memory, Long.BYTES, VALUE_LENGTH) < 0) {
                        return -1;
                    }
                    long sum = 0;
                    for (int at = 0; at < VALUE_LENGTH; at += Long.BYTES) {
                        sum += memory.get(ValueLayout.JAVA_LONG, Long.BYTES + at);
                    }
                    return sum;
                }

                @Override
                public void put(long key) {
                    memory.set(ValueLayout.JAVA_LONG, 0, key);
                    int value = Long.BYTES + VALUE_LENGTH;
                    for (int at = 0; at < VALUE_LENGTH; at += Long.BYTES) {
                        memory.set(ValueLayout.JAVA_LONG, value + at, key);
                    }
                    cache.put(memory, 0, Long.BYTES, memory, value, VALUE_LENGTH, 0, false);
                }
            };
        }

        @Override
        public void close() {
            cache.close();
        }
    }

    /** Entries as objects. */
    final class OnHeap implements CacheContender {
        private final Cache<Long, long[]> cache;

        OnHeap(long bytes) {
            cache = Caffeine.newBuilder().maximumWeight(bytes)
                    .<Long, long[]>weigher((key, value) -> Long.BYTES + value.length * Long.BYTES + OVERHEAD).build();
        }

        @Override
        public Client client() {
            return new Client() {
                @Override
                public long get(long key) {
                    long[] value = cache.getIfPresent(key);
                    if (value == null) {
                        return -1;
                    }
                    long sum = 0;
                    for (long word : value) {
                        sum += word;
                    }
                    return sum;
                }

                @Override
                public void put(long key) {
                    long[] value = new long[VALUE_LENGTH / Long.BYTES];
                    java.util.Arrays.fill(value, key);
                    cache.put(key, value);
                }
            };
        }

        @Override
        public void close() {
            cache.invalidateAll();
            cache.cleanUp();
        }
    }
}
