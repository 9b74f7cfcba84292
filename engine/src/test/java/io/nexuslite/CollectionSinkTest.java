package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.error.ReadOnlyException;
import io.nexuslite.error.RowException;
import io.nexuslite.error.TransactionConflictException;
import io.nexuslite.testing.Seed;
import io.nexuslite.transfer.DocumentSink;
import io.nexuslite.transfer.DocumentSink.Outcome;
import io.nexuslite.transfer.DocumentSource;
import io.nexuslite.transfer.ExportOptions;
import io.nexuslite.transfer.Format;
import io.nexuslite.transfer.Formats;
import io.nexuslite.transfer.ImportMode;
import io.nexuslite.transfer.ImportOptions;
import io.nexuslite.transfer.ImportReport;
import io.nexuslite.transfer.ProgressListener;
import io.nexuslite.transfer.Transfer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Imports into collections and exports out of them, over the model of an engine. */
class CollectionSinkTest {
    private static final ImportOptions INSERT = ImportOptions.DEFAULT;

    @RegisterExtension
    final Seed seed = new Seed();
    private final TestDatabase test = new TestDatabase();
    private final Database database = test.database;
    private final DocumentCollection<Document> things = database.collection("things");
    private final GrowableBuffer buffer = new GrowableBuffer();
    private final BsonView view = new BsonView();

    @AfterEach
    void close() {
        buffer.close();
        test.close();
    }

    private BsonView bson(BsonDocument document) {
        buffer.reset();
        BsonBridge.encode(document, buffer);
        return view.wrap(buffer);
    }

    private BsonView bson(String json) {
        return bson(BsonDocument.parse(json));
    }

    private static ImportOptions mode(ImportMode mode) {
        return INSERT.withMode(mode);
    }

    private static ImportReport load(DocumentCollection<?> into, String text, ImportOptions options,
            ProgressListener listener) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (DocumentSource source = Formats.open(new ByteArrayInputStream(bytes), "x.ndjson", null, options);
                DocumentSink sink = into.sink(options)) {
            return Transfer.importInto(source, sink, options, listener);
        }
    }

    private static String export(FindQuery<?> query) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (DocumentSource source = query.source();
                DocumentSink sink = Formats.create(stream, Format.NDJSON, ExportOptions.DEFAULT)) {
            Transfer.export(source, sink, ProgressListener.NONE);
        }
        return stream.toString(StandardCharsets.UTF_8);
    }

    private static String rows(int from, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            text.append("{\"_id\": ").append(i).append(", \"n\": \"").append(i % 7).append("\"}\n");
        }
        return text.toString();
    }

    @Test
    void insertsInBatchesThatAreATransactionEach() {
        try (DocumentSink sink = things.sink(INSERT.withBatch(2, 1 << 20))) {
            assertEquals(Outcome.INSERTED, sink.accept(bson("{_id: 1}")));
            assertEquals(0, things.countDocuments(), "the batch is open");
            sink.accept(bson("{_id: 2}"));
            assertEquals(2, things.countDocuments());
            sink.accept(bson("{_id: 3}"));
            assertEquals(2, things.countDocuments());
            sink.commit();
            assertEquals(3, things.countDocuments());
        }
        try (DocumentSink sink = things.sink(INSERT)) {
            sink.accept(bson("{_id: 4}"));
        }
        assertEquals(3, things.countDocuments(), "what was not committed is gone");
    }

    @Test
    void treatsIdsThatAreThereAsTheModeSays() {
        things.insertOne(new Document("_id", 1).append("a", "old"), InsertOptions.defaults().withTags("kept"));
        try (DocumentSink sink = things.sink(mode(ImportMode.SKIP))) {
            assertEquals(Outcome.SKIPPED, sink.accept(bson("{_id: 1, a: 'new'}")));
            assertEquals(Outcome.INSERTED, sink.accept(bson("{_id: 2, a: 'new'}")));
            assertEquals(Outcome.SKIPPED, sink.accept(bson("{_id: 2, a: 'newer'}")), "also within the batch");
            sink.commit();
        }
        assertEquals(List.of("old", "new"), things.find().toList().stream().map(d -> d.getString("a")).toList());
        try (DocumentSink sink = things.sink(mode(ImportMode.UPSERT))) {
            assertEquals(Outcome.REPLACED, sink.accept(bson("{_id: 1.0, a: 'new'}")), "1.0 is 1");
            assertEquals(Outcome.INSERTED, sink.accept(bson("{_id: 3}")));
            assertEquals(Outcome.REPLACED, sink.accept(bson("{_id: 3, a: 'newer'}")));
            sink.commit();
        }
        assertEquals("new", things.findById(1).orElseThrow().getString("a"));
        DocumentMetadata replaced = things.metadata(1).orElseThrow();
        assertEquals(2, replaced.version());
        assertEquals(List.of("kept"), List.copyOf(replaced.tags()));
        for (ImportMode each : List.of(ImportMode.INSERT, ImportMode.FAIL)) {
            try (DocumentSink sink = things.sink(mode(each))) {
                assertThrows(DuplicateKeyException.class, () -> sink.accept(bson("{_id: 1}")));
                assertEquals(Outcome.INSERTED, sink.accept(bson("{_id: '" + each + "'}")), "the batch goes on");
                assertThrows(DuplicateKeyException.class, () -> sink.accept(bson("{_id: '" + each + "'}")));
                sink.commit();
            }
        }
        assertEquals(5, things.countDocuments());
    }

    @Test
    void leavesOutWhatCannotBeStored() {
        try (DocumentSink sink = things.sink(INSERT)) {
            sink.accept(bson("{_id: 1}"));
            assertThrows(InvalidDocumentException.class, () -> sink.accept(bson("{_id: [1]}")));
            assertThrows(KeyTooLongException.class,
                    () -> sink.accept(bson(new BsonDocument("_id", new BsonString("x".repeat(5000))))));
            sink.accept(bson("{_id: 2}"));
            sink.commit();
        }
        assertEquals(2, things.countDocuments());
    }

    @Test
    void rollsARefusedBatchBackWhole() {
        load(things, rows(0, 1), INSERT, ProgressListener.NONE);
        ImportOptions fail = mode(ImportMode.FAIL).withBatch(10, 1 << 20).withSkippedErrors(100, null);
        RowException refused = assertThrows(RowException.class,
                () -> load(things, rows(1, 25) + rows(0, 1) + rows(26, 9), fail, ProgressListener.NONE));
        assertEquals(26, refused.line());
        assertTrue(refused.getCause() instanceof DuplicateKeyException);
        assertEquals(21, things.countDocuments());
        RowException again = assertThrows(RowException.class,
                () -> load(things, rows(100, 5) + "oops\n", INSERT, ProgressListener.NONE));
        assertEquals(6, again.line());
        assertEquals(21, things.countDocuments());
        assertTrue(database.collectionNames().contains("things"));
    }

    @Test
    void storesWhatInsertManyStores() {
        SplittableRandom random = seed.random("documents");
        List<BsonDocument> documents = new ArrayList<>();
        for (int i = 0; i < Seed.scaled(300); i++) {
            BsonDocument document = new BsonDocument("first", new BsonInt64(random.nextLong()));
            document.append("nested", new BsonDocument("deep", new BsonString("x".repeat(random.nextInt(300)))));
            document.append("_id", random.nextBoolean() ? new BsonInt32(i) : new BsonString("id " + i));
            document.append("last", new BsonInt32(random.nextInt()));
            documents.add(document);
        }
        DocumentCollection<RawBsonDocument> many = database.collection("many", RawBsonDocument.class);
        DocumentCollection<RawBsonDocument> sunk = database.collection("sunk", RawBsonDocument.class);
        many.insertMany(documents.stream().map(this::raw).toList());
        try (DocumentSink sink = sunk.sink(INSERT.withBatch(1 + random.nextInt(50), 1 << 20))) {
            documents.forEach(document -> sink.accept(bson(document)));
            sink.commit();
        }
        List<RawBsonDocument> expected = many.find().toList();
        List<RawBsonDocument> found = sunk.find().toList();
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < found.size(); i++) {
            assertArrayEquals(bytes(expected.get(i)), bytes(found.get(i)));
            assertEquals("_id", found.get(i).getFirstKey());
            assertEquals(many.metadata(found.get(i).get("_id")), sunk.metadata(found.get(i).get("_id")));
        }
    }

    private RawBsonDocument raw(BsonDocument document) {
        return bson(document).toRawBsonDocument();
    }

    private static byte[] bytes(RawBsonDocument document) {
        byte[] bytes = new byte[document.getByteBuffer().remaining()];
        document.getByteBuffer().get(bytes);
        return bytes;
    }

    @Test
    void generatesIdsThatAreMissing() {
        assertEquals(3, load(things, "{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}\n", INSERT, ProgressListener.NONE).inserted());
        List<Document> found = things.find().toList();
        assertEquals(3, found.stream().map(d -> d.get("_id")).distinct().count());
        found.forEach(document -> assertEquals("_id", document.keySet().iterator().next()));
        ImportOptions byField = INSERT.withIdField("sku");
        load(things, "{\"a\": 1, \"sku\": \"x\"}\n", byField, ProgressListener.NONE);
        assertEquals(new Document("_id", "x").append("a", 1), things.findById("x").orElseThrow());
    }

    @Test
    void honoursTheCollectionsTimeToLive() {
        database.createCollection("cache", CollectionOptions.defaults().withTimeToLive(Duration.ofMinutes(1)));
        DocumentCollection<Document> cache = database.collection("cache");
        long now = test.engine.clockMillis();
        load(cache, rows(0, 3), INSERT, ProgressListener.NONE);
        assertEquals(Instant.ofEpochMilli(now + 60_000), cache.metadata(0).orElseThrow().expiry().orElseThrow());
        assertEquals(3, database.statistics().ephemeralDocuments());
        test.engine.advanceClock(30_000);
        ImportReport upserted = load(cache, rows(2, 2), mode(ImportMode.UPSERT), ProgressListener.NONE);
        assertEquals(List.of(1L, 1L), List.of(upserted.inserted(), upserted.replaced()));
        assertEquals(Instant.ofEpochMilli(now + 60_000), cache.metadata(2).orElseThrow().expiry().orElseThrow(),
                "a replacement does not live longer");
        test.engine.advanceClock(30_000);
        assertEquals(1, cache.countDocuments());
        ImportReport again = load(cache, rows(0, 4), mode(ImportMode.SKIP), ProgressListener.NONE);
        assertEquals(List.of(3L, 1L), List.of(again.inserted(), again.skipped()), "expired ones make way");
        assertEquals(4, database.statistics().ephemeralDocuments());
    }

    @Test
    void exportsByteForByteWhatItImported() {
        String text = "{\"_id\": 1, \"a\": {\"b\": [1, 2.5, null, true]}, \"z\": \"ü\"}\n"
                + "{\"_id\": 2, \"d\": {\"$date\": \"2026-01-02T03:04:05Z\"}}\n"
                + "{\"_id\": \"x\", \"o\": {\"$oid\": \"0123456789abcdef01234567\"}}\n";
        load(things, text, INSERT, ProgressListener.NONE);
        assertEquals(text, export(things.find()));
        assertEquals("{\"_id\": \"x\"}\n",
                export(things.find().sort(new Document("_id", -1)).projection(new Document("_id", 1)).limit(1)));
        assertEquals("", export(things.find(new Document("_id", 7))));
        DocumentCollection<Document> copy = database.collection("copy");
        try (Snapshot snapshot = database.snapshot("export")) {
            things.deleteById(1);
            try (DocumentSource source = snapshot.collection("things").find().source();
                    DocumentSink sink = copy.sink(INSERT)) {
                assertEquals(3, Transfer.export(source, sink, ProgressListener.NONE).rows());
            }
        }
        assertEquals(text, export(copy.find()));
    }

    @Test
    void sourceEndsOnceAndCloses() {
        load(things, rows(0, 2), INSERT, ProgressListener.NONE);
        DocumentSource source = things.find().source();
        io.nexuslite.bson.BsonWriter writer = new io.nexuslite.bson.BsonWriter();
        int rows = 0;
        for (buffer.reset(); source.next(writer.wrap(buffer)); buffer.reset()) {
            rows++;
        }
        assertEquals(2, rows);
        assertEquals(2, source.rows());
        assertEquals(0, source.bytePosition());
        assertFalse(source.next(writer.wrap(buffer)));
        source.close();
        source.close();
    }

    @Test
    void keepsWholeBatchesWhenCancelled() {
        ImportReport report = load(things, rows(0, 3000), INSERT.withBatch(100, 1 << 20),
                (rows, bytes, errors) -> false);
        assertTrue(report.cancelled());
        assertEquals(report.rows() / 100 * 100, things.countDocuments());
        assertTrue(report.rows() < 3000);
    }

    @Test
    void keepsNobodyWaitingAndPutsABatchAgainThatMetAConflict() {
        try (DocumentSink sink = things.sink(mode(ImportMode.UPSERT))) {
            assertEquals(Outcome.INSERTED, sink.accept(bson("{_id: 1, a: 'sink'}")));
            assertEquals(Outcome.INSERTED, sink.accept(bson("{_id: 2, a: 'sink'}")));
            things.insertMany(List.of(new Document("_id", 1).append("a", "other"), new Document("_id", 3)));
            sink.commit();
        }
        assertEquals(1, database.statistics().conflicts());
        assertEquals(3, things.countDocuments());
        assertEquals("sink", things.findById(1).orElseThrow().getString("a"));
        assertEquals(2, things.metadata(1).orElseThrow().version());
        try (DocumentSink sink = things.sink(mode(ImportMode.SKIP))) {
            assertEquals(Outcome.INSERTED, sink.accept(bson("{_id: 4, a: 'sink'}")));
            assertEquals(Outcome.SKIPPED, sink.accept(bson("{_id: 3, a: 'sink'}")));
            things.insertOne(new Document("_id", 4));
            things.deleteById(3);
            sink.commit();
        }
        assertEquals(new Document("_id", 4), things.findById(4).orElseThrow());
        assertEquals("sink", things.findById(3).orElseThrow().getString("a"));
    }

    @Test
    void failsWhereAnotherInsertedAnIdMeanwhile() {
        things.insertOne(new Document("_id", 0));
        try (DocumentSink sink = things.sink(INSERT)) {
            sink.accept(bson("{_id: 1}"));
            sink.accept(bson("{_id: 2}"));
            things.insertOne(new Document("_id", 2).append("a", "other"));
            TransactionConflictException refused = assertThrows(TransactionConflictException.class, sink::commit);
            assertTrue(refused.getSuppressed()[0] instanceof DuplicateKeyException);
        }
        assertEquals(2, things.countDocuments(), "nothing of the batch stays");
        assertEquals("other", things.findById(2).orElseThrow().getString("a"));
        assertEquals(2, load(things, rows(3, 2), INSERT, ProgressListener.NONE).inserted());
    }

    @Test
    void storesIntoACollectionThatWasDroppedMeanwhile() {
        things.insertOne(new Document("_id", 0));
        try (DocumentSink sink = things.sink(INSERT)) {
            sink.accept(bson("{_id: 1}"));
            assertTrue(database.dropCollection("things"));
            sink.commit();
        }
        assertEquals(List.of(new Document("_id", 1)), things.find().toList());
    }

    @Test
    void isRefusedWhereItCannotBeWritten() {
        assertThrows(ReadOnlyException.class, () -> database.collection("_tempDocuments").sink(INSERT));
        database.transact(inside -> {
            assertThrows(IllegalStateException.class, () -> inside.collection("things").sink(INSERT));
            assertThrows(IllegalStateException.class, () -> things.sink(INSERT));
            try (DocumentSource source = inside.collection("things").find().source()) {
                assertEquals(0, source.rows());
            }
            return null;
        });
        DocumentSink sink = things.sink(INSERT);
        sink.close();
        sink.close();
    }
}
