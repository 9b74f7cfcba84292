package io.nexuslite.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexuslite.testing.Seed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random operations and a clock that moves, against a map that knows expiry: the same answers after each step, while nothing is evicted. */
class OffHeapCacheModelTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private record Entry(byte[] value, long expiry, long sliding) {
        Entry used(long now) {
            return sliding == 0 ? this : new Entry(value, now + sliding, sliding);
        }
    }

    private final SplittableRandom random = seed.random("operations");
    private final AtomicLong clock = new AtomicLong();
    private final Map<Integer, Entry> model = new LinkedHashMap<>();
    private OffHeapCache cache;

    @Test
    void agreesWithModel() {
        for (int keys : new int[]{3, 200, 5_000}) {
            model.clear();
            cache = OffHeapCache.open(CacheOptions.ofCapacity(16 << 20).withClock(clock::get));
            int kinds = random.nextInt(6, 11);
            for (int step = Seed.scaled(60_000); step > 0; step--) {
                operate(random.nextInt(keys), random.nextInt(kinds));
            }
            for (int key = 0; key < keys; key++) {
                Entry expected = live(key);
                assertArrayEquals(expected == null ? null : expected.value, cache.get(Entries.key(key)));
            }
            cache.purge();
            model.keySet().removeIf(key -> model.get(key).expiry <= clock.get());
            Entries.assertEmptyAfterClear(cacheOfSize(live()));
            cache.close();
        }
    }

    private OffHeapCache cacheOfSize(long size) {
        assertEquals(size, cache.size());
        return cache;
    }

    private long live() {
        return model.values().stream().filter(entry -> entry.expiry > clock.get()).count();
    }

    private Entry live(int key) {
        Entry entry = model.get(key);
        return entry == null || entry.expiry <= clock.get() ? null : entry;
    }

    private void operate(int number, int kind) {
        byte[] key = Entries.key(number);
        Entry before = live(number);
        switch (kind) {
            case 0, 1 -> {
                Entry entry = entry(number);
                assertEquals(before == null ? PutResult.ADMITTED : PutResult.REPLACED, put(key, entry, false));
                model.put(number, entry);
            }
            case 2 -> {
                Entry entry = entry(number);
                assertEquals(before == null ? PutResult.ADMITTED : PutResult.PRESENT, put(key, entry, true));
                model.put(number, before == null ? entry : before);
            }
            case 3, 4 -> {
                assertArrayEquals(before == null ? null : before.value, cache.get(key));
                use(number, before);
            }
            case 5 -> {
                assertEquals(before != null, cache.remove(key));
                model.remove(number);
            }
            case 6 -> assertEquals(before == null
                    ? OffHeapCache.NOT_FOUND
                    : before.expiry == Long.MAX_VALUE ? OffHeapCache.NEVER : before.expiry - clock.get(),
                    cache.remainingMillis(key));
            case 7 -> {
                assertEquals(before != null, cache.touch(key));
                use(number, before);
            }
            case 8 -> clock.addAndGet(random.nextInt(4));
            case 9 -> cache.sweep();
            default -> {
                if (random.nextInt(2_000) == 0) {
                    cache.clear();
                    model.clear();
                }
                assertEquals(live(number) != null, cache.contains(key));
            }
        }
    }

    private void use(int number, Entry before) {
        if (before != null) {
            model.put(number, before.used(clock.get()));
        }
    }

    private Entry entry(int number) {
        byte[] value = Entries.value(number, random.nextInt(random.nextBoolean() ? 20 : 600), random);
        long ttl = random.nextInt(3) == 0 ? 0 : random.nextInt(1, 2_000);
        boolean sliding = ttl > 0 && random.nextBoolean();
        return new Entry(value, ttl == 0 ? Long.MAX_VALUE : clock.get() + ttl, sliding ? ttl : 0);
    }

    private PutResult put(byte[] key, Entry entry, boolean ifAbsent) {
        long ttl = entry.expiry == Long.MAX_VALUE ? 0 : entry.expiry - clock.get();
        return ifAbsent
                ? cache.putIfAbsent(key, entry.value, ttl, entry.sliding > 0)
                : cache.put(key, entry.value, ttl, entry.sliding > 0);
    }
}
