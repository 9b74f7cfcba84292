package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.UpdateFailedException;
import io.nexuslite.store.ModelEngine;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.bson.BsonInt32;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpdateCollectionTest {
    private static final UpdateOptions UPSERT = UpdateOptions.defaults().withUpsert(true);

    private final TestDatabase test = new TestDatabase();
    private final DocumentCollection<Document> items = test.database.collection("items");

    @AfterEach
    void close() {
        test.close();
    }

    private static Document doc(String json) {
        return Document.parse(json);
    }

    private void insert(String... json) {
        for (String each : json) {
            items.insertOne(doc(each));
        }
    }

    @Test
    void updatesTheFirstThatMatches() {
        insert("{_id: 1, n: 1}", "{_id: 2, n: 1}");
        assertEquals(new UpdateResult(1, 1, null),
                items.updateOne(doc("{n: 1}"), doc("{$inc: {n: 5}, $set: {m: 'x'}}")));
        assertEquals(List.of(doc("{_id: 1, n: 6, m: 'x'}"), doc("{_id: 2, n: 1}")), items.find().toList());
        assertEquals(new UpdateResult(1, 0, null), items.updateOne(doc("{_id: 1}"), doc("{$set: {m: 'x'}}")));
        assertEquals(new UpdateResult(0, 0, null), items.updateOne(doc("{_id: 9}"), doc("{$set: {m: 'x'}}")));
    }

    @Test
    void updatesAllThatMatchedBefore() {
        insert("{_id: 1, n: 1}", "{_id: 2, n: 2}", "{_id: 3, n: 9}");
        assertEquals(new UpdateResult(2, 2, null), items.updateMany(doc("{n: {$lt: 5}}"), doc("{$inc: {n: 1}}")));
        assertEquals(List.of(doc("{_id: 1, n: 2}"), doc("{_id: 2, n: 3}"), doc("{_id: 3, n: 9}")),
                items.find().toList());
        assertEquals(new UpdateResult(3, 1, null), items.updateMany(doc("{}"), doc("{$max: {n: 3}}")));
    }

    @Test
    void updateManyIsAllOrNothing() {
        insert("{_id: 1, n: 1}", "{_id: 2, n: 'x'}");
        UpdateFailedException failed = assertThrows(UpdateFailedException.class,
                () -> items.updateMany(doc("{}"), doc("{$inc: {n: 1}}")));
        assertEquals("n", failed.path());
        assertEquals("$inc", failed.operator());
        assertEquals(List.of(doc("{_id: 1, n: 1}"), doc("{_id: 2, n: 'x'}")), items.find().toList());
    }

    @Test
    void keepsTheId() {
        insert("{_id: 1, n: 1}");
        for (String update : List.of("{$set: {_id: 2}}", "{$unset: {_id: 1}}", "{$rename: {_id: 'x'}}",
                "{$inc: {_id: 1}}")) {
            assertThrows(InvalidDocumentException.class, () -> items.updateOne(doc("{}"), doc(update)), update);
        }
        assertEquals(new UpdateResult(1, 1, null), items.updateOne(doc("{}"), doc("{$set: {_id: 1, n: 2}}")));
        assertEquals(List.of(doc("{_id: 1, n: 2}")), items.find().toList());
    }

    @Test
    void keepsTagsAndExpiry() {
        items.insertOne(doc("{_id: 1, n: 1}"),
                InsertOptions.defaults().withTags("a").withTimeToLive(Duration.ofHours(1)));
        DocumentMetadata before = items.metadata(1).orElseThrow();
        items.updateOne(doc("{_id: 1}"), doc("{$inc: {n: 1}}"));
        DocumentMetadata after = items.metadata(1).orElseThrow();
        assertEquals(before.tags(), after.tags());
        assertEquals(before.expiry(), after.expiry());
        assertEquals(before.created(), after.created());
    }

    @Test
    void upsertsWhatTheFilterAsksFor() {
        UpdateResult result = items.updateOne(doc("{_id: 7, 'a.b': 1, c: {$gt: 5}, $or: [{d: {$eq: 2}}]}"),
                doc("{$set: {e: 1}, $setOnInsert: {f: 1}, $inc: {n: 3}}"), UPSERT);
        assertEquals(new UpdateResult(0, 0, new BsonInt32(7)), result);
        assertEquals(doc("{_id: 7, a: {b: 1}, d: 2, e: 1, f: 1, n: 3}"), items.find().first());
        assertEquals(new UpdateResult(1, 1, null),
                items.updateOne(doc("{_id: 7}"), doc("{$setOnInsert: {f: 2}, $inc: {n: 1}}"), UPSERT));
        assertEquals(doc("{_id: 7, a: {b: 1}, d: 2, e: 1, f: 1, n: 4}"), items.find().first());
        assertTrue(items.updateMany(doc("{x: 1}"), doc("{$set: {y: 1}}"), UPSERT).upsertedId().isPresent());
        assertEquals(2, items.countDocuments());
        assertThrows(DuplicateKeyException.class,
                () -> items.updateOne(doc("{_id: 7, n: 99}"), doc("{$set: {e: 2}}"), UPSERT));
        assertThrows(InvalidDocumentException.class,
                () -> items.updateOne(doc("{_id: 8}"), doc("{$set: {_id: 9}}"), UPSERT));
        assertEquals(new BsonInt32(9),
                items.updateOne(doc("{z: 8}"), doc("{$set: {_id: 9}}"), UPSERT).upsertedIdOrNull());
    }

    @Test
    void updatesElementsOfArrays() {
        insert("{_id: 1, a: [1, 5, 9]}", "{_id: 2, a: [{b: 1}, {b: 2}, {b: 1}]}");
        assertEquals(new UpdateResult(1, 1, null), items.updateOne(doc("{a: {$gt: 4}}"), doc("{$inc: {'a.$': 1}}")));
        assertEquals(new UpdateResult(1, 1, null), items.updateOne(doc("{_id: 2}"), doc("{$set: {'a.$[one].b': 7}}"),
                UpdateOptions.defaults().withArrayFilters(List.of(doc("{'one.b': 1}")))));
        assertEquals(List.of(doc("{_id: 1, a: [1, 6, 9]}"), doc("{_id: 2, a: [{b: 7}, {b: 2}, {b: 7}]}")),
                items.find().toList());
        assertEquals(new UpdateResult(2, 2, null), items.updateMany(doc("{}"), doc("{$set: {'a.$[]': 0}}")));
        UpdateFailedException failed = assertThrows(UpdateFailedException.class,
                () -> items.updateMany(doc("{_id: {$gt: 0}}"), doc("{$set: {'a.$': 0}}")));
        assertEquals("a.$", failed.path());
        assertThrows(InvalidQueryException.class, () -> items.updateOne(doc("{}"), doc("{$set: {'a.$[i]': 0}}")));
    }

    @Test
    void upsertsWithArrayFilters() {
        UpdateOptions elements = UPSERT.withArrayFilters(List.of(doc("{i: 0}")));
        items.updateOne(doc("{_id: 5, a: [0]}"), doc("{$setOnInsert: {'a.$[i]': 1}}"), elements);
        assertEquals(doc("{_id: 5, a: [1]}"), items.find().first());
        assertThrows(UpdateFailedException.class,
                () -> items.updateOne(doc("{_id: 6, a: [0]}"), doc("{$set: {'a.$': 1}}"), UPSERT));
        assertEquals(1, items.countDocuments());
    }

    @Test
    void setsTheClock() {
        insert("{_id: 1}");
        items.updateOne(doc("{}"), doc("{$currentDate: {at: true}}"));
        assertEquals(new Date(ModelEngine.START_MILLIS), items.find().first().getDate("at"));
    }

    @Test
    void refusesReplacements() {
        assertThrows(InvalidQueryException.class, () -> items.updateOne(doc("{}"), doc("{a: 1}")));
        assertThrows(InvalidQueryException.class, () -> items.updateOne(doc("{}"), doc("{}")));
        assertEquals(List.of(), test.database.collectionNames());
    }

    @Test
    void isPartOfATransaction() {
        insert("{_id: 1, n: 1}");
        test.database.transact(transaction -> {
            DocumentCollection<Document> inside = transaction.collection("items");
            inside.updateOne(doc("{_id: 1}"), doc("{$inc: {n: 1}}"));
            inside.updateMany(doc("{n: 2}"), doc("{$inc: {n: 1}}"));
            return null;
        });
        assertEquals(doc("{_id: 1, n: 3}"), items.find().first());
    }
}
