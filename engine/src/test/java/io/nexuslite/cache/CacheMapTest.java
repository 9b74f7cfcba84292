package io.nexuslite.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.codecs.DocumentCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheMapTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private final AtomicLong clock = new AtomicLong(1_000);
    private final OffHeapCache cache = OffHeapCache.open(CacheOptions.ofCapacity(16 << 20).withClock(clock::get));
    private final CacheMap<String, String> map = cache.map(CacheCodec.text(), CacheCodec.text());

    @AfterEach
    void closeCache() {
        assertEquals(0, cache.keyLocks().size(), "locks of keys are dropped");
        cache.setListener(null);
        Entries.assertEmptyAfterClear(cache);
        cache.close();
    }

    @Test
    void agreesWithAHashMap() {
        SplittableRandom random = seed.random("operations");
        Map<String, String> model = new HashMap<>();
        for (int step = Seed.scaled(20_000); step > 0; step--) {
            String key = "k" + random.nextInt(200);
            String value = "v" + random.nextInt(3);
            String other = "v" + random.nextInt(3);
            switch (random.nextInt(13)) {
                case 0 -> assertEquals(model.put(key, value), map.put(key, value));
                case 1 -> assertEquals(model.putIfAbsent(key, value), map.putIfAbsent(key, value));
                case 2 -> assertEquals(model.remove(key), map.remove(key));
                case 3 -> assertEquals(model.remove(key, value), map.remove(key, value));
                case 4 -> assertEquals(model.replace(key, value, other), map.replace(key, value, other));
                case 5 -> assertEquals(model.replace(key, value), map.replace(key, value));
                case 6 -> assertEquals(model.computeIfAbsent(key, same -> value),
                        map.computeIfAbsent(key, same -> value));
                case 7 ->
                    assertEquals(model.computeIfAbsent(key, same -> null), map.computeIfAbsent(key, same -> null));
                case 8 -> assertEquals(model.compute(key, (same, old) -> old == null ? value : null),
                        map.compute(key, (same, old) -> old == null ? value : null));
                case 9 -> assertEquals(model.computeIfPresent(key, (same, old) -> other),
                        map.computeIfPresent(key, (same, old) -> other));
                case 10 -> assertEquals(model.merge(key, value, String::concat), map.merge(key, value, String::concat));
                case 11 -> assertEquals(model.get(key), map.get(key));
                default -> assertEquals(model.containsKey(key), map.containsKey(key));
            }
        }
        assertEquals(model, map);
        assertEquals(model.size(), map.size());
        Iterator<Map.Entry<String, String>> entries = map.entrySet().iterator();
        String first = entries.next().getKey();
        entries.remove();
        assertFalse(map.containsKey(first));
        map.clear();
        assertTrue(map.isEmpty());
    }

    @Test
    void whatTheCacheRefusesDoesNotLeaveTheOldValue() {
        map.put("key", "old");
        map.put("key", "x".repeat(4 << 20));
        assertNull(map.get("key"));
    }

    @Test
    void entriesOfAMapExpire() {
        CacheMap<String, String> brief = cache.map(CacheCodec.text(), CacheCodec.text(), 10, false);
        brief.put("a", "1");
        map.put("b", "2");
        clock.addAndGet(10);
        assertNull(brief.get("a"));
        assertEquals(Map.of("b", "2"), brief);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void loadsAKeyOnceForAllWhoAsk(boolean virtual) throws InterruptedException {
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(4);
        Threads.run(4, virtual, index -> {
            asked.countDown();
            assertEquals("loaded", map.computeIfAbsent("key", key -> {
                loads.incrementAndGet();
                await(asked);
                return "loaded";
            }));
        });
        assertEquals(1, loads.get());
        assertEquals(1, cache.statistics().loads());
        assertThrows(IllegalArgumentException.class, () -> map.computeIfAbsent("other", key -> {
            throw new IllegalArgumentException("no such row");
        }));
        assertEquals(1, cache.statistics().loadsInVain());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void loadersMayLoadOtherKeysAndNotTheirOwn() {
        assertEquals("ab", map.computeIfAbsent("a", a -> "a" + map.computeIfAbsent("b", b -> "b")));
        assertThrows(IllegalStateException.class,
                () -> map.computeIfAbsent("c", c -> map.computeIfAbsent("c", same -> "never")));
        assertNull(map.get("c"));
    }

    @Test
    void whatIsPutDuringALoadStays() {
        byte[] key = CacheCodec.text().encode("key");
        assertEquals("put", map.computeIfAbsent("key", same -> {
            cache.put(key, CacheCodec.text().encode("put"));
            return "loaded";
        }));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void computationsOfOneKeyAreAtomic(boolean virtual) throws InterruptedException {
        int rounds = Seed.scaled(2_000);
        Threads.run(4, virtual, index -> {
            for (int i = 0; i < rounds; i++) {
                map.merge("sum", "1", (a, b) -> String.valueOf(Integer.parseInt(a) + Integer.parseInt(b)));
            }
        });
        assertEquals(String.valueOf(4 * rounds), map.get("sum"));
    }

    @Test
    void iteratorMeetsEachKeyThatStaysOnceWhileTheIndexGrows() {
        Set<String> kept = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            map.put("kept " + i, "1");
            kept.add("kept " + i);
        }
        int added = 0;
        List<String> met = new ArrayList<>();
        for (String key : map.keySet()) {
            met.add(key);
            for (int i = 0; i < 5 && added < 10_000; i++) {
                map.put("added " + added++, "2");
            }
        }
        met.removeIf(key -> key.startsWith("added"));
        assertTrue(kept.equals(new HashSet<>(met)), "a key was not met");
        assertEquals(kept.size(), met.size(), "a key was met twice");
    }

    @Test
    void keepsDocumentsAndBsonKeys() {
        CacheMap<BsonValue, Document> documents = cache.map(CacheCodec.bsonValue(),
                CacheCodec.bson(new DocumentCodec()));
        documents.put(new BsonInt32(1), new Document("name", "int32"));
        documents.put(new BsonInt64(1), new Document("name", "int64"));
        documents.put(new BsonString("1"), new Document("name", "string").append("sub", new Document("x", 1)));
        assertEquals("int32", documents.get(new BsonInt32(1)).getString("name"));
        assertEquals("int64", documents.get(new BsonInt64(1)).getString("name"));
        assertEquals(new Document("x", 1), documents.get(new BsonString("1")).get("sub"));
        assertEquals(3, documents.size());
    }

    @Test
    void takesDocumentsWhereTheyLie() {
        try (GrowableBuffer buffer = new GrowableBuffer(); GrowableBuffer target = new GrowableBuffer()) {
            new BsonWriter().wrap(buffer).startDocument().name("_id").int32(7).endDocument();
            int keyLength = buffer.length();
            new BsonWriter().wrap(buffer).startDocument().name("text").string("x".repeat(20_000)).endDocument();
            BsonView key = new BsonView().wrap(buffer.memory(), 0, keyLength);
            BsonView value = new BsonView().wrap(buffer.memory(), keyLength, buffer.length() - keyLength);
            assertEquals(OffHeapCache.NOT_FOUND, cache.get(key, target));
            assertEquals(0, target.length());
            assertEquals(PutResult.ADMITTED, cache.put(key, value));
            assertEquals(value.length(), cache.get(key, target));
            assertTrue(value.contentEquals(new BsonView().wrap(target.memory(), 0, target.length())));
            assertTrue(cache.remove(key));
        }
    }

    @Test
    void tellsTheListenerWhyEntriesLeft() {
        List<String> told = new ArrayList<>();
        cache.setListener((key, value, cause) -> told
                .add(CacheCodec.text().decode(key) + "=" + CacheCodec.text().decode(value) + " " + cause));
        map.put("a", "1");
        map.put("a", "2");
        map.remove("a");
        cache.map(CacheCodec.text(), CacheCodec.text(), 5, false).put("b", "3");
        clock.addAndGet(5);
        assertNull(map.get("b"));
        map.put("c", "4");
        map.put("d", "5");
        cache.setCapacityEntries(1);
        cache.clear();
        assertEquals(List.of("a=1 REPLACED", "a=2 REMOVED", "b=3 EXPIRED"), told.subList(0, 3));
        assertEquals(Set.of("EVICTED", "REMOVED"),
                Set.of(told.get(3).substring(4), told.get(4).substring(4)));
        assertEquals(5, told.size());
    }

    @Test
    void listenersMayUseTheCacheAndFail() {
        AtomicInteger told = new AtomicInteger();
        cache.setListener((key, value, cause) -> {
            told.incrementAndGet();
            map.merge(CacheCodec.text().decode(key), "again", (old, same) -> old); // the key's lock is free again
            throw new IllegalStateException("by the listener");
        });
        map.put("a", "1");
        map.remove("a");
        assertEquals(1, told.get());
        assertEquals("again", map.get("a"));
    }
}
