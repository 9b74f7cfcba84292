package io.nexuslite.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidIndexException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.MemoryHost;
import io.nexuslite.store.ModelEngine;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import io.nexuslite.wasp.WaspEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IndexMaintenanceTest {
    private static final Path PATH = Path.of("/data/shop.nxl");

    @RegisterExtension
    final Seed seed = new Seed();

    private static BsonDocument json(String text) {
        return BsonDocument.parse(text);
    }

    private static void withBoth(ThrowingConsumer body) throws Exception {
        try (MemoryHost host = Hosts.inMemory()) {
            try (IndexWorld world = new IndexWorld(new ModelEngine(), host)) {
                body.accept(world);
                assertEquals("", ((ModelEngine) world.engine).leaks());
            }
            WaspEngine.create(host, PATH, IndexWorld.smallOptions());
            StorageEngine engine = WaspEngine.open(host, PATH, IndexWorld.smallOptions().withBackground());
            try (IndexWorld world = new IndexWorld(engine, host)) {
                body.accept(world);
            }
        }
    }

    private interface ThrowingConsumer {
        void accept(IndexWorld world) throws Exception;
    }

    @Test
    void refusesTheSecondOfAUniqueKey() throws Exception {
        withBoth(world -> {
            world.createCollection();
            world.createIndex(json("{key: {a: 1, b: 1}, name: 'pair', unique: true}"));
            try (IndexWorld.Writer writer = world.writer()) {
                writer.put(1, json("{_id: 1, a: 1, b: 2}"), TransactionMode.OPTIMISTIC);
                writer.put(2, json("{_id: 2, a: 1}"), TransactionMode.OPTIMISTIC);
                DuplicateKeyException duplicate = assertThrows(DuplicateKeyException.class,
                        () -> writer.put(3, json("{_id: 3, a: [7, 1.0], b: 2}"), TransactionMode.OPTIMISTIC));
                assertEquals("pair", duplicate.index());
                assertEquals("a,b", duplicate.field());
                assertEquals(IndexWorld.NAME, duplicate.collection());
                DuplicateKeyException withKey = assertThrows(DuplicateKeyException.class,
                        () -> writer.put(3, json("{_id: 3, a: 1}"), TransactionMode.EXCLUSIVE));
                assertEquals(json("{a: 1, b: null}"), withKey.key());
                assertFalse(withKey.getMessage().contains("null"), withKey.getMessage());
                assertThrows(DuplicateKeyException.class,
                        () -> writer.put(3, json("{_id: 3, a: 1, b: null}"), TransactionMode.EXCLUSIVE));
                writer.put(1, json("{_id: 1, a: 1.0, b: 2}"), TransactionMode.OPTIMISTIC);
                writer.put(1, json("{_id: 1, a: 5}"), TransactionMode.OPTIMISTIC);
                writer.put(3, json("{_id: 3, a: [7, 1.0], b: 2}"), TransactionMode.OPTIMISTIC);
                assertEquals(3, world.verify());
                writer.put(3, null, TransactionMode.OPTIMISTIC);
                assertEquals(2, world.verify());
            }
        });
    }

    /** A unique key passes on from a document that has expired, and stays with the new one when the old one is swept. */
    @Test
    void passesKeysOnFromExpiredDocuments() throws Exception {
        withBoth(world -> {
            world.createCollection();
            Index index = world.createIndex(json("{key: {a: 1}, unique: true}"));
            byte[] first = ReferenceKeys.keyString(new BsonInt32(1), false);
            try (IndexWorld.Writer writer = world.writer(); Session session = world.engine.openSession()) {
                writer.put(1, json("{_id: 1, a: 5}"), TransactionMode.OPTIMISTIC);
                assertThrows(DuplicateKeyException.class,
                        () -> writer.put(2, json("{_id: 2, a: 5}"), TransactionMode.OPTIMISTIC));
                writer.owners = (transaction, key) -> Arrays.equals(first, IndexWorld.bytes(key));
                writer.put(2, json("{_id: 2, a: 5}"), TransactionMode.OPTIMISTIC);
                assertThrows(DuplicateKeyException.class,
                        () -> writer.put(3, json("{_id: 3, a: 5}"), TransactionMode.OPTIMISTIC));
                writer.put(1, null, TransactionMode.OPTIMISTIC); // swept
                try (Snapshot snapshot = world.engine.snapshot("after")) {
                    assertEquals(1, world.entries(session, snapshot, index).size());
                }
                assertEquals(1, world.verify());
            }
        });
    }

    /** What is refused leaves the transaction as it was, so that it may go on. */
    @Test
    void refusalLeavesTheTransactionAsItWas() throws Exception {
        withBoth(world -> {
            world.createCollection();
            world.createIndex(json("{key: {b: 1}}"));
            world.createIndex(json("{key: {a: 1}, unique: true}"));
            world.createIndex(json("{key: {c: 1, d: 1}}"));
            try (IndexWorld.Writer writer = world.writer();
                    Transaction transaction = world.engine.begin(writer.session, TransactionMode.OPTIMISTIC)) {
                writer.put(transaction, 1, json("{_id: 1, a: 1}"));
                assertThrows(DuplicateKeyException.class, () -> writer.put(transaction, 2, json("{_id: 2, a: 1}")));
                assertThrows(InvalidDocumentException.class,
                        () -> writer.put(transaction, 3, json("{_id: 3, a: 3, c: [1], d: [2]}")));
                writer.put(transaction, 4, json("{_id: 4, a: 3}"));
                transaction.commit();
            }
            assertEquals(2, world.verify());
        });
    }

    @Test
    void marksMultikeyPaths() throws Exception {
        withBoth(world -> {
            world.createCollection();
            Index index = world.createIndex(json("{key: {a: 1, b: 1}}"));
            try (IndexWorld.Writer writer = world.writer();
                    IndexMarks marks = new IndexMarks();
                    Session session = world.engine.openSession()) {
                IndexMarks.Reader reader = IndexMarks.Reader.newest(session);
                writer.put(1, json("{_id: 1, a: 1, b: 2}"), TransactionMode.OPTIMISTIC);
                assertEquals(0, marks.multikeyPaths(reader, index.tree()));
                try (Snapshot before = world.engine.snapshot("before")) {
                    writer.put(2, json("{_id: 2, a: 1, b: []}"), TransactionMode.OPTIMISTIC);
                    assertEquals(2, marks.multikeyPaths(reader, index.tree()));
                    assertEquals(0, marks.multikeyPaths(IndexMarks.Reader.at(session, before), index.tree()));
                }
                writer.put(2, null, TransactionMode.OPTIMISTIC);
                writer.put(3, json("{_id: 3, a: [1]}"), TransactionMode.OPTIMISTIC);
                assertEquals(3, marks.multikeyPaths(reader, index.tree()));
                world.verify();
            }
        });
    }

    @Test
    void changesTheSetOfIndexes() throws Exception {
        withBoth(world -> {
            world.createCollection();
            Index first = world.createIndex(json("{key: {a: 1}}"));
            assertEquals(IndexState.READY, first.state());
            assertEquals(first.treeId(), world.createIndex(json("{key: {a: 1}}")).treeId());
            assertThrows(InvalidIndexException.class, () -> world.createIndex(json("{key: {a: 1}, name: 'other'}")));
            assertThrows(InvalidIndexException.class, () -> world.createIndex(json("{key: {b: 1}, name: 'a_1'}")));
            world.ddl(ddl -> world.indexes.setHidden(ddl.transaction(), IndexWorld.NAME, "a_1", true, ddl.scratch()));
            assertFalse(world.indexSet().find("a_1").isUsable());
            world.ddl(ddl -> world.indexes.setHidden(ddl.transaction(), IndexWorld.NAME, "a_1", false,
                    ddl.scratch()));
            assertTrue(world.indexSet().find("a_1").isUsable());
            world.ddl(ddl -> world.indexes.setExpireAfterSeconds(ddl.transaction(), IndexWorld.NAME, "a_1", 7,
                    ddl.scratch()));
            assertEquals(7, world.indexSet().find("a_1").definition().expireAfterSeconds());
            assertFalse(world.dropIndex("none"));
            assertTrue(world.dropIndex("a_1"));
            assertTrue(world.indexSet().isEmpty());
            for (int i = 0; i < IndexDefinition.INDEXES_MAX; i++) {
                world.createIndex(json("{key: {p" + i + ": 1}, hidden: true}"));
            }
            assertThrows(InvalidIndexException.class, () -> world.createIndex(json("{key: {more: 1}}")));
            try (IndexWorld.Writer writer = world.writer()) {
                writer.put(1, json("{_id: 1, p3: 1}"), TransactionMode.OPTIMISTIC);
            }
            world.verify();
            world.ddl(ddl -> world.catalog.drop(ddl.transaction(), IndexWorld.NAME, ddl.scratch()));
            world.createCollection();
            assertTrue(world.indexSet().isEmpty());
        });
    }

    @Test
    void keepsLongDefinitions() throws Exception {
        withBoth(world -> {
            world.createCollection();
            BsonDocument definition = json("{key: {a: 1}, partialFilterExpression: {a: {$gte: 1}, note: '"
                    + "x".repeat(20_000) + "'}}");
            world.createIndex(definition);
            Indexes fresh = new Indexes(world.engine, world.catalog, IndexWorld.FILTERS);
            try (Session session = world.engine.openSession()) {
                assertEquals(IndexDefinition.of(definition),
                        fresh.of(world.entry(), session).all().getFirst().definition());
            }
            assertThrows(InvalidIndexException.class, () -> world.createIndex(json(
                    "{key: {b: 1}, partialFilterExpression: {a: {$gte: 1}, note: '" + "x".repeat(70_000) + "'}}")));
        });
    }

    /** One thread, against a model of documents; refusals exactly where the model refuses. */
    @Test
    void agreesWithModel() throws Exception {
        withBoth(world -> {
            SplittableRandom random = seed.random("model");
            world.createCollection();
            List<IndexDefinition> definitions = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                BsonDocument specification = RandomIndex.specification(random, 2);
                if (i == 0) {
                    specification.put("unique", BsonBoolean.TRUE);
                } else if (i == 1) {
                    specification.remove("sparse");
                    specification.put("partialFilterExpression", json("{a: {$gte: 2}}"));
                }
                IndexDefinition definition = IndexDefinition.of(specification);
                if (names.add(definition.name())) {
                    definitions.add(world.createIndex(specification).definition());
                }
            }
            Map<Integer, BsonDocument> model = new TreeMap<>();
            RandomDocuments documents = new RandomDocuments(random.split(), 0.15);
            int refused = 0;
            try (IndexWorld.Writer writer = world.writer()) {
                for (int step = 0; step < Seed.scaled(600); step++) {
                    int id = random.nextInt(40);
                    BsonDocument document = random.nextInt(5) == 0 ? null : documents.document(new BsonInt32(id));
                    TransactionMode mode = random.nextBoolean()
                            ? TransactionMode.OPTIMISTIC
                            : TransactionMode.EXCLUSIVE;
                    if (document != null && isRefused(definitions, model, id, document)) {
                        refused++;
                        assertThrows(NexusLiteException.class, () -> writer.put(id, document, mode),
                                () -> document + " on " + definitions + " of " + model);
                        continue;
                    }
                    writer.put(id, document, mode);
                    if (document == null) {
                        model.remove(id);
                    } else {
                        model.put(id, document);
                    }
                    if (step % 50 == 0) {
                        assertEquals(model.size(), world.verify());
                    }
                }
            }
            assertEquals(model.size(), world.verify());
            assertTrue(refused > 0 || Seed.scaled(600) < 100);
        });
    }

    private static boolean isRefused(List<IndexDefinition> definitions, Map<Integer, BsonDocument> model, int id,
            BsonDocument document) {
        for (IndexDefinition definition : definitions) {
            if (definition.partialFilterOrNull() != null
                    && !IndexWorld.matches(definition.partialFilterOrNull(), document)) {
                continue;
            }
            Set<byte[]> keys;
            try {
                keys = ReferenceKeys.of(definition, document).keys(document.get("_id")).keySet();
            } catch (ReferenceKeys.Refused e) {
                return true;
            }
            if (definition.unique() && model.entrySet().stream().anyMatch(other -> other.getKey() != id
                    && ReferenceKeys.of(definition, other.getValue()).keys(new BsonInt32(0)).keySet().stream()
                            .anyMatch(keys::contains))) {
                return true;
            }
        }
        return false;
    }

    /** Many threads; at every snapshot each index has the entries of its documents, and unique keys are unique. */
    @Test
    void holdsUnderManyWriters() throws Exception {
        withBoth(world -> {
            world.createCollection();
            world.createIndex(json("{key: {a: 1}, unique: true, sparse: true}"));
            world.createIndex(json("{key: {'b.c': -1, a: 1}}"));
            AtomicInteger refused = new AtomicInteger();
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger writing = new AtomicInteger(4);
            Threads.run(5, thread -> {
                SplittableRandom random = seed.random("thread " + thread);
                if (thread == 4) {
                    do {
                        world.verify();
                    } while (!done.get());
                    return;
                }
                RandomDocuments documents = new RandomDocuments(random.split(), 0.1);
                try (IndexWorld.Writer writer = world.writer()) {
                    for (int step = 0; step < Seed.scaled(150); step++) {
                        int id = random.nextInt(12);
                        BsonDocument document = documents.document(new BsonInt32(id));
                        if (random.nextBoolean()) {
                            document.put("a", new BsonInt32(random.nextInt(12)));
                        }
                        try {
                            writer.put(id, random.nextInt(4) == 0 ? null : document, random.nextInt(4) == 0
                                    ? TransactionMode.EXCLUSIVE
                                    : TransactionMode.OPTIMISTIC);
                        } catch (DuplicateKeyException | InvalidDocumentException e) {
                            refused.incrementAndGet();
                        }
                    }
                } finally {
                    done.set(writing.decrementAndGet() == 0);
                }
            });
            world.verify();
            assertTrue(refused.get() > 0 || Seed.scaled(150) < 50);
        });
    }
}
