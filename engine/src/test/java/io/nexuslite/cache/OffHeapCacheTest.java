package io.nexuslite.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.TestAllocation;
import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OffHeapCacheTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final byte[] VALUE = {4, 5};
    private static final byte[] OTHER = {6, 7, 8};

    private final AtomicLong clock = new AtomicLong(1_000);
    private OffHeapCache cache = open(CacheOptions.ofCapacity(1 << 22));

    private OffHeapCache open(CacheOptions options) {
        return OffHeapCache.open(options.withClock(clock::get));
    }

    private void reopen(CacheOptions options) {
        cache.close();
        cache = open(options);
    }

    @AfterEach
    void closeCache() {
        Entries.assertEmptyAfterClear(cache);
        cache.close();
    }

    @Test
    void tellsWhatBecameOfAPut() {
        assertNull(cache.get(KEY));
        assertEquals(PutResult.ADMITTED, cache.put(KEY, VALUE));
        assertEquals(PutResult.REPLACED, cache.put(KEY, OTHER));
        assertEquals(PutResult.PRESENT, cache.putIfAbsent(KEY, VALUE));
        assertArrayEquals(OTHER, cache.get(KEY));
        assertEquals(1, cache.size());
        assertTrue(cache.remove(KEY));
        assertFalse(cache.remove(KEY));
        assertEquals(PutResult.ADMITTED, cache.putIfAbsent(KEY, VALUE));
        assertEquals(PutResult.REFUSED, cache.put(KEY, new byte[1 << 20]), "longer than an eighth of the capacity");
        assertArrayEquals(VALUE, cache.get(KEY), "a refused put changes nothing");
        CacheStatistics statistics = cache.statistics();
        assertEquals(3, statistics.puts());
        assertEquals(1, statistics.refused());
        assertEquals(1, statistics.removed());
        assertEquals(2, statistics.hits());
        assertEquals(1, statistics.misses());
        assertEquals(5, statistics.payloadBytes());
        assertEquals(statistics.reservedBytes() - 5, statistics.slackBytes());
    }

    @Test
    void takesEmptyKeysAndValues() {
        byte[] empty = {};
        assertEquals(PutResult.ADMITTED, cache.put(empty, empty));
        assertArrayEquals(empty, cache.get(empty));
        assertEquals(0, cache.get(empty, empty));
    }

    @Test
    void copiesOnlyWhatFits() {
        cache.put(KEY, OTHER);
        byte[] target = {9, 9};
        assertEquals(3, cache.get(KEY, target));
        assertArrayEquals(new byte[]{9, 9}, target);
        byte[] larger = new byte[4];
        assertEquals(3, cache.get(KEY, larger));
        assertArrayEquals(new byte[]{6, 7, 8, 0}, larger);
        assertEquals(OffHeapCache.NOT_FOUND, cache.get(VALUE, larger));
    }

    @Test
    void keepsLongValuesInChainsOfCells() {
        reopen(CacheOptions.ofCapacity(8 << 20));
        java.util.SplittableRandom random = new java.util.SplittableRandom(1);
        int head = CacheCell.HEAD_ROOM;
        int single = CacheCell.CELL_MAX - CacheCell.HEADER_SIZE;
        int part = CacheCell.PART_ROOM;
        for (int payload : new int[]{single - 1, single, single + 1, head, head + 1, head + part, head + part + 1,
                head + 3 * part - 1, 1 << 20}) {
            byte[] value = new byte[payload - KEY.length];
            random.nextBytes(value);
            assertNotEquals(PutResult.REFUSED, cache.put(KEY, value), "payload " + payload);
            assertArrayEquals(value, cache.get(KEY));
            byte[] target = new byte[value.length];
            assertEquals(value.length, cache.get(KEY, target));
            assertArrayEquals(value, target);
            assertEquals(CacheCell.bytes(payload), cache.statistics().usedBytes() - cache.core().index().bytes());
        }
        byte[] longest = new byte[CacheCell.KEY_MAX];
        assertEquals(PutResult.ADMITTED, cache.put(longest, new byte[10_000]));
        assertEquals(10_000, cache.get(longest).length);
        assertEquals(PutResult.REFUSED, cache.put(new byte[CacheCell.KEY_MAX + 1], VALUE));
        assertNull(cache.get(new byte[CacheCell.KEY_MAX + 1]));
    }

    @Test
    void sweepsChainsThatAreLongerThanItsScratch() {
        for (int i = 0; i < 500; i++) {
            cache.put(Entries.key(i), VALUE, 5, false);
        }
        clock.addAndGet(5);
        int swept = 0;
        for (int bucket = 0; bucket < cache.core().index().bucketCountAcquire(); bucket++) {
            swept += cache.core().sweepBucket(bucket, new long[1], clock.get());
        }
        assertEquals(500, swept);
    }

    @Test
    void hidesWhatHasExpiredAtOnce() {
        cache.put(KEY, VALUE, 10, false);
        clock.set(1_009);
        assertEquals(1, cache.remainingMillis(KEY));
        assertArrayEquals(VALUE, cache.get(KEY));
        clock.set(1_010);
        assertFalse(cache.contains(KEY));
        assertFalse(cache.touch(KEY, 50), "what has expired does not come back");
        assertNull(cache.get(KEY));
        assertFalse(cache.remove(KEY));
        assertEquals(1, cache.statistics().misses(), "expired is a miss");
        assertEquals(1, cache.statistics().expired());
        assertEquals(0, cache.size(), "the lookup took it out");
        cache.put(KEY, VALUE, 5, false);
        clock.set(1_015);
        assertEquals(PutResult.ADMITTED, cache.putIfAbsent(KEY, OTHER));
        assertEquals(2, cache.statistics().expired());
    }

    @Test
    void slidesWithEachUse() {
        cache.put(KEY, VALUE, 10, true);
        for (int i = 0; i < 5; i++) {
            clock.addAndGet(9);
            assertArrayEquals(VALUE, cache.get(KEY));
            clock.addAndGet(9);
            assertTrue(cache.touch(KEY));
            assertEquals(10, cache.remainingMillis(KEY));
        }
        cache.contains(KEY);
        clock.addAndGet(10);
        assertNull(cache.get(KEY));
    }

    @Test
    void touchSetsANewExpiry() {
        cache.put(KEY, VALUE);
        assertEquals(OffHeapCache.NEVER, cache.remainingMillis(KEY));
        assertTrue(cache.touch(KEY, 7));
        assertEquals(7, cache.remainingMillis(KEY));
        assertTrue(cache.touch(KEY, Long.MAX_VALUE));
        assertEquals(OffHeapCache.NEVER, cache.remainingMillis(KEY));
    }

    @Test
    void clockDoesNotBringBackWhatHasExpired() {
        cache.put(KEY, VALUE, 10, false);
        clock.set(1_010);
        assertFalse(cache.contains(KEY));
        clock.set(0);
        assertFalse(cache.contains(KEY));
    }

    @Test
    void sweepAndPurgeTakeOutWhatHasExpired() {
        for (int i = 0; i < 1_000; i++) {
            cache.put(Entries.key(i), VALUE, i % 2 == 0 ? 5 : 50, false);
        }
        clock.addAndGet(5);
        int swept = 0;
        for (int i = 0; i < 10_000 && swept < 500; i++) {
            swept += cache.sweep();
        }
        assertEquals(500, swept);
        assertEquals(500, cache.size());
        clock.addAndGet(50);
        assertEquals(500, cache.purge());
        assertEquals(0, cache.size());
        assertEquals(1_000, cache.statistics().expired());
    }

    @Test
    void daemonSweepsAndEnds() throws InterruptedException {
        cache.put(KEY, VALUE, 5, false);
        clock.addAndGet(5);
        cache.setSweepIntervalMillis(1);
        while (cache.size() > 0) { // ends, or the build's own watchdog does
            Thread.sleep(1);
        }
        cache.setSweepIntervalMillis(0);
        assertEquals(1, cache.statistics().expired());
    }

    @Test
    void ttlOnlyRefusesWhenFull() {
        reopen(CacheOptions.ofCapacity(1 << 22).withCapacityEntries(10).withMode(EvictionMode.TTL_ONLY));
        for (int i = 0; i < 10; i++) {
            assertEquals(PutResult.ADMITTED, cache.put(Entries.key(i), VALUE, i == 3 ? 5 : 0, false));
        }
        assertEquals(PutResult.REFUSED, cache.put(KEY, VALUE));
        assertEquals(PutResult.REPLACED, cache.put(Entries.key(1), OTHER), "a key that is there is not refused");
        clock.addAndGet(5);
        assertEquals(PutResult.ADMITTED, cache.put(KEY, VALUE));
        assertEquals(1, cache.statistics().evictedExpired());
        assertEquals(0, cache.statistics().evictedLeastRecent());
        assertEquals(10, cache.size());
    }

    @Test
    void evictsExpiredFirstAndThenWhatWasUsedLongestAgo() {
        reopen(CacheOptions.ofCapacity(1 << 22).withCapacityEntries(40).withMaxSamples(CacheOptions.SAMPLES_MAX));
        for (int i = 0; i < 40; i++) {
            cache.put(Entries.key(i), VALUE, i >= 30 ? 5 : 0, false);
        }
        clock.addAndGet(5);
        for (int i = 40; i < 41; i++) {
            cache.put(Entries.key(i), VALUE);
        }
        assertTrue(cache.statistics().evictedExpired() > 0);
        assertEquals(0, cache.statistics().evictedLeastRecent());
        cache.purge();
        for (int i = 0; i < 10; i++) {
            cache.get(Entries.key(i));
        }
        for (int i = 100; i < 120; i++) {
            cache.put(Entries.key(i), VALUE);
        }
        assertEquals(40, cache.size());
        for (int i = 0; i < 10; i++) {
            assertTrue(cache.contains(Entries.key(i)), "used of late: " + i);
        }
    }

    @Test
    void lruOnlyDoesNotRankByExpiry() {
        reopen(CacheOptions.ofCapacity(1 << 22).withCapacityEntries(20).withMode(EvictionMode.LRU_ONLY)
                .withMaxSamples(CacheOptions.SAMPLES_MAX));
        cache.put(KEY, VALUE);
        for (int i = 1; i < 20; i++) {
            cache.put(Entries.key(i), VALUE, 5, false);
        }
        clock.addAndGet(5);
        cache.put(OTHER, VALUE);
        assertFalse(cache.contains(KEY), "used longest ago");
        assertEquals(1, cache.statistics().evictedLeastRecent());
    }

    @Test
    void hybridKeepsWhatIsUsedOftenFromAScan() {
        for (EvictionMode mode : new EvictionMode[]{EvictionMode.TTL_FIRST, EvictionMode.HYBRID}) {
            reopen(CacheOptions.ofCapacity(1 << 22).withCapacityEntries(500).withMode(mode));
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 500; i++) {
                    if (cache.get(Entries.key(i)) == null) {
                        cache.put(Entries.key(i), VALUE);
                    }
                }
            }
            for (int i = 1_000; i < 6_000; i++) {
                cache.put(Entries.key(i), VALUE);
            }
            int kept = 0;
            for (int i = 0; i < 500; i++) {
                kept += cache.contains(Entries.key(i)) ? 1 : 0;
            }
            if (mode == EvictionMode.HYBRID) {
                assertTrue(kept > 400, "kept " + kept);
                assertTrue(cache.statistics().refusedRare() > 4_000, cache.statistics().toString());
                assertEquals(PutResult.REPLACED, cache.put(firstKept(), OTHER), "a key that is there is not refused");
            } else {
                assertTrue(kept < 100, "kept " + kept);
            }
        }
    }

    private byte[] firstKept() {
        int key = 0;
        while (!cache.contains(Entries.key(key))) {
            key++;
        }
        return Entries.key(key);
    }

    @Test
    void hybridAdmitsWhatIsAskedForAgain() {
        reopen(CacheOptions.ofCapacity(1 << 22).withCapacityEntries(100));
        for (int i = 0; i < 100; i++) {
            cache.put(Entries.key(i), VALUE);
        }
        cache.setMode(EvictionMode.HYBRID);
        int tries = 0;
        while (cache.put(KEY, VALUE) == PutResult.REFUSED) {
            tries++;
        }
        assertTrue(tries < FrequencySketch.COUNT_MAX, tries + " tries");
    }

    @Test
    void settingsChangeWhileItRuns() {
        for (int i = 0; i < 2_000; i++) {
            cache.put(Entries.key(i), VALUE);
        }
        cache.setCapacityEntries(100);
        assertEquals(100, cache.size());
        cache.setCapacityEntries(Long.MAX_VALUE);
        cache.setMaxSamples(7);
        cache.setBatchSize(3);
        assertEquals(3, cache.batchSize());
        assertThrows(IllegalArgumentException.class, () -> cache.setBatchSize(0));
        cache.setMode(EvictionMode.LRU_ONLY);
        assertEquals(7, cache.maxSamples());
        assertEquals(EvictionMode.LRU_ONLY, cache.mode());
        for (int i = 0; i < 20_000; i++) {
            cache.put(Entries.key(i), new byte[100]);
        }
        cache.setCapacityBytes(CacheOptions.CAPACITY_BYTES_MIN);
        assertTrue(cache.statistics().usedBytes() <= CacheOptions.CAPACITY_BYTES_MIN);
        assertThrows(IllegalArgumentException.class, () -> cache.setMaxSamples(0));
        assertThrows(IllegalArgumentException.class, () -> cache.setCapacityBytes(1));
        assertThrows(IllegalArgumentException.class, () -> cache.put(KEY, VALUE, -1, false));
    }

    @Test
    void admitsLongValuesIntoACacheFullOfShortOnes() {
        reopen(CacheOptions.ofCapacity(1 << 20));
        for (int i = 0; i < 20_000; i++) {
            cache.put(Entries.key(i), VALUE);
        }
        int admitted = 0;
        for (int i = 0; i < 500; i++) {
            admitted += cache.put(Entries.key(i), new byte[1_000]) == PutResult.REFUSED ? 0 : 1;
        }
        assertTrue(admitted > 0, "slabs of short cells are never given up");
        assertTrue(cache.statistics().reservedBytes() <= 1 << 20);
    }

    @Test
    void parkedEvictorDelaysNobody() {
        reopen(CacheOptions.ofCapacity(1 << 22).withCapacityEntries(1_000));
        assertTrue(cache.core().evictor().main().tryTake());
        for (int i = 0; i < 10_000; i++) {
            assertEquals(PutResult.ADMITTED, cache.put(Entries.key(i), VALUE));
            cache.get(Entries.key(i - 10));
        }
        assertEquals(10_000, cache.statistics().hits() + cache.statistics().misses());
        assertTrue(cache.size() <= 1_000 + 1_000 / 32 + 1, "size " + cache.size());
        cache.core().evictor().main().free();
        cache.put(KEY, VALUE);
        assertEquals(1_000, cache.size());
    }

    @Test
    void lookupsAllocateNothing() {
        cache.put(KEY, VALUE, 10, true);
        try (NativeBuffer buffer = new NativeBuffer(64)) {
            MemorySegment memory = buffer.memory();
            MemorySegment.copy(MemorySegment.ofArray(KEY), 0, memory, 0, KEY.length);
            TestAllocation.assertNone("get", call -> cache.get(memory, 0, KEY.length, memory, 32, 32));
            TestAllocation.assertNone("miss", call -> cache.get(memory, 0, 2, memory, 32, 32));
            assertEquals(VALUE.length, cache.get(memory, 0, KEY.length, memory, 32, 32));
        }
    }

    @Test
    void refusesUseAfterClose() {
        OffHeapCache other = open(CacheOptions.ofCapacity(1 << 20).withSweepIntervalMillis(1));
        other.close();
        other.close();
        assertThrows(DatabaseClosedException.class, () -> other.get(KEY));
        assertThrows(IndexOutOfBoundsException.class,
                () -> cache.contains(MemorySegment.ofArray(KEY), 1, KEY.length));
    }
}
