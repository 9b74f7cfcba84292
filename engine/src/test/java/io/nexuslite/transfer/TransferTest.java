package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.RowException;
import io.nexuslite.io.Hosts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferTest {
    @TempDir
    Path directory;

    /** A collection in a map, with batches as an import uses them. */
    private static final class MapTarget implements ImportTarget {
        final Map<String, BsonDocument> stored = new TreeMap<>();
        final List<Integer> batches = new ArrayList<>();
        final Map<String, Long> expiries = new TreeMap<>();
        private final Map<String, BsonDocument> batch = new TreeMap<>();
        private boolean open;
        boolean closed;

        @Override
        public void begin() {
            assertFalse(open || closed);
            open = true;
        }

        @Override
        public DocumentSink.Outcome put(BsonView document, ImportMode mode, long expiryMillis) {
            if (expiryMillis != NO_EXPIRY) {
                expiries.put(String.valueOf(document.toBsonDocument().get("_id")), expiryMillis);
            }
            assertTrue(open);
            BsonDocument copy = document.toBsonDocument();
            BsonValue id = copy.get("_id");
            String key = String.valueOf(id == null ? "none " + stored.size() + batch.size() : id);
            boolean known = stored.containsKey(key) || batch.containsKey(key);
            if (known && mode == ImportMode.SKIP) {
                return DocumentSink.Outcome.SKIPPED;
            }
            if (known && mode != ImportMode.UPSERT) {
                throw new DuplicateKeyException("test", "_id");
            }
            batch.put(key, copy);
            return known ? DocumentSink.Outcome.REPLACED : DocumentSink.Outcome.INSERTED;
        }

        @Override
        public void commit() {
            assertTrue(open);
            open = false;
            batches.add(batch.size());
            stored.putAll(batch);
            batch.clear();
        }

        @Override
        public void rollback() {
            assertTrue(open);
            open = false;
            batch.clear();
        }

        @Override
        public void close() {
            assertFalse(open);
            closed = true;
        }
    }

    private final MapTarget target = new MapTarget();

    private ImportReport load(String text, ImportOptions options, ProgressListener listener) {
        try (DocumentSource source = Formats.open(new Chunks(text.getBytes(StandardCharsets.UTF_8)), "x.jsonl", null,
                options);
                DocumentSink sink = new BatchSink(target, options)) {
            return Transfer.importInto(source, sink, options, listener);
        } finally {
            assertTrue(target.closed);
            target.closed = false;
        }
    }

    @Test
    void importsInBatches() {
        ImportReport report = load(rows(0, 25), ImportOptions.DEFAULT.withBatch(10, 1 << 20), ProgressListener.NONE);
        assertEquals(List.of(10, 10, 5), target.batches);
        assertEquals(25, target.stored.size());
        assertEquals(25, report.rows());
        assertEquals(25, report.inserted());
        assertEquals(rows(0, 25).length(), report.bytes());
        assertFalse(report.cancelled());
        target.batches.clear();
        load(rows(25, 5), ImportOptions.DEFAULT.withBatch(10, 1), ProgressListener.NONE);
        assertEquals(List.of(1, 1, 1, 1, 1), target.batches);
    }

    @Test
    void treatsIdsThatAreThereAsTheModeSays() {
        load(rows(0, 5), ImportOptions.DEFAULT, ProgressListener.NONE);
        ImportReport skip = load(rows(3, 4), ImportOptions.DEFAULT.withMode(ImportMode.SKIP), ProgressListener.NONE);
        assertEquals(List.of(2L, 0L, 2L, 0L), List.of(skip.inserted(), skip.replaced(), skip.skipped(), skip.errors()));
        ImportReport upsert = load(rows(5, 4), ImportOptions.DEFAULT.withMode(ImportMode.UPSERT),
                ProgressListener.NONE);
        assertEquals(List.of(2L, 2L, 0L, 0L),
                List.of(upsert.inserted(), upsert.replaced(), upsert.skipped(), upsert.errors()));
        ImportOptions insert = ImportOptions.DEFAULT.withSkippedErrors(10, null);
        ImportReport skipped = load(rows(8, 4), insert, ProgressListener.NONE);
        assertEquals(List.of(3L, 0L, 0L, 1L),
                List.of(skipped.inserted(), skipped.replaced(), skipped.skipped(), skipped.errors()));
        assertEquals(1, skipped.firstErrors().getFirst().line());
        RowException refused = assertThrows(RowException.class,
                () -> load(rows(11, 2), insert.withMode(ImportMode.FAIL), ProgressListener.NONE));
        assertTrue(refused.getCause() instanceof DuplicateKeyException);
        assertThrows(RowException.class, () -> load(rows(11, 2), ImportOptions.DEFAULT, ProgressListener.NONE));
        assertEquals(12, target.stored.size());
    }

    @Test
    void keepsFullBatchesAndDropsTheOpenOneWhenItFails() {
        RowException refused = assertThrows(RowException.class, () -> load(rows(0, 25) + "oops\n" + rows(25, 5),
                ImportOptions.DEFAULT.withBatch(10, 1 << 20), ProgressListener.NONE));
        assertEquals(26, refused.line());
        assertEquals(20, target.stored.size());
    }

    @Test
    void skipsErrorsAndDescribesThem() throws IOException {
        Path errorFile = directory.resolve("x.errors.jsonl");
        ImportOptions options = ImportOptions.DEFAULT.withSkippedErrors(3, errorFile).withRowBytesMax(1024);
        String text = rows(0, 1) + "{\"a\":\"\\q\"}\n" + rows(0, 1) + "{\"long\":\"" + "x".repeat(2000) + "\"}\n"
                + rows(1, 1);
        ImportReport report = load(text, options, ProgressListener.NONE);
        assertEquals(5, report.rows());
        assertEquals(2, report.inserted());
        assertEquals(3, report.errors());
        assertEquals(3, report.firstErrors().size());
        List<String> errors = Files.readAllLines(errorFile);
        assertEquals(3, errors.size());
        BsonDocument first = BsonDocument.parse(errors.get(0));
        assertEquals(2, first.getNumber("line").intValue());
        assertEquals(8, first.getNumber("column").intValue());
        assertEquals(rows(0, 1).length() + 7, first.getNumber("byte").intValue());
        assertEquals("{\"a\":\"\\q\"}", first.getString("row").getValue());
        assertTrue(first.getString("reason").getValue().contains("escape"));
        assertEquals(rows(0, 1).strip(), BsonDocument.parse(errors.get(1)).getString("row").getValue());
        assertTrue(BsonDocument.parse(errors.get(2)).getBoolean("truncated").getValue());

        assertThrows(RowException.class,
                () -> load(text, options.withSkippedErrors(1, errorFile), ProgressListener.NONE));
        assertEquals(1, Files.readAllLines(errorFile).size());
        try (var files = Files.list(directory)) {
            assertEquals(List.of(errorFile), files.toList());
        }
    }

    @Test
    void describesRowsThatAreNoText() throws IOException {
        Path errorFile = directory.resolve("e.jsonl");
        ImportOptions options = ImportOptions.DEFAULT.withSkippedErrors(3, errorFile);
        byte[] text = {'{', '"', (byte) 0xFF, '"', ':', '1', '}', '\n'};
        try (DocumentSource source = Formats.open(new Chunks(text), "x.jsonl", null, options);
                DocumentSink sink = new BatchSink(target, options)) {
            assertEquals(1, Transfer.importInto(source, sink, options, ProgressListener.NONE).errors());
        }
        assertEquals(7, BsonDocument.parse(Files.readString(errorFile)).getBinary("row").getData().length);
    }

    @Test
    void makesAFieldTheId() {
        ImportOptions options = ImportOptions.DEFAULT.withIdField("sku").withSkippedErrors(9, null);
        ImportReport report = load("{\"a\":1,\"sku\":\"x\",\"b\":2}\n{\"a\":1}\n{\"_id\":1,\"sku\":2}\n", options,
                ProgressListener.NONE);
        assertEquals(2, report.errors());
        assertEquals("{\"_id\": \"x\", \"a\": 1, \"b\": 2}", target.stored.values().iterator().next().toJson());
    }

    @Test
    void stopsWhenTheListenerSaysSo() {
        List<Long> heard = new ArrayList<>();
        ImportReport report = load(rows(0, 3000), ImportOptions.DEFAULT.withBatch(100, 1 << 20),
                (rows, bytes, errors) -> {
                    heard.add(rows);
                    return heard.size() < 2;
                });
        assertTrue(report.cancelled());
        assertEquals(2, heard.size());
        assertEquals(report.rows(), heard.getLast());
        assertEquals(report.rows() / 100 * 100, target.stored.size());
    }

    @Test
    void exportsWhatItImports() throws IOException {
        List<BsonDocument> documents = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            documents.add(new BsonDocument("_id", new BsonInt32(i)));
        }
        for (Format format : Format.values()) {
            for (int count : new int[]{0, 1, 2000}) {
                if (format == Format.PANDAS_VALUES) {
                    continue; // without names there is no id
                }
                boolean known = format.suffixes().length > 0;
                Path file = directory.resolve("out." + (known ? format.suffixes()[0] : format.label()));
                ExportReport report;
                try (DocumentSink sink = Formats.create(file, format, ExportOptions.DEFAULT)) {
                    report = Transfer.export(new ListSource(documents.subList(0, count)), sink, ProgressListener.NONE);
                }
                assertEquals(count, report.rows());
                assertEquals(Files.size(file), report.bytes());
                target.stored.clear();
                try (DocumentSource source = Formats.open(file, known ? null : format, ImportOptions.DEFAULT);
                        DocumentSink sink = new BatchSink(target, ImportOptions.DEFAULT)) {
                    assertEquals(count,
                            Transfer.importInto(source, sink, ImportOptions.DEFAULT, ProgressListener.NONE).rows());
                }
                target.closed = false;
                assertEquals(count, target.stored.size());
            }
        }
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (DocumentSink sink = Formats.create(stream, Format.JSON, ExportOptions.DEFAULT)) {
            Transfer.export(new ListSource(documents.subList(0, 2)), sink, ProgressListener.NONE);
        }
        assertEquals("[\n{\"_id\": 0},\n{\"_id\": 1}\n]\n", stream.toString(StandardCharsets.UTF_8));
    }

    @Test
    void leavesNoFileBehindWhenAnExportIsCancelled() throws IOException {
        Path file = directory.resolve("out.ndjson");
        Files.writeString(file, "before");
        try (DocumentSink sink = Formats.create(file, Format.NDJSON, ExportOptions.DEFAULT)) {
            assertTrue(
                    Transfer.export(new ListSource(List.of(new BsonDocument())), sink, (rows, bytes, errors) -> false)
                            .cancelled());
        }
        assertEquals("before", Files.readString(file));
        try (var files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    static String rows(int from, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            text.append("{\"_id\":").append(i).append("}\n");
        }
        return text.toString();
    }

    /** Documents of a list. */
    static final class ListSource implements DocumentSource {
        private final List<BsonDocument> documents;
        private int at;

        ListSource(List<BsonDocument> documents) {
            this.documents = documents;
        }

        @Override
        public boolean next(BsonWriter writer) {
            if (at == documents.size()) {
                return false;
            }
            try (GrowableBuffer buffer = GrowableBuffer.ofConfined(1024, GrowableBuffer.DEFAULT_LIMIT)) {
                BsonBridge.encode(documents.get(at++), buffer);
                writer.rawDocument(new BsonView().wrap(buffer));
            }
            return true;
        }

        @Override
        public long rows() {
            return at;
        }

        @Override
        public long bytePosition() {
            return 0;
        }

        @Override
        public void close() {
        }
    }

    @Test
    void selectsAndRenamesFields() {
        FieldSelection fields = new FieldSelection(Set.of("_id", "a", "b"), Set.of("b"), Map.of("a", "x"));
        load("{\"_id\":1,\"a\":2,\"b\":3,\"c\":4}\n", ImportOptions.DEFAULT.withFields(fields), ProgressListener.NONE);
        assertEquals(List.of(BsonDocument.parse("{_id: 1, x: 2}")), List.copyOf(target.stored.values()));
        ImportReport taken = load("{\"_id\":2,\"a\":2,\"x\":3}\n{\"_id\":3,\"x\":3}\n", ImportOptions.DEFAULT
                .withFields(new FieldSelection(Set.of(), Set.of(), Map.of("a", "x"))).withSkippedErrors(9, null),
                ProgressListener.NONE);
        assertEquals(1, taken.errors());
        load("{\"key\":7,\"a\":1}\n", ImportOptions.DEFAULT.withIdField("k")
                .withFields(new FieldSelection(Set.of(), Set.of(), Map.of("key", "k"))), ProgressListener.NONE);
        assertTrue(target.stored.containsValue(BsonDocument.parse("{_id: 7, a: 1}")));
        assertThrows(IllegalArgumentException.class,
                () -> new FieldSelection(Set.of(), Set.of(), Map.of("a", "x", "b", "x")));
    }

    @Test
    void readsExpiryFromField() {
        ImportOptions options = ImportOptions.DEFAULT.withExpiryField("until").withSkippedErrors(9, null);
        long before = Hosts.platform().wallMillis();
        ImportReport report = load(
                "{\"_id\":1,\"until\":{\"$date\":\"2050-01-01T00:00:00Z\"}}\n{\"_id\":2,\"until\":60}\n{\"_id\":3}\n"
                        + "{\"_id\":4,\"until\":null}\n{\"_id\":5,\"until\":\"soon\"}\n{\"_id\":6,\"until\":0}\n{\"_id\":7,\"until\":1e300}\n",
                options, ProgressListener.NONE);
        assertEquals(3, report.errors());
        assertEquals(2_524_608_000_000L, target.expiries.get("BsonInt32{value=1}"));
        long later = target.expiries.get("BsonInt32{value=2}");
        assertTrue(later >= before + 60_000, later + " after " + before);
        assertEquals(2, target.expiries.size());
        assertTrue(target.stored.containsValue(BsonDocument.parse("{_id: 2, until: 60}")), "the field stays");
    }

    @Test
    void storesNothingInADryRun() {
        load(rows(0, 3), ImportOptions.DEFAULT, ProgressListener.NONE);
        target.batches.clear();
        ImportReport report = load(rows(2, 5),
                ImportOptions.DEFAULT.withDryRun(true).withBatch(2, 1 << 20).withSkippedErrors(9, null),
                ProgressListener.NONE);
        assertEquals(List.of(4L, 1L), List.of(report.inserted(), report.errors()));
        assertEquals(3, target.stored.size());
        assertEquals(List.of(), target.batches);
    }

    @Test
    void goesOnWhereItEnded() throws IOException {
        Path state = directory.resolve("state.json");
        ImportOptions options = ImportOptions.DEFAULT.withBatch(10, 1 << 20).withResume(state, "x");
        String broken = rows(0, 25) + "oops\n" + rows(25, 10);
        assertThrows(RowException.class, () -> load(broken, options, ProgressListener.NONE));
        assertEquals(20, target.stored.size());
        assertTrue(Files.exists(state));
        assertThrows(RowException.class,
                () -> load(broken, options.withResume(state, "another"), ProgressListener.NONE));
        assertThrows(RowException.class, () -> load(rows(0, 5), options, ProgressListener.NONE));
        target.batches.clear();
        target.stored.put("BsonInt32{value=21}", BsonDocument.parse("{_id: 21}")); // a batch that was stored and nobody knew
        ImportReport report = load(broken.replace("oops\n", ""), options, ProgressListener.NONE);
        assertEquals(35, target.stored.size());
        assertEquals(List.of(35L, 34L, 1L), List.of(report.rows(), report.inserted(), report.skipped()));
        assertFalse(Files.exists(state));
        Files.writeString(state, "[]");
        assertThrows(RowException.class, () -> load(broken, options, ProgressListener.NONE));
    }
}
