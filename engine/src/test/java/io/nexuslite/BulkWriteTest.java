package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.UpdateFailedException;
import io.nexuslite.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bson.BsonInt32;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BulkWriteTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private final TestDatabase test = new TestDatabase();
    private final DocumentCollection<Document> items = test.database.collection("items");

    @AfterEach
    void close() {
        test.close();
    }

    private static Document doc(String json) {
        return Document.parse(json);
    }

    @Test
    void reportsWhatWasDone() {
        BulkWriteResult result = items.bulkWrite(List.of(WriteModel.insertOne(doc("{_id: 1, n: 1}")),
                WriteModel.insertOne(doc("{_id: 2, n: 1}")),
                WriteModel.updateMany(doc("{n: 1}"), doc("{$inc: {n: 1}}")),
                WriteModel.updateOne(doc("{_id: 1}"), doc("{$set: {n: 2}}")),
                WriteModel.updateOne(doc("{_id: 5}"), doc("{$set: {n: 5}}"), UpdateOptions.defaults().withUpsert(true)),
                WriteModel.replaceOne(doc("{_id: 2}"), doc("{m: 1}")), WriteModel.deleteOne(doc("{_id: 1}")),
                WriteModel.deleteMany(doc("{_id: 9}"))));
        assertEquals(new BulkWriteResult(2, 4, 3, 1, Map.of(0, new BsonInt32(1), 1, new BsonInt32(2)),
                Map.of(4, new BsonInt32(5))), result);
        assertEquals(List.of(doc("{_id: 2, m: 1}"), doc("{_id: 5, n: 5}")), items.find().toList());
        assertThrows(IllegalArgumentException.class, () -> items.bulkWrite(List.of()));
    }

    @Test
    void orderedStopsAtTheFirstError() {
        BulkWriteException failed = assertThrows(BulkWriteException.class,
                () -> items
                        .bulkWrite(List.of(WriteModel.insertOne(doc("{_id: 1}")), WriteModel.insertOne(doc("{_id: 1}")),
                                WriteModel.insertOne(doc("{_id: 2}")))));
        assertEquals(List.of(1), failed.errors().stream().map(BulkWriteError::index).toList());
        assertInstanceOf(DuplicateKeyException.class, failed.errors().getFirst().cause());
        assertEquals(1, failed.result().insertedCount());
        assertEquals(List.of(doc("{_id: 1}")), items.find().toList());
    }

    @Test
    void unorderedGoesOn() {
        items.insertOne(doc("{_id: 0, s: 'x'}"));
        BulkWriteException failed = assertThrows(BulkWriteException.class,
                () -> items.bulkWrite(List.of(WriteModel.insertOne(doc("{_id: 1, s: 1}")),
                        WriteModel.updateMany(doc("{}"), doc("{$inc: {s: 1}}")), WriteModel.insertOne(doc("{_id: 1}")),
                        WriteModel.deleteOne(doc("{$foo: 1}")), WriteModel.insertOne(doc("{_id: 2}"))),
                        BulkWriteOptions.defaults().withOrdered(false)));
        assertEquals(List.of(1, 2, 3), failed.errors().stream().map(BulkWriteError::index).toList());
        assertInstanceOf(UpdateFailedException.class, failed.errors().get(0).cause());
        assertInstanceOf(InvalidQueryException.class, failed.errors().get(2).cause());
        assertEquals(Map.of(0, new BsonInt32(1), 4, new BsonInt32(2)), failed.result().insertedIds());
        assertEquals(List.of(doc("{_id: 0, s: 'x'}"), doc("{_id: 1, s: 1}"), doc("{_id: 2}")), items.find().toList());
    }

    @Test
    void isPartOfATransaction() {
        assertThrows(BulkWriteException.class, () -> test.database.transact(transaction -> {
            transaction.collection("items").bulkWrite(List.of(WriteModel.insertOne(doc("{_id: 1}")),
                    WriteModel.insertOne(doc("{_id: 1}"))));
            return null;
        }));
        assertEquals(0, items.countDocuments());
        test.database.transact(transaction -> transaction.collection("items")
                .bulkWrite(List.of(WriteModel.insertOne(doc("{_id: 1}")), WriteModel.insertOne(doc("{_id: 2}")))));
        assertEquals(2, items.countDocuments());
    }

    /** Many random writes, some of which fail, do the same as one call for each. */
    @Test
    void agreesWithSingleWrites() {
        SplittableRandom random = seed.random("bulk");
        DocumentCollection<Document> others = test.database.collection("others");
        for (int round = 0; round < Seed.scaled(20); round++) {
            boolean ordered = random.nextInt(4) == 0;
            List<WriteModel<Document>> writes = new ArrayList<>();
            for (int i = random.nextInt(1, 600); i > 0; i--) {
                writes.add(write(random));
            }
            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < writes.size() && (expected.isEmpty() || !ordered); i++) {
                try {
                    others.bulkWrite(List.of(writes.get(i)));
                } catch (BulkWriteException e) {
                    expected.add(i);
                }
            }
            List<Integer> failed = List.of();
            try {
                items.bulkWrite(writes, BulkWriteOptions.defaults().withOrdered(ordered));
            } catch (BulkWriteException e) {
                failed = e.errors().stream().map(BulkWriteError::index).toList();
            }
            assertEquals(expected, failed);
            assertEquals(others.find().toList(), items.find().toList());
        }
    }

    private static WriteModel<Document> write(SplittableRandom random) {
        Document byId = new Document("_id", random.nextInt(200));
        return switch (random.nextInt(6)) {
            case 0, 1 -> WriteModel.insertOne(new Document(byId).append("n", random.nextInt(5)));
            case 2 -> WriteModel.updateOne(byId, doc("{$inc: {n: 1}}"),
                    UpdateOptions.defaults().withUpsert(random.nextBoolean()));
            case 3 -> WriteModel.updateMany(new Document("n", random.nextInt(5)), random.nextInt(3) == 0
                    ? doc("{$push: {n: 1}}")
                    : doc("{$mul: {n: 2}}"));
            case 4 -> WriteModel.replaceOne(byId, new Document("n", random.nextBoolean() ? "x" : random.nextInt(9)));
            default -> WriteModel.deleteOne(byId);
        };
    }
}
