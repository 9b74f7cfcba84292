package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.error.ReadOnlyException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CrudTest {
    private final TestDatabase test = new TestDatabase();
    private final Database database = test.database;
    private final DocumentCollection<Document> people = database.collection("people");

    @AfterEach
    void close() {
        test.close();
    }

    private static Document doc(String json) {
        return Document.parse(json);
    }

    private void insert(String... json) {
        for (String each : json) {
            people.insertOne(doc(each));
        }
    }

    @Test
    void insertsAndFinds() {
        InsertOneResult result = people.insertOne(doc("{_id: 1, name: 'Ada', tags: ['x', 'y']}"));
        assertEquals(new BsonInt32(1), result.insertedId());
        assertEquals(doc("{_id: 1, name: 'Ada', tags: ['x', 'y']}"), people.find(doc("{tags: 'y'}")).first());
        assertEquals(doc("{_id: 1, name: 'Ada', tags: ['x', 'y']}"), people.findById(1L).orElseThrow());
        assertTrue(people.findById(2).isEmpty());
        assertNull(people.find(doc("{tags: 'z'}")).first());
        assertEquals(1, people.estimatedDocumentCount());
    }

    @Test
    void emptyWhereThereIsNoCollection() {
        assertEquals(List.of(), people.find().toList());
        assertEquals(0, people.countDocuments());
        assertEquals(0, people.estimatedDocumentCount());
        assertEquals(new DeleteResult(0), people.deleteMany(doc("{}")));
        assertFalse(people.deleteById(1));
        assertEquals(List.of(), database.collectionNames());
    }

    @Test
    void generatesUuidAndWritesItBack() {
        Document document = new Document("name", "Ada");
        InsertOneResult result = people.insertOne(document);
        UUID id = assertInstanceOf(UUID.class, document.get("_id"));
        assertEquals(4, id.version());
        assertEquals(new BsonBinary(id), result.insertedId());
        assertEquals("_id", people.find().first().keySet().iterator().next());
        assertEquals(document, people.findById(id).orElseThrow());
    }

    @Test
    void movesIdFirst() {
        insert("{a: 1, _id: 5, b: 2}");
        assertEquals(List.of("_id", "a", "b"), List.copyOf(people.findById(5).orElseThrow().keySet()));
    }

    @Test
    void refusesDuplicates() {
        insert("{_id: 1}");
        DuplicateKeyException refused = assertThrows(DuplicateKeyException.class, () -> insert("{_id: 1.0}"));
        assertEquals("people", refused.collection());
        assertEquals("_id", refused.field());
    }

    @Test
    void insertManyIsAllOrNothing() {
        insert("{_id: 3}");
        assertThrows(DuplicateKeyException.class,
                () -> people.insertMany(List.of(doc("{_id: 1}"), doc("{_id: 2}"), doc("{_id: 3}"))));
        assertThrows(DuplicateKeyException.class, () -> people.insertMany(List.of(doc("{_id: 1}"), doc("{_id: 1}"))));
        assertEquals(1, people.countDocuments());
        InsertManyResult result = people.insertMany(List.of(doc("{_id: 1}"), doc("{_id: 2}")));
        assertEquals(List.of(new BsonInt32(1), new BsonInt32(2)), result.insertedIds());
        assertThrows(IllegalArgumentException.class, () -> people.insertMany(List.of()));
    }

    @Test
    void givesResultsInOrderOfId() {
        insert("{_id: 'b'}", "{_id: 3}", "{_id: {x: 1}}", "{_id: 'a'}", "{_id: 1.5}", "{_id: null}");
        List<Object> ids = new ArrayList<>();
        people.find().map(document -> document.get("_id")).forEach(ids::add);
        List<Object> expected = new ArrayList<>();
        expected.add(null);
        expected.addAll(List.of(1.5, 3, "a", "b", doc("{x: 1}")));
        assertEquals(expected, ids);
    }

    @Test
    void usesRangesOfIds() {
        people.insertMany(IntStream.range(0, 100).mapToObj(i -> new Document("_id", i)).toList());
        insert("{_id: 'x'}", "{_id: null}");
        assertEquals(List.of(5, 6), ids(people.find(doc("{_id: {$gt: 4, $lte: 6}}"))));
        assertEquals(List.of(98, 99), ids(people.find(doc("{_id: {$gte: 98}}"))));
        assertEquals(List.of(0, 1), ids(people.find(doc("{_id: {$lt: 2}}"))));
        assertEquals(List.of(1, 0), ids(people.find(doc("{_id: {$lt: 2}}")).sort(doc("{_id: -1}"))));
        assertEquals(List.of(99, 98), ids(people.find(doc("{_id: {$gt: 97}}")).sort(doc("{_id: -1}"))));
        assertEquals(List.of(2, 7, 9), ids(people.find(doc("{_id: {$in: [9, 2, 'nothing', 7, 2.0]}}"))));
        assertEquals(List.of(9, 7), ids(people.find(doc("{_id: {$in: [9, 7]}}")).sort(doc("{_id: -1}"))));
        assertEquals(List.of(50), ids(people.find(doc("{_id: 50, $or: [{_id: 50}, {a: 1}]}"))));
        assertEquals(List.of(), ids(people.find(doc("{_id: 50, a: 1}"))));
        assertEquals(102, people.countDocuments());
        assertEquals(101, people.countDocuments(doc("{_id: {$ne: 7}}")));
    }

    private static List<Object> ids(FindQuery<Document> query) {
        List<Object> ids = new ArrayList<>();
        query.forEach(document -> ids.add(document.get("_id")));
        return ids;
    }

    @Test
    void sortsSkipsLimitsAndProjects() {
        people.insertMany(IntStream.range(0, 30)
                .mapToObj(i -> new Document("_id", i).append("m", i % 3).append("n", -i)).toList());
        assertEquals(List.of(29, 26, 23),
                ids(people.find(doc("{m: 2}")).sort(doc("{n: 1}")).limit(3)));
        assertEquals(List.of(23, 20), ids(people.find(doc("{m: 2}")).sort(doc("{n: 1}")).skip(2).limit(2)));
        assertEquals(List.of(28, 29), ids(people.find().skip(28)));
        assertEquals(List.of(), ids(people.find().skip(30)));
        assertEquals(List.of(0, 3), ids(people.find().sort(doc("{m: 1, _id: 1}")).limit(2)));
        assertEquals(doc("{_id: 4, n: -4}"), people.find(doc("{_id: 4}")).projection(doc("{n: 1}")).first());
        assertEquals(doc("{m: 1}"), people.find(doc("{_id: 4}")).projection(doc("{n: 0, _id: 0}")).first());
        assertThrows(IllegalArgumentException.class, () -> people.find().limit(-1));
    }

    @Test
    void sortHasALimit() {
        DatabaseOptions small = DatabaseOptions.builder().sortBytesMax(64 * 1024).build();
        try (TestDatabase other = new TestDatabase(small)) {
            DocumentCollection<Document> texts = other.database.collection("texts");
            texts.insertMany(IntStream.range(0, 100).mapToObj(i -> new Document("t", "x".repeat(1000))).toList());
            assertThrows(MemoryBudgetExceededException.class, () -> texts.find().sort(doc("{t: 1}")).toList());
            assertEquals(100, texts.countDocuments());
        }
    }

    @Test
    void replaces() {
        insert("{_id: 1, a: 1}", "{_id: 2, a: 2}");
        assertEquals(new ReplaceResult(1, 1, null), people.replaceOne(doc("{a: 2}"), doc("{b: 3}")));
        assertEquals(doc("{_id: 2, b: 3}"), people.findById(2).orElseThrow());
        assertEquals(new ReplaceResult(1, 0, null), people.replaceOne(doc("{_id: 2}"), doc("{b: 3}")));
        assertEquals(new ReplaceResult(1, 1, null), people.replaceOne(doc("{_id: 2}"), doc("{b: 4, _id: 2}")));
        assertEquals(new ReplaceResult(0, 0, null), people.replaceOne(doc("{_id: 9}"), doc("{b: 4}")));
        assertThrows(InvalidDocumentException.class, () -> people.replaceOne(doc("{_id: 2}"), doc("{_id: 3}")));
        assertEquals(3, people.metadata(2).orElseThrow().version());
        assertEquals(1, people.metadata(1).orElseThrow().version());
    }

    @Test
    void upserts() {
        ReplaceOptions upsert = ReplaceOptions.defaults().withUpsert(true);
        assertEquals(new BsonInt32(7),
                people.replaceOne(doc("{_id: 7}"), doc("{a: 1}"), upsert).upsertedId().orElseThrow());
        assertEquals(doc("{_id: 7, a: 1}"), people.findById(7).orElseThrow());
        assertEquals(new BsonInt32(8),
                people.replaceOne(doc("{a: 9}"), doc("{_id: 8, a: 9}"), upsert).upsertedIdOrNull());
        assertNotNull(people.replaceOne(doc("{a: 10}"), doc("{a: 10}"), upsert).upsertedIdOrNull());
        assertThrows(InvalidDocumentException.class,
                () -> people.replaceOne(doc("{_id: 1}"), doc("{_id: 2}"), upsert));
        assertThrows(DuplicateKeyException.class,
                () -> people.replaceOne(doc("{a: 11}"), doc("{_id: 7}"), upsert));
        assertEquals(3, people.countDocuments());
    }

    @Test
    void deletes() {
        people.insertMany(IntStream.range(0, 10).mapToObj(i -> new Document("_id", i).append("m", i % 2)).toList());
        assertEquals(new DeleteResult(1), people.deleteOne(doc("{m: 1}")));
        assertTrue(people.findById(1).isEmpty());
        assertEquals(new DeleteResult(4), people.deleteMany(doc("{m: 1}")));
        assertTrue(people.deleteById(0));
        assertFalse(people.deleteById(0));
        assertEquals(List.of(2, 4, 6, 8), ids(people.find()));
        assertEquals(new DeleteResult(4), people.deleteMany(doc("{}")));
        assertEquals(0, people.estimatedDocumentCount());
    }

    @Test
    void cursorKeepsItsSnapshot() {
        people.insertMany(IntStream.range(0, 10).mapToObj(i -> new Document("_id", i)).toList());
        try (DocumentCursor<Document> cursor = people.find().iterator()) {
            cursor.next();
            people.deleteMany(doc("{}"));
            int left = 0;
            while (cursor.hasNext()) {
                cursor.next();
                left++;
            }
            assertEquals(9, left);
        }
        assertEquals(0, people.countDocuments());
    }

    @Test
    void cursorGivesViewsAndEnds() {
        insert("{_id: 1, a: 'x'}", "{_id: 2, a: 'y'}");
        DocumentView view = new DocumentView();
        DocumentCursor<Document> cursor = people.find().sort(doc("{a: -1}")).iterator();
        assertTrue(cursor.advance(view));
        assertEquals(BsonDocument.parse("{_id: 2, a: 'y'}"), view.document().toBsonDocument());
        assertEquals(1, view.metadata().version());
        assertTrue(cursor.advance(view));
        assertFalse(cursor.advance(view));
        cursor.close();
        assertThrows(io.nexuslite.error.DatabaseClosedException.class, () -> cursor.advance(view));
        assertFalse(cursor.hasNext());
        Iterator<Document> none = people.find(doc("{a: 'z'}")).iterator();
        assertThrows(java.util.NoSuchElementException.class, none::next);
    }

    @Test
    void keepsOtherKindsOfDocuments() {
        DocumentCollection<BsonDocument> bson = database.collection("people", BsonDocument.class);
        BsonDocument document = BsonDocument.parse("{a: 1}");
        bson.insertOne(document);
        assertTrue(document.containsKey("_id"));
        assertEquals(document, bson.find().first());
        DocumentCollection<RawBsonDocument> raw = database.collection("raw", RawBsonDocument.class);
        InsertOneResult result = raw.insertOne(RawBsonDocument.parse("{a: 1}"));
        assertEquals(result.insertedId(), raw.find().first().get("_id"));
        assertEquals(BsonDocument.class, bson.documentClass());
        assertEquals("people", bson.name());
    }

    @Test
    void generatesOtherIdsIfAsked() {
        DatabaseOptions options = DatabaseOptions.builder().generatedId(GeneratedId.OBJECT_ID).build();
        try (TestDatabase other = new TestDatabase(options)) {
            Document document = new Document("a", 1);
            other.database.collection("c").insertOne(document);
            assertInstanceOf(ObjectId.class, document.get("_id"));
        }
    }

    @Test
    void refusesDocumentsThatCannotBeStored() {
        assertThrows(InvalidDocumentException.class, () -> insert("{_id: [1]}"));
        assertThrows(InvalidDocumentException.class,
                () -> people.insertOne(new Document("t", new byte[17 * 1024 * 1024])));
        Document deep = new Document();
        for (int i = 0; i < 120; i++) {
            deep = new Document("d", deep);
        }
        Document tooDeep = deep;
        assertThrows(InvalidDocumentException.class, () -> people.insertOne(tooDeep));
        assertThrows(KeyTooLongException.class, () -> people.insertOne(new Document("_id", "x".repeat(1100))));
        assertTrue(people.findById("x".repeat(1100)).isEmpty());
        assertNull(people.find(new Document("_id", "x".repeat(1100))).first());
        assertEquals(0, people.countDocuments());
        assertEquals(List.of(), database.collectionNames());
    }

    @Test
    void refusesBadQueriesWhenRun() {
        insert("{_id: 1}");
        assertThrows(InvalidQueryException.class, () -> people.find(doc("{a: {$foo: 1}}")).first());
        assertThrows(InvalidQueryException.class, () -> people.find().sort(doc("{a: 5}")).toList());
        assertThrows(InvalidQueryException.class, () -> people.find().projection(doc("{a: 1, b: 0}")).toList());
        assertThrows(InvalidQueryException.class, () -> people.deleteMany(doc("{$foo: 1}")));
        assertThrows(InvalidQueryException.class, () -> people.replaceOne(doc("{$foo: 1}"), doc("{}")));
    }

    @Test
    void refusesWritesWhereNothingMayBeWritten() {
        insert("{_id: 1}");
        test.engine.setReadOnly(true);
        assertThrows(ReadOnlyException.class, () -> insert("{_id: 2}"));
        assertThrows(ReadOnlyException.class, () -> people.deleteMany(doc("{}")));
        assertThrows(ReadOnlyException.class, () -> database.dropCollection("people"));
        assertEquals(1, people.countDocuments());
        test.engine.setReadOnly(false);
    }

    @Test
    void survivesReopening() {
        insert("{_id: 1}", "{_id: 2}");
        try (TestDatabase again = test.reopen()) {
            assertEquals(List.of("people"), again.database.collectionNames());
            assertEquals(2, again.database.collection("people").countDocuments());
        }
        assertThrows(io.nexuslite.error.DatabaseClosedException.class, () -> people.find().first());
        assertThrows(io.nexuslite.error.DatabaseClosedException.class, () -> insert("{_id: 3}"));
        assertThrows(io.nexuslite.error.DatabaseClosedException.class, () -> database.collection("x"));
    }
}
