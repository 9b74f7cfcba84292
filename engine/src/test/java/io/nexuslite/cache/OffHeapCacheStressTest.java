package io.nexuslite.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads on a small cache: no reader sees another key's bytes, no key that stays is missed, nothing leaks, the capacity holds at rest. */
class OffHeapCacheStressTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private final AtomicLong clock = new AtomicLong();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noReaderSeesAnothersBytes(boolean virtual) throws InterruptedException {
        for (EvictionMode mode : EvictionMode.values()) {
            try (OffHeapCache cache = OffHeapCache.open(CacheOptions.ofCapacity(1 << 20).withMode(mode)
                    .withCapacityEntries(3_000).withClock(clock::get))) {
                int steps = Seed.scaled(30_000);
                Threads.run(6, virtual, index -> {
                    SplittableRandom random = seed.random(mode + " " + index);
                    byte[] target = new byte[40_000];
                    for (int step = 0; step < steps; step++) {
                        operate(cache, random, target);
                    }
                });
                assertAtRest(cache, 3_000);
                Entries.assertEmptyAfterClear(cache);
            }
        }
    }

    private void operate(OffHeapCache cache, SplittableRandom random, byte[] target) {
        int number = random.nextInt(random.nextBoolean() ? 50 : 8_000);
        byte[] key = Entries.key(number);
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> cache.put(key, Entries.value(number, length(random), random),
                    random.nextInt(3) == 0 ? random.nextInt(1, 50) : 0, random.nextBoolean());
            case 5 -> cache.putIfAbsent(key, Entries.value(number, random.nextInt(200), random), 20, false);
            case 6, 7 -> cache.remove(key);
            case 8 -> cache.touch(key, random.nextInt(30));
            case 9 -> {
                clock.addAndGet(random.nextInt(2));
                cache.sweep();
            }
            case 10 -> {
                if (random.nextInt(2_000) == 0) {
                    cache.clear();
                }
                cache.contains(key);
            }
            default -> {
                int length = cache.get(key, target);
                if (length != OffHeapCache.NOT_FOUND) {
                    Entries.assertIntact(number, target, length);
                }
            }
        }
    }

    private static int length(SplittableRandom random) {
        return random.nextInt(random.nextInt(64) == 0 ? 30_000 : 200);
    }

    private static void assertAtRest(OffHeapCache cache, long entries) {
        CacheStatistics statistics = cache.statistics();
        assertTrue(statistics.entries() <= entries, statistics.toString());
        assertTrue(statistics.usedBytes() <= statistics.capacityBytes(), statistics.toString());
        assertTrue(statistics.reservedBytes() <= statistics.capacityBytes(), statistics.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keysThatStayAreNeverMissedWhileTheIndexGrows(boolean virtual) throws InterruptedException {
        try (OffHeapCache cache = OffHeapCache.open(CacheOptions.ofCapacity(64 << 20).withClock(clock::get))) {
            int kept = 500;
            for (int i = 0; i < kept; i++) {
                cache.put(Entries.key(i), Entries.value(i, 10, seed.random("kept")));
            }
            int buckets = cache.core().index().bucketCountAcquire();
            int added = Seed.scaled(40_000);
            Threads.run(4, virtual, index -> {
                SplittableRandom random = seed.random("growth " + index);
                byte[] target = new byte[700];
                for (int step = 0; step < added; step++) {
                    int number = random.nextInt(kept);
                    if (index == 0) {
                        cache.put(Entries.key(1_000 + step), Entries.value(1_000 + step, 10, random));
                    } else if (index == 1 && step % 4 == 0) {
                        assertEquals(PutResult.REPLACED,
                                cache.put(Entries.key(number), Entries.value(number, random.nextInt(600), random)));
                    } else {
                        int length = cache.get(Entries.key(number), target);
                        assertTrue(length > 0, "missed key " + number);
                        Entries.assertIntact(number, target, length);
                    }
                }
            });
            assertEquals(kept + added, cache.size());
            assertTrue(cache.core().index().bucketCountAcquire() > buckets);
            Entries.assertEmptyAfterClear(cache);
        }
    }

    @Test
    void nothingLeaksOverMillionsOfOperations() throws InterruptedException {
        try (OffHeapCache cache = OffHeapCache.open(CacheOptions.ofCapacity(2 << 20).withClock(clock::get))) {
            for (int round = 0; round < 3; round++) {
                int steps = Seed.scaled(180_000);
                int number = round;
                Threads.run(2, index -> {
                    SplittableRandom random = seed.random("leak " + number + " " + index);
                    byte[] value = new byte[300];
                    for (int step = 0; step < steps; step++) {
                        byte[] key = Entries.key(random.nextInt(20_000));
                        if (random.nextInt(8) == 0) {
                            cache.remove(key);
                        } else {
                            cache.put(key, value, random.nextInt(4) == 0 ? 1 : 0, false);
                        }
                        if (step % 1_000 == 0) {
                            clock.incrementAndGet();
                        }
                    }
                });
                assertAtRest(cache, Long.MAX_VALUE);
                Entries.assertEmptyAfterClear(cache);
            }
        }
    }
}
