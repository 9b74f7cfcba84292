package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.TestAllocation;
import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.error.TransactionTooLargeException;
import io.nexuslite.io.AllocatedBytes;
import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import io.nexuslite.transfer.DocumentSink;
import io.nexuslite.transfer.DocumentSource;
import io.nexuslite.transfer.ImportMode;
import io.nexuslite.transfer.ImportOptions;
import io.nexuslite.transfer.ProgressListener;
import io.nexuslite.transfer.Transfer;
import java.util.SplittableRandom;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The door over the engine that users get. */
class DoorOverEngineTest {
    private static final FieldName COUNT = FieldName.of("count");
    private static final FieldName TEXT = FieldName.of("text");
    /** Measured: 34 bytes for a new document, of which the tree's growth has nearly all, and 2 for one that replaces another. */
    private static final long GARBAGE_OF_INSERT_MAX = 64;
    private static final long GARBAGE_OF_REPLACE_MAX = 8;

    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void keepsSumsUnderConcurrency() throws InterruptedException {
        try (Database database = NexusLite.openInMemory()) {
            DocumentCollection<Document> accounts = database.collection("accounts");
            for (int i = 0; i < 8; i++) {
                accounts.insertOne(new Document("_id", i).append("amount", 100));
            }
            int rounds = Seed.scaled(200);
            Threads.run(4, thread -> {
                SplittableRandom random = seed.random("thread " + thread);
                for (int round = 0; round < rounds; round++) {
                    if (thread == 0) {
                        assertEquals(800, sum(accounts));
                        continue;
                    }
                    int from = random.nextInt(8);
                    int to = random.nextInt(8);
                    database.transact(inside -> {
                        add(inside, from, -1);
                        add(inside, to, 1);
                        return null;
                    });
                }
            });
            assertEquals(800, sum(accounts));
        }
    }

    private static void add(Transactional inside, int id, int amount) {
        DocumentCollection<Document> all = inside.collection("accounts");
        Document found = all.findById(id).orElseThrow();
        found.put("amount", found.getInteger("amount") + amount);
        all.replaceOne(new Document("_id", id), found);
    }

    private static int sum(DocumentCollection<Document> accounts) {
        int sum = 0;
        for (Document each : accounts.find()) {
            sum += each.getInteger("amount");
        }
        return sum;
    }

    @Test
    void getsMakeNoGarbage() {
        try (Database database = NexusLite.openInMemory();
                Session session = database.openSession();
                DocumentId id = new DocumentId();
                DocumentBuilder builder = new DocumentBuilder()) {
            DocumentCollection<Document> things = database.collection("things");
            for (int i = 0; i < 2000; i++) {
                things.put(session, builder.begin().put(FieldName.ID, i).put(COUNT, i).build());
            }
            DocumentView view = new DocumentView();
            assertTrue(things.get(session, id.set(7), view));
            TestAllocation.assertNone("get", call -> things.get(session, id.set(call % 2000), view)
                    ? view.document().length()
                    : 0);
        }
    }

    /** What remains for a document is its part of what a batch costs: a read of the catalog, and growth until all is warm. */
    @Test
    void transfersMakeNextToNoGarbage() {
        int count = 20_000;
        try (Database database = NexusLite.openInMemory(); DocumentBuilder builder = new DocumentBuilder()) {
            DocumentCollection<Document> things = database.collection("things");
            DocumentCollection<Document> copies = database.collection("copies");
            long imported = Long.MAX_VALUE;
            long carried = Long.MAX_VALUE;
            for (int round = 0; round < 5; round++) {
                int first = round * count;
                try (DocumentSink sink = things.sink(ImportOptions.DEFAULT)) {
                    long before = AllocatedBytes.ofThisThread();
                    for (int i = 0; i < count; i++) {
                        sink.accept(builder.begin().put(FieldName.ID, first + i).put(COUNT, i).build());
                    }
                    sink.commit();
                    imported = Math.min(imported, AllocatedBytes.ofThisThread() - before);
                }
                try (DocumentSource source = things.find().limit(count).source();
                        DocumentSink sink = copies.sink(ImportOptions.DEFAULT.withMode(ImportMode.UPSERT))) {
                    long before = AllocatedBytes.ofThisThread();
                    assertEquals(count, Transfer.export(source, sink, ProgressListener.NONE).rows());
                    carried = Math.min(carried, AllocatedBytes.ofThisThread() - before);
                }
            }
            assertEquals(5L * count, things.countDocuments());
            assertEquals(count, copies.countDocuments());
            String found = imported + " and " + carried + " bytes for " + count + " documents";
            assertTrue(imported <= GARBAGE_OF_INSERT_MAX * count && carried <= GARBAGE_OF_REPLACE_MAX * count, found);
        }
    }

    @Test
    void keepsNothingOfABatchThatTheLogCannotTake() {
        DatabaseOptions options = DatabaseOptions.builder().logBytesMax(64 << 20).build();
        String text = "x".repeat(10_000);
        try (Database database = NexusLite.openInMemory(options); DocumentBuilder builder = new DocumentBuilder()) {
            DocumentCollection<Document> things = database.collection("things");
            try (DocumentSink sink = things.sink(ImportOptions.DEFAULT.withBatch(8_000, 1 << 30))) {
                TransactionTooLargeException refused = assertThrows(TransactionTooLargeException.class, () -> {
                    for (int i = 0; i < 8_000; i++) {
                        sink.accept(builder.begin().put(FieldName.ID, i).put(TEXT, text).build());
                    }
                });
                assertTrue(refused.getMessage().contains("bytes"), refused.getMessage());
            }
            assertEquals(0, things.countDocuments());
            try (DocumentSink sink = things.sink(ImportOptions.DEFAULT)) {
                for (int i = 0; i < 8_000; i++) {
                    sink.accept(builder.begin().put(FieldName.ID, i).put(TEXT, text).build());
                }
                sink.commit();
            }
            assertEquals(8_000, things.countDocuments());
        }
    }

    @Test
    void sinkOutlivesItsDatabaseWithoutHarm() {
        Database database = NexusLite.openInMemory();
        DocumentSink sink = database.collection("things").sink(ImportOptions.DEFAULT);
        DocumentSink open = database.collection("things").sink(ImportOptions.DEFAULT);
        try (DocumentBuilder builder = new DocumentBuilder()) {
            open.accept(builder.begin().put(FieldName.ID, 1).build());
            database.close();
            assertThrows(DatabaseClosedException.class,
                    () -> sink.accept(builder.begin().put(FieldName.ID, 1).build()));
            assertThrows(DatabaseClosedException.class,
                    () -> open.accept(builder.begin().put(FieldName.ID, 2).build()));
        }
        open.close();
        sink.close();
    }
}
