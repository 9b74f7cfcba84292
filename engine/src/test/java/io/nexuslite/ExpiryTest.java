package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.error.ReadOnlyException;
import io.nexuslite.store.ModelEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents that expire, with a clock that stands until it is moved. */
class ExpiryTest {
    private static final InsertOptions MINUTE = InsertOptions.defaults().withTimeToLive(Duration.ofMinutes(1));

    private final TestDatabase test = new TestDatabase();
    private final Database database = test.database;
    private final DocumentCollection<Document> cache = database.collection("cache");
    private final DocumentCollection<Document> temp = database.collection("_tempDocuments");

    @AfterEach
    void close() {
        test.close();
    }

    private static Document id(int id) {
        return new Document("_id", id);
    }

    private void pass(Duration time) {
        test.engine.advanceClock(time.toMillis());
    }

    private long entries() {
        return database.statistics().ephemeralDocuments();
    }

    @Test
    void expiredIsInvisibleOnEveryPath() {
        cache.insertOne(id(1), MINUTE);
        cache.insertOne(id(2));
        pass(Duration.ofMillis(59_999));
        assertEquals(2, cache.countDocuments());
        pass(Duration.ofMillis(1));
        assertEquals(List.of(id(2)), cache.find().toList());
        assertEquals(List.of(id(2)), cache.find().sort(new Document("x", 1)).toList());
        assertEquals(1, cache.countDocuments());
        assertTrue(cache.findById(1).isEmpty());
        assertTrue(cache.metadata(1).isEmpty());
        assertEquals(new ReplaceResult(0, 0, null), cache.replaceOne(id(1), id(1)));
        assertFalse(cache.deleteById(1));
        assertEquals(0, cache.deleteMany(id(1)).deletedCount());
        try (Session session = database.openSession(); DocumentId key = new DocumentId()) {
            assertFalse(cache.get(session, key.set(1), new DocumentView()));
            assertFalse(cache.delete(session, key.set(1)));
            assertTrue(cache.get(session, key.set(2), new DocumentView()));
        }
        database.transact(inside -> {
            assertEquals(1, inside.collection("cache").countDocuments());
            assertTrue(inside.collection("cache").findById(1).isEmpty());
            return null;
        });
        assertEquals(0, temp.countDocuments());
    }

    @Test
    void snapshotJudgesAtItsStart() {
        cache.insertOne(id(1), MINUTE);
        try (Snapshot snapshot = database.snapshot("test")) {
            pass(Duration.ofHours(1));
            assertEquals(1, database.sweepExpired(10));
            assertEquals(1, snapshot.collection("cache").countDocuments());
            assertTrue(snapshot.collection("cache").findById(1).isPresent());
            assertEquals(1, snapshot.collection("_tempDocuments").countDocuments());
        }
        assertEquals(0, cache.countDocuments());
    }

    @Test
    void sweepsTheOldestFirstUpToALimit() {
        for (int i = 0; i < 10; i++) {
            cache.insertOne(id(i), InsertOptions.defaults().withTimeToLive(Duration.ofSeconds(100 - i)));
        }
        cache.insertOne(id(10));
        pass(Duration.ofSeconds(95));
        assertEquals(2, database.sweepExpired(2));
        assertEquals(8, entries());
        assertEquals(9, cache.estimatedDocumentCount());
        assertEquals(3, database.sweepExpired(1000));
        assertEquals(0, database.sweepExpired(1000));
        assertEquals(List.of(0, 1, 2, 3, 4, 10),
                cache.find().toList().stream().map(each -> each.getInteger("_id")).toList());
        assertEquals(5, entries());
    }

    @Test
    void sweepsManyInBatches() {
        for (int i = 0; i < 700; i++) {
            cache.insertOne(id(i), MINUTE);
        }
        pass(Duration.ofHours(1));
        assertEquals(700, database.sweepExpired(Long.MAX_VALUE));
        assertEquals(0, entries());
        assertEquals(0, cache.estimatedDocumentCount());
    }

    @Test
    void insertTakesThePlaceOfAnExpiredDocument() {
        cache.insertOne(id(1), MINUTE);
        pass(Duration.ofMinutes(2));
        cache.insertOne(id(1));
        assertEquals(0, entries());
        assertEquals(1, cache.metadata(1).orElseThrow().version());
        assertEquals(0, database.sweepExpired(10));
        assertEquals(1, cache.countDocuments());
    }

    @Test
    void replacementKeepsChangesOrTakesAwayExpiry() {
        cache.insertOne(id(1), MINUTE);
        cache.replaceOne(id(1), new Document("a", 1));
        assertEquals(DocumentType.EPHEMERAL, cache.metadata(1).orElseThrow().type());
        assertEquals(1, entries());
        cache.replaceOne(id(1), new Document("a", 1), ReplaceOptions.defaults().withTimeToLive(Duration.ofHours(1)));
        assertEquals(1, entries());
        pass(Duration.ofMinutes(2));
        assertEquals(0, database.sweepExpired(10));
        assertEquals(1, cache.countDocuments());
        cache.replaceOne(id(1), new Document("a", 2), ReplaceOptions.defaults().withoutExpiry());
        assertEquals(0, entries());
        assertEquals(DocumentType.PERSISTENT, cache.metadata(1).orElseThrow().type());
    }

    @Test
    void deletionTakesTheEntryAlong() {
        cache.insertOne(id(1), MINUTE);
        cache.insertOne(id(2), MINUTE);
        cache.insertOne(id(3), MINUTE);
        cache.deleteById(1);
        cache.deleteMany(id(2));
        try (Session session = database.openSession(); DocumentId key = new DocumentId()) {
            assertTrue(cache.delete(session, key.set(3L)));
        }
        assertEquals(0, entries());
    }

    @Test
    void droppedCollectionsLeaveNothingBehind() {
        cache.insertOne(id(1), MINUTE);
        database.dropCollection("cache");
        assertEquals(0, temp.countDocuments());
        pass(Duration.ofMinutes(2));
        assertEquals(0, database.sweepExpired(10));
        assertEquals(0, entries());
    }

    @Test
    void tempDocumentsShowsAllThatExpire() {
        DocumentCollection<Document> other = database.collection("other");
        cache.insertOne(id(1), InsertOptions.defaults().withTimeToLive(Duration.ofMinutes(3)));
        cache.insertOne(id(2));
        other.insertOne(id(3), MINUTE);
        assertEquals(List.of(id(3), id(1)), temp.find().toList());
        assertEquals(List.of(id(1), id(3)), temp.find().sort(id(1)).toList());
        assertEquals(id(1), temp.findById(1).orElseThrow());
        assertEquals(DocumentType.EPHEMERAL, temp.metadata(1).orElseThrow().type());
        assertEquals(2, temp.estimatedDocumentCount());
        assertEquals(List.of("cache", "other"), database.collectionNames());
        assertThrows(ReadOnlyException.class, () -> temp.insertOne(id(9)));
        assertThrows(ReadOnlyException.class, () -> temp.deleteMany(id(1)));
    }

    @Test
    void keepsMetadata() {
        Instant start = Instant.ofEpochMilli(ModelEngine.START_MILLIS);
        cache.insertOne(id(1), InsertOptions.defaults().withTags("a", "ä").withExpiry(start.plusSeconds(60)));
        assertEquals(new DocumentMetadata(start, start, 1, List.of("a", "ä"), start.plusSeconds(60)),
                cache.metadata(1).orElseThrow());
        pass(Duration.ofSeconds(1));
        cache.replaceOne(id(1), new Document("x", 1));
        assertEquals(new DocumentMetadata(start, start.plusSeconds(1), 2, List.of("a", "ä"), start.plusSeconds(60)),
                cache.metadata(1).orElseThrow());
        cache.replaceOne(id(1), new Document("x", 1), ReplaceOptions.defaults().withTags());
        assertEquals(List.of(), cache.metadata(1).orElseThrow().tags());
        assertEquals(3, cache.metadata(1).orElseThrow().version());
        DocumentView view = new DocumentView();
        try (DocumentCursor<Document> cursor = cache.find().sort(new Document("x", 1)).iterator()) {
            assertTrue(cursor.advance(view));
            assertEquals(cache.metadata(1).orElseThrow(), view.metadata());
        }
    }

    @Test
    void collectionsMayGiveAnExpiry() {
        database.createCollection("sessions", CollectionOptions.defaults().withTimeToLive(Duration.ofMinutes(5)));
        DocumentCollection<Document> sessions = database.collection("sessions");
        sessions.insertOne(id(1));
        sessions.insertOne(id(2), InsertOptions.defaults().withTimeToLive(Duration.ofMinutes(9)));
        assertEquals(Instant.ofEpochMilli(ModelEngine.START_MILLIS + 300_000),
                sessions.metadata(1).orElseThrow().expiryOrNull());
        pass(Duration.ofMinutes(6));
        assertEquals(List.of(id(2)), sessions.find().toList());
    }

    @Test
    void refusesExpiryThatMakesNoSense() {
        assertThrows(IllegalArgumentException.class, () -> InsertOptions.defaults().withTimeToLive(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> InsertOptions.defaults().withExpiry(Instant.EPOCH));
        assertThrows(IllegalArgumentException.class, () -> InsertOptions.defaults().withTags(""));
        assertThrows(IllegalArgumentException.class, () -> InsertOptions.defaults().withTags("x".repeat(256)));
        Document longId = new Document("_id", "x".repeat(1018));
        cache.insertOne(longId);
        cache.deleteMany(new Document());
        assertThrows(KeyTooLongException.class, () -> cache.insertOne(longId, MINUTE));
        cache.insertOne(id(1), InsertOptions.defaults().withExpiry(Instant.ofEpochMilli(1)));
        assertEquals(0, cache.countDocuments());
    }
}
