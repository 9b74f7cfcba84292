package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.error.DeadlineExceededException;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.ReadOnlyException;
import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TransactTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private final TestDatabase test = new TestDatabase();
    private final Database database = test.database;
    private final DocumentCollection<Document> accounts = database.collection("accounts");

    @AfterEach
    void close() {
        test.close();
    }

    private static Document account(int id, int amount) {
        return new Document("_id", id).append("amount", amount);
    }

    private static Document id(int id) {
        return new Document("_id", id);
    }

    private static void add(Transactional inside, int id, int amount) {
        DocumentCollection<Document> all = inside.collection("accounts");
        Document found = all.findById(id).orElseThrow();
        all.replaceOne(id(id), account(id, found.getInteger("amount") + amount));
    }

    @Test
    void happensAsAWholeOrNotAtAll() {
        accounts.insertMany(List.of(account(1, 10), account(2, 10)));
        database.transact(inside -> {
            add(inside, 1, -5);
            add(inside, 2, 5);
            assertEquals(5, inside.collection("accounts").findById(1).orElseThrow().get("amount"));
            return null;
        });
        assertEquals(15, accounts.findById(2).orElseThrow().get("amount"));
        assertThrows(ArithmeticException.class, () -> database.transact(inside -> {
            add(inside, 1, -5);
            throw new ArithmeticException();
        }));
        assertEquals(5, accounts.findById(1).orElseThrow().get("amount"));
        assertEquals("done", database.transact(inside -> "done"));
    }

    @Test
    void seesItsOwnWrites() {
        accounts.insertOne(account(1, 1));
        long found = database.transact(inside -> {
            DocumentCollection<Document> all = inside.collection("accounts");
            all.insertMany(List.of(account(2, 2), account(3, 3)));
            all.deleteOne(id(1));
            assertThrows(DuplicateKeyException.class, () -> all.insertOne(id(2)));
            assertEquals(3, all.find().sort(new Document("amount", -1)).first().get("_id"));
            return all.countDocuments(new Document("amount", new Document("$gte", 1)));
        });
        assertEquals(2, found);
    }

    @Test
    void runsAgainOnConflict() {
        accounts.insertOne(account(1, 0));
        AtomicInteger runs = new AtomicInteger();
        database.transact(inside -> {
            add(inside, 1, 1);
            if (runs.incrementAndGet() == 1) {
                CompletableFuture.runAsync(() -> accounts.replaceOne(id(1), account(1, 100))).join();
            }
            return null;
        });
        assertEquals(2, runs.get());
        assertEquals(101, accounts.findById(1).orElseThrow().get("amount"));
        assertEquals(1, database.statistics().conflicts());
    }

    @Test
    void keepsOthersOutAfterThreeConflicts() {
        accounts.insertOne(account(1, 0));
        AtomicInteger runs = new AtomicInteger();
        AtomicReference<CompletableFuture<?>> other = new AtomicReference<>();
        database.transact(inside -> {
            add(inside, 1, 1);
            int run = runs.incrementAndGet();
            other.set(CompletableFuture.runAsync(() -> accounts.replaceOne(id(1), account(1, 100 * run))));
            if (run <= 3) {
                other.get().join();
            }
            return null;
        });
        assertEquals(4, runs.get());
        other.get().join();
        assertEquals(400, accounts.findById(1).orElseThrow().get("amount"));
        assertEquals(3, database.statistics().conflicts());
    }

    @Test
    void givesUpAtTheDeadline() {
        accounts.insertOne(account(1, 0));
        assertThrows(DeadlineExceededException.class, () -> database.transact(inside -> {
            add(inside, 1, 1);
            CompletableFuture.runAsync(() -> accounts.replaceOne(id(1), account(1, 100))).join();
            return null;
        }, Duration.ofNanos(1)));
    }

    @Test
    void conflictsOnPhantoms() {
        AtomicInteger runs = new AtomicInteger();
        database.transact(inside -> {
            long count = inside.collection("accounts").countDocuments();
            if (runs.incrementAndGet() == 1) {
                CompletableFuture.runAsync(() -> accounts.insertOne(account(1, 0))).join();
            }
            inside.collection("counts").insertOne(new Document("_id", count));
            return null;
        });
        assertEquals(List.of(new Document("_id", 1L)), database.collection("counts").find().toList());
    }

    @Test
    void refusesWhatGoesPastIt() {
        accounts.insertOne(account(1, 0));
        AtomicReference<Transactional> kept = new AtomicReference<>();
        AtomicReference<DocumentCollection<Document>> keptCollection = new AtomicReference<>();
        AtomicReference<Iterator<Document>> keptCursor = new AtomicReference<>();
        database.transact(inside -> {
            kept.set(inside);
            keptCollection.set(inside.collection("accounts"));
            keptCursor.set(inside.collection("accounts").find().iterator());
            assertThrows(IllegalStateException.class, () -> accounts.insertOne(id(2)));
            assertThrows(IllegalStateException.class, () -> database.dropCollection("accounts"));
            assertThrows(IllegalStateException.class, () -> database.transact(again -> null));
            assertEquals(1, accounts.countDocuments());
            Throwable other = CompletableFuture.supplyAsync(() -> {
                try {
                    inside.collection("accounts");
                    return null;
                } catch (IllegalStateException e) {
                    return e;
                }
            }).join();
            assertTrue(other instanceof IllegalStateException);
            return null;
        });
        assertThrows(DatabaseClosedException.class, () -> kept.get().collection("accounts"));
        assertThrows(DatabaseClosedException.class, () -> keptCollection.get().insertOne(id(3)));
        assertThrows(DatabaseClosedException.class, () -> keptCollection.get().countDocuments());
        assertFalse(keptCursor.get().hasNext());
    }

    @Test
    void worksWithoutGarbageInsideToo() {
        accounts.insertOne(account(1, 5));
        database.transact(inside -> {
            try (Session session = database.openSession(); DocumentId key = new DocumentId()) {
                DocumentCollection<Document> all = inside.collection("accounts");
                DocumentView view = new DocumentView();
                assertTrue(all.get(session, key.set(1), view));
                all.put(session, new io.nexuslite.bson.BsonView().wrap(view.document()));
                assertTrue(all.delete(session, key.set(1)));
                assertFalse(all.get(session, key.set(1), view));
            }
            return null;
        });
        assertEquals(0, accounts.countDocuments());
    }

    @Test
    void snapshotStaysAsItWas() {
        accounts.insertOne(account(1, 1));
        try (Snapshot snapshot = database.snapshot("report")) {
            accounts.replaceOne(id(1), account(1, 2));
            accounts.insertOne(account(2, 2));
            database.renameCollection("accounts", "others");
            ReadableCollection<Document> old = snapshot.collection("accounts");
            assertEquals(List.of(account(1, 1)), old.find().toList());
            assertEquals(account(1, 1), old.findById(1).orElseThrow());
            assertTrue(old.findById(2).isEmpty());
            assertEquals(List.of("accounts"), snapshot.collectionNames());
            assertEquals("report", snapshot.owner());
            database.dropCollection("others");
            assertEquals(1, old.countDocuments());
        }
        assertEquals(List.of(), database.collectionNames());
    }

    @Test
    void readOnlyDatabaseStillReadsInTransactions() {
        accounts.insertOne(account(1, 1));
        test.engine.setReadOnly(true);
        long seen = database.transact(inside -> inside.collection("accounts").countDocuments());
        assertEquals(1, seen);
        assertThrows(ReadOnlyException.class, () -> database.transact(inside -> {
            inside.collection("accounts").deleteById(1);
            return null;
        }));
        test.engine.setReadOnly(false);
    }

    @Test
    void keepsSumsUnderConcurrency() throws InterruptedException {
        int count = 8;
        for (int i = 0; i < count; i++) {
            accounts.insertOne(account(i, 100));
        }
        int rounds = Seed.scaled(150);
        Threads.run(4, thread -> {
            SplittableRandom random = seed.random("thread " + thread);
            for (int round = 0; round < rounds; round++) {
                if (thread == 0) {
                    assertEquals(800, sum(accounts.find()));
                } else if (random.nextInt(4) == 0) {
                    database.sweepExpired(10);
                    database.collection("noise").insertOne(new Document("round", round),
                            InsertOptions.defaults().withTimeToLive(Duration.ofSeconds(1)));
                    test.engine.advanceClock(100);
                } else {
                    int from = random.nextInt(count);
                    int to = random.nextInt(count);
                    database.transact(inside -> {
                        add(inside, from, -1);
                        add(inside, to, 1);
                        return null;
                    });
                }
            }
        });
        assertEquals(800, sum(accounts.find()));
    }

    private static int sum(FindQuery<Document> all) {
        int sum = 0;
        for (Document each : all) {
            sum += each.getInteger("amount");
        }
        return sum;
    }
}
