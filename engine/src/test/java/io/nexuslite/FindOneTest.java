package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.ReadOnlyException;
import io.nexuslite.error.UpdateFailedException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FindOneTest {
    private static final FindOneAndUpdateOptions AFTER = FindOneAndUpdateOptions.defaults()
            .withReturnDocument(ReturnDocument.AFTER);

    private final TestDatabase test = new TestDatabase();
    private final DocumentCollection<Document> items = test.database.collection("items");

    @BeforeEach
    void insert() {
        items.insertMany(
                List.of(doc("{_id: 1, n: 5, a: [1, 2]}"), doc("{_id: 2, n: 9, a: [3]}"), doc("{_id: 3, n: 1}")));
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static Document doc(String json) {
        return Document.parse(json);
    }

    @Test
    void givesTheStateBeforeOrAfterAnUpdate() {
        assertEquals(doc("{_id: 1, n: 5, a: [1, 2]}"),
                items.findOneAndUpdate(doc("{n: {$gt: 2}}"), doc("{$inc: {n: 1}}")));
        assertEquals(doc("{_id: 1, n: 7, a: [1, 2]}"),
                items.findOneAndUpdate(doc("{n: {$gt: 2}}"), doc("{$inc: {n: 1}}"), AFTER));
        assertEquals(doc("{_id: 1, n: 7, a: [1, 2]}"),
                items.findOneAndUpdate(doc("{_id: 1}"), doc("{$set: {n: 7}}"), AFTER), "no change is a state too");
        assertNull(items.findOneAndUpdate(doc("{_id: 9}"), doc("{$set: {n: 1}}"), AFTER));
        assertEquals(7, items.findById(1).orElseThrow().getInteger("n"));
    }

    @Test
    void takesTheFirstInTheOrderAskedFor() {
        FindOneAndUpdateOptions highest = AFTER.withSort(doc("{n: -1}")).withProjection(doc("{_id: 0, n: 1}"));
        assertEquals(doc("{n: 109}"), items.findOneAndUpdate(doc("{}"), doc("{$inc: {n: 100}}"), highest));
        assertEquals(doc("{_id: 3, n: 1}"), items.findOneAndDelete(doc("{}"),
                FindOneAndDeleteOptions.defaults().withSort(doc("{n: 1}"))));
        assertEquals(doc("{_id: 2}"), items.findOneAndReplace(doc("{}"), doc("{x: 1}"), FindOneAndReplaceOptions
                .defaults().withSort(doc("{_id: -1}")).withProjection(doc("{_id: 1}"))));
        assertEquals(List.of(doc("{_id: 1, n: 5, a: [1, 2]}"), doc("{_id: 2, x: 1}")), items.find().toList());
    }

    @Test
    void upserts() {
        assertNull(items.findOneAndUpdate(doc("{_id: 7, k: 1}"), doc("{$set: {n: 1}}"),
                FindOneAndUpdateOptions.defaults().withUpsert(true)));
        assertEquals(doc("{_id: 7, k: 1, n: 1}"), items.findById(7).orElseThrow());
        assertEquals(doc("{_id: 8, n: 1}"),
                items.findOneAndUpdate(doc("{_id: 8}"), doc("{$set: {n: 1}}"), AFTER.withUpsert(true)));
        assertEquals(doc("{_id: 9, z: 1}"), items.findOneAndReplace(doc("{_id: 9}"), doc("{z: 1}"),
                FindOneAndReplaceOptions.defaults().withUpsert(true).withReturnDocument(ReturnDocument.AFTER)));
        assertNull(items.findOneAndReplace(doc("{_id: 10}"), doc("{z: 1}")));
        assertEquals(6, items.countDocuments());
    }

    @Test
    void replacesAndKeepsTheId() {
        assertEquals(doc("{_id: 1, n: 5, a: [1, 2]}"), items.findOneAndReplace(doc("{n: 5}"), doc("{m: 1}")));
        assertEquals(doc("{_id: 1, m: 1}"), items.findById(1).orElseThrow());
        assertThrows(InvalidDocumentException.class, () -> items.findOneAndReplace(doc("{_id: 1}"), doc("{_id: 2}")));
        assertEquals(doc("{_id: 1, m: 1}"), items.findById(1).orElseThrow());
    }

    @Test
    void deletes() {
        assertEquals(doc("{_id: 2, n: 9, a: [3]}"), items.findOneAndDelete(doc("{n: 9}")));
        assertNull(items.findOneAndDelete(doc("{n: 9}")));
        assertEquals(2, items.countDocuments());
    }

    @Test
    void changesAndGivesElementsOfArrays() {
        FindOneAndUpdateOptions element = FindOneAndUpdateOptions.defaults().withProjection(doc("{_id: 0, 'a.$': 1}"));
        assertEquals(doc("{a: [2]}"), items.findOneAndUpdate(doc("{a: 2}"), doc("{$set: {'a.$': 7}}"), element));
        assertEquals(doc("{_id: 1, n: 5, a: [1, 7]}"), items.findById(1).orElseThrow());
        assertThrows(InvalidQueryException.class, () -> items.findOneAndUpdate(doc("{a: 7}"), doc("{$set: {'a.$': 8}}"),
                element.withReturnDocument(ReturnDocument.AFTER)));
        assertEquals(doc("{_id: 1, n: 5, a: [0, 7]}"), items.findOneAndUpdate(doc("{_id: 1}"),
                doc("{$set: {'a.$[small]': 0}}"), AFTER.withArrayFilters(List.of(doc("{small: {$lt: 5}}")))));
    }

    @Test
    void changesNothingWhereItFails() {
        assertThrows(UpdateFailedException.class, () -> items.findOneAndUpdate(doc("{_id: 1}"), doc("{$inc: {a: 1}}")));
        assertThrows(InvalidQueryException.class, () -> items.findOneAndUpdate(doc("{_id: 1}"), doc("{a: 1}")));
        assertThrows(InvalidQueryException.class, () -> items.findOneAndDelete(doc("{}"),
                FindOneAndDeleteOptions.defaults().withSort(doc("{n: 2}"))));
        assertThrows(IllegalArgumentException.class, () -> AFTER.withMaxTime(Duration.ZERO));
        assertEquals(doc("{_id: 1, n: 5, a: [1, 2]}"), items.findById(1).orElseThrow());
        assertThrows(ReadOnlyException.class,
                () -> test.database.collection("_tempDocuments").findOneAndDelete(doc("{}")));
    }

    @Test
    void isPartOfATransaction() {
        assertThrows(IllegalStateException.class, () -> test.database.transact(transaction -> {
            transaction.collection("items").findOneAndDelete(doc("{_id: 1}"));
            assertNull(transaction.collection("items").findOneAndDelete(doc("{_id: 1}")));
            throw new IllegalStateException("no");
        }));
        assertEquals(3, items.countDocuments());
    }

    @Test
    void aManyThatFailsHalfWayEndsItsTransaction() {
        items.insertOne(doc("{_id: 4, n: 'x'}"));
        IllegalStateException refused = assertThrows(IllegalStateException.class,
                () -> test.database.transact(transaction -> {
                    DocumentCollection<Document> inside = transaction.collection("items");
                    assertThrows(UpdateFailedException.class,
                            () -> inside.updateMany(doc("{}"), doc("{$inc: {n: 1}}")));
                    return null;
                }));
        assertEquals(true, refused.getMessage().contains("half way"));
        assertEquals(5, items.findById(1).orElseThrow().getInteger("n"));
    }

    @Test
    void tellsDistinctValues() {
        items.insertMany(List.of(doc("{_id: 4, n: 5.0, item: {sku: '1'}, a: [1, [1], {b: 2}]}"),
                doc("{_id: 5, n: null, item: [{sku: '2'}, {sku: '1'}, 7], a: 2}")));
        assertEquals(values("[1, 5, 9, null]"), Set.copyOf(items.distinct("n", null, BsonValue.class)));
        assertEquals(List.of("1", "2"), items.distinct("item.sku", doc("{}"), String.class));
        assertEquals(values("[1, 2, 3, [1], {b: 2}]"), Set.copyOf(items.distinct("a", null, BsonValue.class)));
        assertEquals(List.of(1, 3), items.distinct("a.0", null, Integer.class));
        assertEquals(List.of(2), items.distinct("a.b", null, Integer.class));
        assertEquals(List.of("2", "1"), items.distinct("item.sku", doc("{_id: 5}"), String.class));
        assertEquals(List.of(), items.distinct("nothing", null, String.class));
        assertThrows(InvalidQueryException.class, () -> items.distinct("$a", null, String.class));
        assertThrows(InvalidQueryException.class, () -> items.distinct("", null, String.class));
    }

    private static Set<BsonValue> values(String array) {
        return Set.copyOf(BsonDocument.parse("{v: " + array + "}").getArray("v").getValues());
    }

    @Test
    void countsSome() {
        assertEquals(2, items.countDocuments(doc("{}"), CountOptions.defaults().withLimit(2)));
        assertEquals(1, items.countDocuments(doc("{n: {$gt: 1}}"), CountOptions.defaults().withSkip(1)));
        assertEquals(3, items.estimatedDocumentCount());
    }
}
