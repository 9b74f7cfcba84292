package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.NamespaceException;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
    private final TestDatabase test = new TestDatabase();
    private final Database database = test.database;

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void createsListsAndDrops() {
        database.createCollection("b", CollectionOptions.defaults());
        database.collection("a").insertOne(new Document("_id", 1));
        assertEquals(List.of("a", "b"), database.collectionNames());
        assertThrows(NamespaceException.class, () -> database.createCollection("a", CollectionOptions.defaults()));
        assertTrue(database.dropCollection("a"));
        assertFalse(database.dropCollection("a"));
        assertEquals(List.of("b"), database.collectionNames());
        assertEquals(0, database.collection("a").countDocuments());
        database.collection("a").insertOne(new Document("_id", 1));
        assertEquals(1, database.collection("a").countDocuments());
    }

    @Test
    void renamesWithAllDocuments() {
        DocumentCollection<Document> a = database.collection("a");
        a.insertOne(new Document("_id", 1));
        database.collection("c").insertOne(new Document("_id", 2));
        database.renameCollection("a", "b");
        assertEquals(List.of("b", "c"), database.collectionNames());
        assertEquals(0, a.countDocuments());
        assertTrue(a.findById(1).isEmpty());
        assertEquals(1, database.collection("b").countDocuments());
        assertThrows(NamespaceException.class, () -> database.renameCollection("a", "d"));
        assertThrows(NamespaceException.class, () -> database.renameCollection("b", "c"));
        assertThrows(NamespaceException.class, () -> database.renameCollection("b", "$x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$a", "a\0b", "system.users", "\uD800"})
    void refusesNames(String name) {
        assertThrows(NamespaceException.class, () -> database.collection(name));
        assertThrows(NamespaceException.class, () -> database.createCollection(name, CollectionOptions.defaults()));
        assertThrows(NamespaceException.class, () -> database.dropCollection(name));
    }

    @Test
    void boundsNames() {
        assertThrows(NamespaceException.class, () -> database.collection("ä".repeat(128)));
        database.collection("ä".repeat(127)).insertOne(new Document());
        assertEquals(List.of("ä".repeat(127)), database.collectionNames());
        assertThrows(NamespaceException.class,
                () -> database.createCollection("_tempDocuments", CollectionOptions.defaults()));
        assertThrows(NamespaceException.class, () -> database.dropCollection("_tempDocuments"));
    }

    @Test
    void keepsFieldsItDoesNotKnow() {
        database.createCollection("a", CollectionOptions.defaults());
        try (GrowableBuffer buffer = new GrowableBuffer();
                io.nexuslite.store.Session session = test.engine.openSession()) {
            Tree catalog = test.engine.tree(StorageEngine.CATALOG_TREE_ID);
            RecordView record = new RecordView();
            assertTrue(catalog.get(session, key("a"), record));
            BsonDocument content = new BsonView().wrap(record.memory(), record.offset(), record.length())
                    .toBsonDocument();
            content.put("fromTheFuture", new BsonString("kept"));
            BsonBridge.encode(content, buffer);
            try (Transaction transaction = test.engine.begin(session, TransactionMode.EXCLUSIVE)) {
                transaction.put(catalog, key("a"), buffer.memory(), 0, buffer.length());
                transaction.commit();
            }
            database.renameCollection("a", "b");
            assertTrue(catalog.get(session, key("b"), record));
            assertEquals(content, new BsonView().wrap(record.memory(), record.offset(), record.length())
                    .toBsonDocument());
        }
    }

    private static Key key(String name) {
        byte[] utf8 = ('\u0001' + name).getBytes(StandardCharsets.UTF_8);
        MemorySegment memory = Arena.ofAuto().allocate(utf8.length);
        MemorySegment.copy(MemorySegment.ofArray(utf8), 0, memory, 0, utf8.length);
        return new Key().wrap(memory, 0, utf8.length);
    }

    @Test
    void changesInsideTransactions() {
        database.transact(inside -> {
            inside.createCollection("a", CollectionOptions.defaults());
            inside.collection("a").insertOne(new Document("_id", 1));
            inside.collection("b").insertOne(new Document("_id", 2));
            inside.renameCollection("b", "c");
            assertEquals(List.of("a", "c"), inside.collectionNames());
            assertEquals(1, inside.collection("c").countDocuments());
            assertEquals(0, inside.collection("b").countDocuments());
            assertTrue(inside.dropCollection("a"));
            assertEquals(0, inside.collection("a").countDocuments());
            return null;
        });
        assertEquals(List.of("c"), database.collectionNames());
        assertThrows(IllegalStateException.class, () -> database.transact(inside -> {
            inside.dropCollection("c");
            throw new IllegalStateException("undo");
        }));
        assertEquals(1, database.collection("c").countDocuments());
    }
}
