package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonValidator;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.RandomBson;
import io.nexuslite.bson.TestSeed;
import io.nexuslite.error.RowException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;

/** Random tables: read as they were written, by another hand and by ours, and damaged. */
class CsvModelTest {
    private static final ImportOptions TEXTS = ImportOptions.DEFAULT.withCsv(CsvOptions.DEFAULT.withHeader(false)
            .withInferring(false).withEmpty(CsvOptions.Empty.STRING));

    @Test
    void readsWhatAnotherHandWrites() {
        TestSeed.run(CsvModelTest.class, "readsWhatAnotherHandWrites", seed -> {
            RandomBson texts = new RandomBson(seed);
            SplittableRandom random = texts.random();
            for (int i = TestSeed.rounds(400); i > 0; i--) {
                int columns = random.nextInt(1, 6);
                StringBuilder table = new StringBuilder();
                List<List<String>> expected = new ArrayList<>();
                for (int row = random.nextInt(20); row > 0; row--) {
                    List<String> cells = new ArrayList<>();
                    for (int column = 0; column < columns; column++) {
                        String cell = random.nextInt(4) == 0 ? "a\"b,c\r\nd\re" : texts.text();
                        if (expected.isEmpty()) {
                            cell = cell.replace('\u0000', 'x'); // what begins as UTF-16 does is read as UTF-16
                        }
                        boolean quotes = columns == 1 && cell.isEmpty() || cell.matches("(?s).*[\",\r\n].*")
                                || random.nextInt(4) == 0 || column == 0 && cell.startsWith("\uFEFF");
                        table.append(column == 0 ? "" : ",")
                                .append(quotes ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
                        cells.add(cell);
                    }
                    expected.add(cells);
                    table.append(random.nextInt(3) == 0 ? "\n" : "\r\n");
                }
                byte[] bytes = table.toString().getBytes(StandardCharsets.UTF_8);
                List<List<String>> read = new ArrayList<>();
                for (String row : ReadRows.of(new Chunks(bytes, random.nextInt(1, 50)), Format.CSV, TEXTS)) {
                    assertTrue(row.startsWith("{"), () -> row + "\n" + table);
                    read.add(BsonDocument.parse(row).values().stream().map(value -> value.asString().getValue())
                            .toList());
                }
                assertEquals(expected, read, table.toString());
            }
        });
    }

    @Test
    void keepsEveryTypeUnderTypedNames() {
        TestSeed.run(CsvModelTest.class, "keepsEveryTypeUnderTypedNames", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(150); i > 0; i--) {
                CsvOptions csv = CsvOptions.DEFAULT.withTypedHeader(true);
                List<BsonDocument> documents = new ArrayList<>();
                for (int row = random.random().nextInt(1, 12); row > 0; row--) {
                    BsonDocument document = named(random.document(3, 5));
                    document.put("always", new BsonString("x")); // a record needs something in it
                    documents.add(document);
                }
                List<BsonValue> read = new ArrayList<>();
                String text = text(documents, csv);
                for (String row : ReadRows.of(new Chunks(text.getBytes(StandardCharsets.UTF_8)), Format.CSV,
                        ImportOptions.DEFAULT.withCsv(csv))) {
                    assertTrue(row.startsWith("{"), () -> row + "\n" + text);
                    read.add(sorted(BsonDocument.parse(row)));
                }
                assertEquals(documents.stream().map(CsvModelTest::sorted).toList(), read, text);
            }
        });
    }

    @Test
    void keepsPlainValuesWithoutTypes() {
        TestSeed.run(CsvModelTest.class, "keepsPlainValuesWithoutTypes", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(300); i > 0; i--) {
                BsonDocument document = new BsonDocument("_id", new BsonString("x"));
                for (int field = random.random().nextInt(6); field > 0; field--) {
                    BsonValue value = switch (random.random().nextInt(3)) {
                        case 0 -> new BsonString(random.text());
                        case 1 -> random.number();
                        default -> new BsonDouble(random.random().nextDouble() * 1e6);
                    };
                    boolean kept = !value.isDecimal128()
                            && !(value.isDouble() && !Double.isFinite(value.asDouble().getValue()))
                            && !(value.isInt64() && value.asInt64().getValue() == (int) value.asInt64().getValue());
                    if (kept) {
                        document.put("f" + field, value);
                    }
                }
                String text = text(List.of(document), CsvOptions.DEFAULT);
                List<String> rows = ReadRows.of(new Chunks(text.getBytes(StandardCharsets.UTF_8)), Format.CSV,
                        ImportOptions.DEFAULT);
                assertEquals(List.of(document), rows.stream().map(BsonDocument::parse).toList(), text);
            }
        });
    }

    @Test
    void survivesDamage() {
        TestSeed.run(CsvModelTest.class, "survivesDamage", seed -> {
            RandomBson random = new RandomBson(seed);
            byte[] tokens = "\",\r\n\t;.[]0:-eT{}\u0000 ".getBytes(StandardCharsets.US_ASCII);
            BsonValidator validator = new BsonValidator();
            BsonView view = new BsonView();
            BsonWriter writer = new BsonWriter();
            for (int i = TestSeed.rounds(3000); i > 0; i--) {
                List<BsonDocument> documents = List.of(named(random.document(2, 4)), named(random.document(2, 4)));
                CsvOptions csv = CsvOptions.DEFAULT.withTypedHeader(random.random().nextBoolean())
                        .withRagged(random.random().nextBoolean());
                byte[] bytes = text(documents, csv).getBytes(StandardCharsets.UTF_8);
                for (int damage = random.random().nextInt(6); damage > 0 && bytes.length > 0; damage--) {
                    bytes[random.random().nextInt(bytes.length)] = random.random().nextInt(4) == 0
                            ? (byte) random.random().nextInt(256)
                            : tokens[random.random().nextInt(tokens.length)];
                }
                try (GrowableBuffer buffer = new GrowableBuffer();
                        DocumentSource source = Formats.open(new Chunks(bytes, random.random().nextInt(1, 40)), "x",
                                Format.CSV, ImportOptions.DEFAULT.withCsv(csv))) {
                    boolean more = true;
                    for (int steps = 0; more; steps++) {
                        assertTrue(steps <= bytes.length + 1, "a source without end");
                        buffer.reset();
                        try {
                            more = source.next(writer.wrap(buffer));
                            if (more) {
                                validator.validate(view.wrap(buffer));
                            }
                        } catch (RowException e) {
                            assertTrue(e.bytePosition() >= 0 && e.bytePosition() <= bytes.length && e.line() >= 1
                                    && e.column() >= 1, e.getMessage());
                            assertEquals(0, buffer.length());
                        }
                    }
                    assertEquals(bytes.length, source.bytePosition());
                }
            }
        });
    }

    static String text(List<BsonDocument> documents, CsvOptions csv) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GrowableBuffer buffer = new GrowableBuffer();
                DocumentSink sink = Formats.create(out, Format.CSV, ExportOptions.DEFAULT.withCsv(csv))) {
            for (BsonDocument document : documents) {
                buffer.reset();
                BsonBridge.encode(document, buffer);
                sink.accept(new BsonView().wrap(buffer));
            }
            sink.commit();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The document with names that a table can hold: not empty, no dots, nothing that is an index or a list. */
    private static BsonDocument named(BsonDocument document) {
        BsonDocument named = new BsonDocument();
        document.forEach((name, value) -> named.put("n" + name.replace('.', '_').replace("[]", "_"),
                value.isDocument() ? named(value.asDocument()) : value));
        return named;
    }

    /** Fields in the order of their names, on all levels but those in arrays: a table has one order for all. */
    private static BsonDocument sorted(BsonDocument document) {
        Map<String, BsonValue> fields = new TreeMap<>();
        document.forEach((name, value) -> fields.put(name, sorted(value)));
        BsonDocument sorted = new BsonDocument();
        fields.forEach(sorted::put);
        return sorted;
    }

    private static BsonValue sorted(BsonValue value) {
        if (value.isArray()) {
            return new BsonArray(value.asArray().stream().map(CsvModelTest::sorted).toList());
        }
        return value.isDocument() ? sorted(value.asDocument()) : value;
    }
}
