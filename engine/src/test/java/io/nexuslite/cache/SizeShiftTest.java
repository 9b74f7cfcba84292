package io.nexuslite.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.testing.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A cache whose entries change their size is, after two capacities of writes, about as good as one that never held others. Not quite: its
 * index keeps the buckets of short entries, a tenth of the capacity.
 */
class SizeShiftTest {
    private static final int CAPACITY = 4 << 20;
    private static final int SHORT = 100;
    private static final int LONG = 10 << 10;

    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void longValuesFollowShortOnes() {
        shift(SHORT, LONG);
    }

    @Test
    void shortValuesFollowLongOnes() {
        shift(LONG, SHORT);
    }

    private void shift(int before, int after) {
        try (OffHeapCache old = OffHeapCache.open(CacheOptions.ofCapacity(CAPACITY));
                OffHeapCache fresh = OffHeapCache.open(CacheOptions.ofCapacity(CAPACITY))) {
            SplittableRandom random = seed.random("before");
            for (int i = 3 * CAPACITY / before; i > 0; i--) {
                old.put(Entries.key(random.nextInt(1 << 30)), Entries.value(0, before, random));
            }
            double ofFresh = hitRatio(fresh, after);
            double ofOld = hitRatio(old, after);
            assertTrue(ofFresh > 0.1 && ofFresh < 0.9, "the test's own trace: " + ofFresh);
            assertTrue(ofOld > 0.85 * ofFresh, ofOld + " after the shift, " + ofFresh + " without");
            assertTrue(old.statistics().reservedBytes() <= CAPACITY);
            assertEquals(0, old.statistics().refused());
            Entries.assertEmptyAfterClear(old);
        }
    }

    /** Of reads that put what they miss, two capacities of writes later. */
    private double hitRatio(OffHeapCache cache, int length) {
        SplittableRandom random = seed.random("trace");
        int keys = 2 * CAPACITY / length;
        long written = 0;
        while (written < 2L * CAPACITY) {
            written += read(cache, random.nextInt(keys), length, random) ? 0 : length;
        }
        int hits = 0;
        int reads = 10_000;
        for (int i = 0; i < reads; i++) {
            hits += read(cache, random.nextInt(keys), length, random) ? 1 : 0;
        }
        return (double) hits / reads;
    }

    private static boolean read(OffHeapCache cache, int key, int length, SplittableRandom random) {
        byte[] value = cache.get(Entries.key(key));
        if (value == null) {
            cache.put(Entries.key(key), Entries.value(key, length, random));
            return false;
        }
        Entries.assertIntact(key, value, value.length);
        return true;
    }
}
