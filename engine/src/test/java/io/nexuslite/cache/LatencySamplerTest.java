package io.nexuslite.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.io.Hosts;
import io.nexuslite.testing.Seed;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LatencySamplerTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void bucketsFollowOneAnother() {
        int last = LatencySampler.bucketOf(Long.MAX_VALUE);
        for (int bucket = 0; bucket < last; bucket++) {
            long highest = LatencySampler.highestOf(bucket);
            assertEquals(bucket, LatencySampler.bucketOf(highest));
            assertEquals(bucket + 1, LatencySampler.bucketOf(highest + 1));
        }
        assertEquals(Long.MAX_VALUE, LatencySampler.highestOf(last));
    }

    @Test
    void percentilesAreAtMostAnEighthTooHigh() {
        LatencySampler sampler = new LatencySampler(Hosts.platform());
        SplittableRandom random = seed.random("times");
        long[] times = new long[10_000];
        for (int i = 0; i < times.length; i++) {
            times[i] = 1L << random.nextInt(10, 30) | random.nextInt(1_000);
            sampler.record(times[i]);
        }
        Arrays.sort(times);
        CacheLatency latency = sampler.snapshot();
        assertEquals(times.length, latency.samples());
        assertNear(times[times.length / 2 - 1], latency.p50());
        assertNear(times[times.length / 100 * 99 - 1], latency.p99());
        assertNear(times[times.length - 1], latency.max());
    }

    private static void assertNear(long expected, long found) {
        assertTrue(found >= expected && found <= expected + expected / 8, expected + ", " + found);
    }

    @Test
    void timesOneCallInSixtyFour() {
        try (OffHeapCache cache = OffHeapCache.open(CacheOptions.ofCapacity(1 << 20))) {
            for (int i = 0; i < 640; i++) {
                cache.put(Entries.key(i), new byte[8]);
                cache.get(Entries.key(i));
            }
            assertEquals(10, cache.putLatency().samples());
            assertEquals(10, cache.getLatency().samples());
            assertTrue(cache.getLatency().p50() <= cache.getLatency().max());
        }
    }
}
