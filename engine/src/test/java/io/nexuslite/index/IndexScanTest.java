package io.nexuslite.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.KeyStringReader;
import io.nexuslite.bson.RandomBson;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.MemoryHost;
import io.nexuslite.store.Key;
import io.nexuslite.store.ModelEngine;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IndexScanTest {
    @RegisterExtension
    final Seed seed = new Seed();

    /** Ranges, both ways, each document once and by its first entry. */
    @Test
    void walksRangesAsAModelDoes() {
        SplittableRandom random = seed.random("ranges");
        for (int round = 0; round < Seed.scaled(30); round++) {
            try (MemoryHost host = Hosts.inMemory();
                    IndexWorld world = new IndexWorld(new ModelEngine(), host);
                    KeyRanges ranges = new KeyRanges();
                    IndexScan scan = new IndexScan()) {
                world.createCollection();
                Index index = world.createIndex(RandomIndex.specification(random, 2));
                RandomDocuments documents = new RandomDocuments(random.split(), 0.2);
                try (IndexWorld.Writer writer = world.writer()) {
                    for (int id = 0; id < 30; id++) {
                        try {
                            writer.put(id, documents.document(new BsonInt32(id)), TransactionMode.EXCLUSIVE);
                        } catch (InvalidDocumentException e) {
                            // arrays side by side
                        }
                    }
                }
                try (Session session = world.engine.openSession(); Snapshot snapshot = world.engine.snapshot("scan")) {
                    TreeMap<byte[], String> entries = world.entries(session, snapshot, index);
                    for (int i = 0; i < 10; i++) {
                        List<byte[]> bounds = new ArrayList<>(entries.keySet().stream().filter(
                                key -> random.nextInt(4) == 0).toList());
                        ranges.reset();
                        boolean all = bounds.isEmpty();
                        if (all) {
                            ranges.addAll();
                        }
                        for (int at = 0; at + 1 < bounds.size(); at += 2) {
                            ranges.add(bounds.get(at), bounds.get(at + 1));
                        }
                        boolean backwards = random.nextBoolean();
                        TreeMap<byte[], String> within = new TreeMap<>(Arrays::compareUnsigned);
                        for (int at = 0; at + 1 < bounds.size(); at += 2) {
                            within.putAll(entries.subMap(bounds.get(at), bounds.get(at + 1)));
                        }
                        Map<byte[], String> expected = all ? entries : within;
                        if (backwards) {
                            expected = all ? entries.descendingMap() : within.descendingMap();
                        }
                        List<String> found = new ArrayList<>();
                        try (TreeCursor cursor = index.tree().cursor(session, snapshot)) {
                            scan.open(index, cursor, ranges, backwards);
                            while (scan.next()) {
                                found.add(HexFormat.of().formatHex(IndexWorld.bytes(scan.documentKey())));
                            }
                        }
                        assertEquals(new ArrayList<>(new LinkedHashSet<>(expected.values())), found);
                        assertEquals(expected.size(), scan.entriesRead());
                    }
                }
            }
        }
    }

    /** What an entry tells is the document's value, to the type and the last bit. */
    @Test
    void givesBackWhatTheDocumentHas() {
        SplittableRandom random = seed.random("values");
        RandomBson bson = new RandomBson(random.nextLong());
        int covered = 0;
        int rounds = Seed.scaled(20_000);
        try (KeySet set = new KeySet();
                CoveredValues values = new CoveredValues();
                GrowableBuffer target = new GrowableBuffer()) {
            List<IndexKeys> generators = new ArrayList<>();
            List<IndexDefinition> definitions = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                IndexDefinition definition = IndexDefinition.of(BsonDocument.parse("{key: {a: " + (i % 2 == 0 ? 1 : -1)
                        + ", b: -1, 'x.y': 1, c: 1}}").append("unique", BsonBoolean.valueOf(i > 1)));
                definitions.add(definition);
                generators.add(new IndexKeys(definition, null));
            }
            for (int round = 0; round < rounds; round++) {
                BsonDocument document = new BsonDocument("_id", notArray(bson));
                for (String name : List.of("a", "b", "c")) {
                    if (random.nextInt(5) > 0) {
                        document.put(name, notArray(bson));
                    }
                }
                BsonView view = RandomDocuments.view(document);
                int which = random.nextInt(4);
                try {
                    generators.get(which).generate(view.memory(), 0, view.length(), set);
                } catch (io.nexuslite.error.KeyTooLongException e) {
                    continue;
                }
                assertEquals(1, set.count());
                RecordView record = new RecordView();
                record.set(set.memory(), set.valueOffset(0), set.valueLength(0), 1);
                set.key(0, record.key());
                IndexEntry entry = new IndexEntry().wrap(record, which > 1, 7);
                if (entry.hasKinds()) {
                    covered++;
                    target.reset();
                    values.write(definitions.get(which), entry, new BsonWriter().wrap(target));
                    BsonView found = new BsonView().wrap(target);
                    BsonDocument expected = new BsonDocument("_id", document.get("_id"));
                    for (String name : List.of("a", "b", "c")) {
                        if (document.containsKey(name)) {
                            expected.put(name, document.get(name));
                        }
                    }
                    assertTrue(RandomDocuments.view(expected).contentEquals(found),
                            () -> expected + " became " + found.toBsonDocument());
                }
            }
            generators.forEach(IndexKeys::close);
        }
        int told = covered;
        assertTrue(covered > rounds / 2, () -> "only " + told);
    }

    private static BsonValue notArray(RandomBson bson) {
        while (true) {
            BsonValue value = bson.value(2);
            if (!value.isArray()) {
                return value;
            }
        }
    }

    /** Any bytes either end as a key string or are refused; nothing is read behind the key. */
    @Test
    void readsNothingBehindAKey() {
        SplittableRandom random = seed.random("hostile");
        RandomBson bson = new RandomBson(random.nextLong());
        try (KeyStringReader reader = new KeyStringReader(); Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(4096);
            for (int round = 0; round < Seed.scaled(20_000); round++) {
                boolean descending = random.nextBoolean();
                byte[] key = ReferenceKeys.keyString(bson.value(2), descending);
                if (key.length > 2048) {
                    continue;
                }
                MemorySegment.copy(key, 0, memory, ValueLayout.JAVA_BYTE, 0, key.length);
                memory.set(ValueLayout.JAVA_BYTE, key.length, (byte) random.nextInt());
                assertEquals(key.length, reader.length(memory, 0, key.length + 1, descending));
                assertThrows(InvalidDocumentException.class, () -> reader.length(memory, 0, key.length - 1,
                        descending));
                memory.set(ValueLayout.JAVA_BYTE, random.nextInt(key.length), (byte) random.nextInt());
                try {
                    assertTrue(reader.length(memory, 0, key.length, descending) <= key.length);
                } catch (InvalidDocumentException e) {
                    // no key string any more
                }
            }
        }
    }

    @Test
    void tellsKeysApart() {
        SplittableRandom random = seed.random("seen");
        try (SeenKeys seen = new SeenKeys(); Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64);
            Key key = new Key();
            for (int round = 0; round < 3; round++) {
                seen.reset();
                TreeMap<String, Boolean> model = new TreeMap<>();
                for (int i = 0; i < Seed.scaled(5_000); i++) {
                    int length = 1 + random.nextInt(12);
                    for (int at = 0; at < length; at++) {
                        memory.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt(3));
                    }
                    key.wrap(memory, 0, length);
                    boolean isNew = model.put(HexFormat.of().formatHex(IndexWorld.bytes(key)), true) == null;
                    assertEquals(isNew, seen.add(key));
                }
            }
        }
    }
}
