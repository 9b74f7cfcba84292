package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.DeadlineExceededException;
import io.nexuslite.io.FileSystem;
import io.nexuslite.io.Host;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.MemoryHost;
import io.nexuslite.store.ModelEngine;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deadlines and cancellation: an error or the whole answer, and all of a write or nothing, whenever the time is over. */
class GuardTest {
    private static final int DOCUMENTS = 1_000;
    /** No operation of this test looks at the clock more often. */
    private static final int TICKS_MAX = 300;

    private final MemoryHost memory = Hosts.inMemory();
    private final TickingHost host = new TickingHost(memory);
    private final ModelEngine engine = new ModelEngine();
    private final DatabaseImpl database = new DatabaseImpl(engine, DatabaseOptions.defaults(), host);
    private final DocumentCollection<Document> items = database.collection("items");

    /** A host whose clock goes on by a nanosecond each time it is asked, so that a deadline may fall between any two looks. */
    private record TickingHost(Host host, AtomicLong nanos) implements Host {
        TickingHost(Host host) {
            this(host, new AtomicLong());
        }

        @Override
        public FileSystem files() {
            return host.files();
        }

        @Override
        public long wallMillis() {
            return host.wallMillis();
        }

        @Override
        public long nanoTime() {
            return nanos.incrementAndGet();
        }

        @Override
        public void entropy(MemorySegment target, long offset, int length) {
            host.entropy(target, offset, length);
        }

        @Override
        public long processId() {
            return host.processId();
        }

        @Override
        public String hostName() {
            return host.hostName();
        }
    }

    @BeforeEach
    void insert() {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            documents.add(new Document("_id", i).append("n", i % 7).append("done", false));
        }
        items.insertMany(documents);
    }

    @AfterEach
    void close() {
        database.close();
        memory.close();
        assertEquals("", engine.leaks());
    }

    private static Document doc(String json) {
        return Document.parse(json);
    }

    private interface Timed {
        Object run(Duration maxTime) throws Exception;
    }

    /** Runs with a deadline at each look at the clock, from the first to none; gives how many times it was too late. */
    private static int exceeded(Object expected, Timed operation, Callable<?> afterError) throws Exception {
        int exceeded = 0;
        for (int nanos = 1; nanos <= TICKS_MAX; nanos++) {
            try {
                assertEquals(expected, operation.run(Duration.ofNanos(nanos)));
                return exceeded;
            } catch (DeadlineExceededException e) {
                exceeded++;
                afterError.call();
            }
        }
        throw new AssertionError("Never got done");
    }

    private void assertExceeded(Object expected, Timed operation) throws Exception {
        int times = exceeded(expected, operation, () -> null);
        assertTrue(times >= 5, () -> "Only " + times + " looks at the clock");
    }

    @Test
    void scansWithoutMatchesEnd() throws Exception {
        assertExceeded(List.of(), time -> items.find(doc("{n: 99}")).maxTime(time).toList());
        assertExceeded(0L, time -> items.countDocuments(doc("{n: 99}"), CountOptions.defaults().withMaxTime(time)));
        assertExceeded(0L, time -> items.deleteMany(doc("{n: 99}"), DeleteOptions.defaults().withMaxTime(time))
                .deletedCount());
        assertExceeded(0L, time -> items.updateOne(doc("{n: 99}"), doc("{$set: {x: 1}}"),
                UpdateOptions.defaults().withMaxTime(time)).matchedCount());
        assertExceeded(0L, time -> items.replaceOne(doc("{n: 99}"), doc("{x: 1}"),
                ReplaceOptions.defaults().withMaxTime(time)).matchedCount());
        assertExceeded(List.of(), time -> items.distinct("n", doc("{n: 99}"), Integer.class,
                DistinctOptions.defaults().withMaxTime(time)));
        assertExceeded(-1, time -> items.findOneAndDelete(doc("{n: 99}"),
                FindOneAndDeleteOptions.defaults().withMaxTime(time)) == null ? -1 : 0);
    }

    @Test
    void scansAndSortsGiveAllOrAnError() throws Exception {
        List<Document> all = items.find().toList();
        assertExceeded(all, time -> items.find().maxTime(time).toList());
        List<Document> sorted = items.find().sort(doc("{n: -1, _id: 1}")).toList();
        assertEquals(DOCUMENTS, sorted.size());
        int scanned = exceeded(all, time -> items.find().maxTime(time).toList(), () -> null);
        int both = exceeded(sorted, time -> items.find().sort(doc("{n: -1, _id: 1}")).maxTime(time).toList(),
                () -> null);
        assertTrue(both > scanned + 5, () -> "The sort itself must look at the clock: " + both + " of " + scanned);
        assertExceeded(sorted.subList(0, 3),
                time -> items.find().sort(doc("{n: -1, _id: 1}")).limit(3).maxTime(time).toList());
    }

    @Test
    void writesOfManyAreWholeOrNothing() throws Exception {
        int updates = exceeded((long) DOCUMENTS, time -> items.updateMany(doc("{}"), doc("{$set: {done: true}}"),
                UpdateOptions.defaults().withMaxTime(time)).modifiedCount(), () -> {
                    assertEquals(0, items.countDocuments(doc("{done: true}")));
                    return null;
                });
        assertTrue(updates >= 12, () -> "The changes themselves must look at the clock: " + updates);
        int deletes = exceeded((long) DOCUMENTS,
                time -> items.deleteMany(doc("{done: true}"), DeleteOptions.defaults().withMaxTime(time))
                        .deletedCount(),
                () -> {
                    assertEquals(DOCUMENTS, items.countDocuments());
                    return null;
                });
        assertTrue(deletes >= 12, () -> "The deletes themselves must look at the clock: " + deletes);
        assertEquals(0, items.countDocuments());
    }

    @Test
    void cancellationEndsWhatIsUnderWay() {
        Cancellation cancellation = new Cancellation();
        try (DocumentCursor<Document> cursor = items.find().cancellation(cancellation).iterator()) {
            assertTrue(cursor.hasNext());
            cursor.next();
            cancellation.cancel();
            assertThrows(DeadlineExceededException.class, () -> {
                while (cursor.hasNext()) {
                    cursor.next();
                }
            });
        }
        assertThrows(DeadlineExceededException.class, () -> items.find().cancellation(cancellation).toList());
        assertThrows(DeadlineExceededException.class, () -> items.countDocuments(doc("{}"),
                CountOptions.defaults().withCancellation(cancellation)));
        assertThrows(DeadlineExceededException.class, () -> items.distinct("n", null, Integer.class,
                DistinctOptions.defaults().withCancellation(cancellation)));
        assertThrows(DeadlineExceededException.class, () -> items.updateMany(doc("{}"), doc("{$set: {x: 1}}"),
                UpdateOptions.defaults().withCancellation(cancellation)));
        assertThrows(DeadlineExceededException.class, () -> items.deleteMany(doc("{}"),
                DeleteOptions.defaults().withCancellation(cancellation)));
        assertThrows(DeadlineExceededException.class, () -> items.findOneAndUpdate(doc("{}"), doc("{$set: {x: 1}}"),
                FindOneAndUpdateOptions.defaults().withCancellation(cancellation)));
        assertThrows(DeadlineExceededException.class, () -> items.findOneAndReplace(doc("{}"), doc("{x: 1}"),
                FindOneAndReplaceOptions.defaults().withCancellation(cancellation)));
        assertEquals(DOCUMENTS, items.countDocuments(doc("{x: null}")));
    }

    @Test
    void bulkWritesTellHowFarTheyCame() {
        for (int nanos = 1; nanos < 12; nanos++) {
            items.deleteMany(doc("{}"));
            List<WriteModel<Document>> writes = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                writes.add(WriteModel.insertOne(new Document("_id", i)));
            }
            BulkWriteOptions options = BulkWriteOptions.defaults().withOrdered(false)
                    .withMaxTime(Duration.ofNanos(nanos));
            BulkWriteException failed = nanos == 11
                    ? null
                    : assertThrows(BulkWriteException.class, () -> items.bulkWrite(writes, options));
            if (failed == null) {
                assertEquals(10, items.bulkWrite(writes, options).insertedCount());
                continue;
            }
            assertEquals(1, failed.errors().size(), "none behind it is tried");
            assertInstanceOf(DeadlineExceededException.class, failed.errors().getFirst().cause());
            assertEquals(failed.result().insertedCount(), failed.errors().getFirst().index());
            assertEquals(failed.result().insertedCount(), items.countDocuments());
        }
    }

    @Test
    void refusesTimesThatAreNotPositive() {
        assertThrows(IllegalArgumentException.class, () -> UpdateOptions.defaults().withMaxTime(Duration.ZERO));
        assertThrows(IllegalArgumentException.class,
                () -> BulkWriteOptions.defaults().withMaxTime(Duration.ofMillis(-1)));
    }
}
