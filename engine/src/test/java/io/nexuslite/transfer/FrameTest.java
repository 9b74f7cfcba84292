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
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.RowException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames of pandas: what it writes, what it reads, and what is neither. */
class FrameTest {
    private static final List<Format> SHAPES = List.of(Format.PANDAS_RECORDS, Format.PANDAS_SPLIT,
            Format.PANDAS_COLUMNS,
            Format.PANDAS_INDEX, Format.PANDAS_TABLE);

    @TempDir
    Path directory;

    private static List<String> read(Format format, String text, ImportOptions options) {
        return ReadRows.of(new Chunks(text.getBytes(StandardCharsets.UTF_8)), format, options);
    }

    private static void expect(String documents, Format format, String text, ImportOptions options) {
        List<BsonValue> read = new ArrayList<>();
        for (String row : read(format, text, options)) {
            assertTrue(row.startsWith("{"), row);
            read.add(BsonDocument.parse(row));
        }
        assertEquals(BsonArray.parse(documents).getValues().toString(), read.toString());
    }

    private static String written(Format format, ExportOptions options, List<BsonDocument> documents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GrowableBuffer buffer = new GrowableBuffer(); DocumentSink sink = Formats.create(out, format, options)) {
            for (BsonDocument document : documents) {
                buffer.reset();
                BsonBridge.encode(document, buffer);
                sink.accept(new BsonView().wrap(buffer));
            }
            sink.commit();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String written(Format format, ExportOptions options, String... documents) {
        return written(format, options, List.of(documents).stream().map(BsonDocument::parse).toList());
    }

    @Test
    void readsWhatPandasWrites() {
        ImportOptions plain = ImportOptions.DEFAULT;
        String both = "[{n: 'Ada', x: 1.5}, {n: 'Grace', x: 2}]";
        expect(both, Format.PANDAS_RECORDS, "[{\"n\":\"Ada\",\"x\":1.5},{\"n\":\"Grace\",\"x\":2}]", plain);
        expect(both, Format.PANDAS_SPLIT,
                "{\"columns\":[\"n\",\"x\"],\"index\":[0,1],\"data\":[[\"Ada\",1.5],[\"Grace\",2]]}", plain);
        expect(both, Format.PANDAS_SPLIT, "{\"data\":[[\"Ada\",1.5],[\"Grace\",2]],\"columns\":[\"n\",\"x\"]}", plain);
        expect(both, Format.PANDAS_COLUMNS, "{\"n\":{\"0\":\"Ada\",\"1\":\"Grace\"},\"x\":{\"0\":1.5,\"1\":2}}", plain);
        expect(both, Format.PANDAS_INDEX, "{\"0\":{\"n\":\"Ada\",\"x\":1.5},\"1\":{\"n\":\"Grace\",\"x\":2}}", plain);
        expect("[{'0': 'Ada', '1': 1.5}, {'0': 'Grace', '1': 2}]", Format.PANDAS_VALUES,
                "[[\"Ada\",1.5],[\"Grace\",2]]", plain);
        expect(both, Format.PANDAS_VALUES, "[[\"Ada\",1.5],[\"Grace\",2]]",
                plain.withCsv(CsvOptions.DEFAULT.withColumns(List.of("n", "x"))));
        expect("[{n: 'Ada', t: {$date: '2026-01-02T00:00:00Z'}}, {n: 'Grace'}]", Format.PANDAS_TABLE,
                "{\"schema\":{\"fields\":[{\"name\":\"index\",\"type\":\"integer\"},{\"name\":\"n\",\"type\":\"string\"},"
                        + "{\"name\":\"t\",\"type\":\"datetime\"}],\"primaryKey\":[\"index\"],\"pandas_version\":\"1.4.0\"},"
                        + "\"data\":[{\"index\":0,\"n\":\"Ada\",\"t\":\"2026-01-02T00:00:00.000\"},{\"index\":1,\"n\":\"Grace\",\"t\":null}]}",
                plain);
        for (String empty : List.of("{}", " { } ")) {
            expect("[]", Format.PANDAS_COLUMNS, empty, plain);
            expect("[]", Format.PANDAS_INDEX, empty, plain);
        }
        expect("[]", Format.PANDAS_VALUES, "[]", plain);
        expect("[]", Format.PANDAS_SPLIT, "{\"columns\":[],\"index\":[],\"data\":[]}", plain);
        expect("[]", Format.PANDAS_COLUMNS, "{\"a\":{},\"b\":{}}", plain);
    }

    @Test
    void keepsLabelsThatSaySomething() {
        expect("[{index: 'a', x: 1}, {index: 'b', x: 2}]", Format.PANDAS_COLUMNS, "{\"x\":{\"a\":1,\"b\":2}}",
                ImportOptions.DEFAULT);
        expect("[{index: 7, x: 1}, {index: 9, x: 2}]", Format.PANDAS_INDEX, "{\"7\":{\"x\":1},\"9\":{\"x\":2}}",
                ImportOptions.DEFAULT);
        expect("[{index: 7, x: 1}]", Format.PANDAS_SPLIT, "{\"index\":[7],\"columns\":[\"x\"],\"data\":[[1]]}",
                ImportOptions.DEFAULT);
        expect("[{_id: 0, x: 1}]", Format.PANDAS_COLUMNS, "{\"x\":{\"0\":1}}",
                ImportOptions.DEFAULT.withFrameLabelField("_id"));
        expect("[{k: 'a', x: 1}]", Format.PANDAS_TABLE,
                "{\"schema\":{\"fields\":[{\"name\":\"k\",\"type\":\"string\"}],\"primaryKey\":[\"k\"]},\"data\":[{\"k\":\"a\",\"x\":1}]}",
                ImportOptions.DEFAULT);
        expect("[{_id: {$oid: '0123456789abcdef01234567'}, t: {$date: {$numberLong: '1500'}}}]", Format.PANDAS_COLUMNS,
                "{\"t\":{\"0123456789abcdef01234567\":1500}}", ImportOptions.DEFAULT.withFrameLabelField("_id").withCsv(
                        CsvOptions.DEFAULT.withTypes(Map.of("_id", ColumnType.OBJECT_ID, "t", ColumnType.DATE))));
        expect("[{x: null}]", Format.PANDAS_COLUMNS, "{\"x\":{\"0\":null}}",
                ImportOptions.DEFAULT.withCsv(CsvOptions.DEFAULT.withEmpty(CsvOptions.Empty.NULL)));
    }

    @Test
    void writesWhatPandasReads() {
        String[] documents = {"{n: 'A\"a', x: 1.5, t: {$date: '2026-01-02T00:00:00Z'}}",
                "{n: 'Grace', y: [1, {z: null}], u: {$uuid: '550e8400-e29b-41d4-a716-446655440000'}}"};
        ExportOptions plain = ExportOptions.DEFAULT;
        assertEquals(
                "{\"columns\":[\"n\",\"x\",\"t\",\"y\",\"u\"],\"index\":[0,1],\"data\":[[\"A\\\"a\",1.5,\"2026-01-02T00:00:00.000Z\",null,null],"
                        + "[\"Grace\",null,null,[1,{\"z\":null}],\"550e8400-e29b-41d4-a716-446655440000\"]]}",
                written(Format.PANDAS_SPLIT, plain, documents));
        assertEquals(
                "{\"n\":{\"0\":\"A\\\"a\",\"1\":\"Grace\"},\"x\":{\"0\":1.5,\"1\":null},\"t\":{\"0\":\"2026-01-02T00:00:00.000Z\",\"1\":null},"
                        + "\"y\":{\"0\":null,\"1\":[1,{\"z\":null}]},\"u\":{\"0\":null,\"1\":\"550e8400-e29b-41d4-a716-446655440000\"}}",
                written(Format.PANDAS_COLUMNS, plain, documents));
        assertEquals("{\"0\":{\"n\":\"A\\\"a\",\"x\":1.5},\"1\":{\"n\":\"Grace\",\"x\":null}}",
                written(Format.PANDAS_INDEX, plain.withCsv(CsvOptions.DEFAULT.withColumns(List.of("n", "x"))),
                        documents));
        assertEquals("[[1.5],[null]]",
                written(Format.PANDAS_VALUES, plain.withCsv(CsvOptions.DEFAULT.withColumns(List.of("x"))), documents));
        assertEquals(
                "{\"schema\":{\"fields\":[{\"name\":\"n\",\"type\":\"string\"},{\"name\":\"x\",\"type\":\"number\"},"
                        + "{\"name\":\"t\",\"type\":\"datetime\",\"tz\":\"UTC\"},{\"name\":\"y\",\"type\":\"string\"},{\"name\":\"u\",\"type\":\"string\"}],"
                        + "\"primaryKey\":[\"n\"],\"pandas_version\":\"1.4.0\"},\"data\":[{\"n\":\"A\\\"a\",\"x\":1.5,\"t\":\"2026-01-02T00:00:00.000Z\","
                        + "\"y\":null,\"u\":null},{\"n\":\"Grace\",\"x\":null,\"t\":null,\"y\":[1,{\"z\":null}],"
                        + "\"u\":\"550e8400-e29b-41d4-a716-446655440000\"}]}",
                written(Format.PANDAS_TABLE, plain.withFrameLabelField("n"), documents));
        assertEquals("{\"x\":{\"7\":1,\"a\":2}}",
                written(Format.PANDAS_COLUMNS, plain.withFrameLabelField("k"), "{k: 7, x: 1}", "{k: 'a', x: 2}"));
        assertEquals("[null,null,1.10,\"AQID\",\"0123456789abcdef01234567\"]".replace("[", "[[").replace("]", "]]"),
                written(Format.PANDAS_VALUES, plain,
                        "{a: NaN, b: {$numberDecimal: 'Infinity'}, c: {$numberDecimal: '1.10'},"
                                + "d: {$binary: {base64: 'AQID', subType: '00'}}, e: {$oid: '0123456789abcdef01234567'}}"));
        assertEquals("{}", written(Format.PANDAS_COLUMNS, plain, new String[0]));
        assertEquals("{\"columns\":[],\"index\":[],\"data\":[]}", written(Format.PANDAS_SPLIT, plain, new String[0]));
        for (String wrong : List.of("{x: 1}", "{k: {a: 1}, x: 1}")) {
            Assertions.assertThrows(InvalidDocumentException.class,
                    () -> written(Format.PANDAS_COLUMNS, plain.withFrameLabelField("k"), wrong));
        }
    }

    @Test
    void bringsBackWhatItWroteInEveryShape() {
        TestSeed.run(FrameTest.class, "bringsBackWhatItWroteInEveryShape", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(60); i > 0; i--) {
                List<BsonDocument> documents = new ArrayList<>();
                for (int row = random.random().nextInt(random.random().nextInt(5) == 0 ? 300 : 8); row > 0; row--) {
                    documents.add(plain(random, 2));
                }
                for (Format format : SHAPES) {
                    String text = written(format, ExportOptions.DEFAULT, documents);
                    List<BsonDocument> read = new ArrayList<>();
                    for (String row : ReadRows.of(new Chunks(text.getBytes(StandardCharsets.UTF_8),
                            random.random().nextInt(1, 400)), format, ImportOptions.DEFAULT)) {
                        assertTrue(row.startsWith("{"), row + "\n" + text);
                        read.add(sorted(BsonDocument.parse(row)));
                    }
                    List<BsonDocument> expected = documents.stream().map(FrameTest::sorted).toList();
                    boolean nothing = format == Format.PANDAS_COLUMNS
                            && documents.stream().allMatch(BsonDocument::isEmpty);
                    assertEquals(nothing ? List.of() : expected, read, format + "\n" + text);
                }
            }
        });
    }

    /** A document of values that JSON holds without wrappers. */
    private static BsonDocument plain(RandomBson random, int depth) {
        BsonDocument document = new BsonDocument();
        SplittableRandom choice = random.random();
        for (int field = choice.nextInt(6); field > 0; field--) {
            document.put("f" + choice.nextInt(8) + (choice.nextInt(4) == 0 ? random.name() : ""),
                    switch (choice.nextInt(depth > 0 ? 7 : 5)) {
                        case 0 -> new BsonInt32(choice.nextInt());
                        case 1 -> new BsonInt64(1L << 40 | choice.nextInt(Integer.MAX_VALUE));
                        case 2 -> new BsonDouble(choice.nextDouble() * 100);
                        case 3 -> BsonBoolean.valueOf(choice.nextBoolean());
                        case 4 -> new BsonString(random.text());
                        case 5 -> plain(random, depth - 1);
                        default -> new BsonArray(List.of(plain(random, depth - 1), new BsonInt32(1)));
                    });
        }
        return document;
    }

    private static BsonDocument sorted(BsonDocument document) {
        BsonDocument sorted = new BsonDocument();
        new TreeMap<>(document).forEach(sorted::put);
        return sorted;
    }

    @Test
    void refusesWhatIsNoFrame() {
        refuses("expected a name", Format.PANDAS_COLUMNS, "{1:2}");
        refuses("line=1, column=6, byte=5", Format.PANDAS_COLUMNS, "{\"a\":[]}");
        refuses("each column once", Format.PANDAS_COLUMNS, "{\"a\":{\"0\":1},\"a\":{\"0\":1}}");
        refuses("found fewer", Format.PANDAS_COLUMNS, "{\"a\":{\"0\":1},\"b\":{}}");
        refuses("found more", Format.PANDAS_COLUMNS, "{\"a\":{},\"b\":{\"0\":1}}");
        refuses("label that the first column has", Format.PANDAS_COLUMNS, "{\"a\":{\"0\":1},\"b\":{\"1\":1}}");
        refuses("'columns' and 'data'", Format.PANDAS_SPLIT, "{\"data\":[]}");
        refuses("'schema' and 'data'", Format.PANDAS_TABLE, "{\"data\":[]}");
        refuses("labels as rows, found fewer", Format.PANDAS_SPLIT,
                "{\"columns\":[\"a\"],\"index\":[],\"data\":[[1]]}");
        refuses("labels as rows, found more", Format.PANDAS_SPLIT, "{\"columns\":[\"a\"],\"index\":[1],\"data\":[]}");
        refuses("expected '['", Format.PANDAS_VALUES, "{}");
        refuses("end of the input", Format.PANDAS_INDEX, "{} {}");
        refuses("", Format.PANDAS_SPLIT, "");
        refuses("column named as the label", Format.PANDAS_COLUMNS, "{\"index\":{\"a\":1}}");
        List<String> rows = read(Format.PANDAS_SPLIT,
                "{\"columns\":[\"a\",\"b\"],\n\"data\":[[1,2],\n[3],[4,5,6],7,[8,nul],[9,1e999],[10,11]]}",
                ImportOptions.DEFAULT);
        assertEquals(7, rows.size(), rows::toString);
        assertTrue(rows.get(1).contains("expected 2 cells, found 1 [line=3, column=1, byte=37]"), rows.get(1));
        assertTrue(rows.get(2).contains("expected 2 cells, found more"), rows.get(2));
        assertTrue(rows.get(3).contains("expected an array for a row"), rows.get(3));
        assertTrue(rows.get(4).contains("literal"), rows.get(4));
        assertTrue(rows.get(5).contains("range of a double"), rows.get(5));
        assertEquals(BsonDocument.parse("{a: 10, b: 11}"), BsonDocument.parse(rows.get(6)));
        rows = read(Format.PANDAS_COLUMNS, "{\"a\":{\"0\":1,\"1\":xx,\"2\":3},\"b\":{\"0\":4,\"1\":5,\"2\":6}}",
                ImportOptions.DEFAULT);
        assertEquals(3, rows.size());
        assertTrue(rows.get(1).contains("expected a value, found 'x'"), rows.get(1));
        assertEquals(BsonDocument.parse("{a: 3, b: 6}"), BsonDocument.parse(rows.get(2)));
    }

    private static void refuses(String words, Format format, String text) {
        List<String> rows = read(format, text, ImportOptions.DEFAULT);
        assertEquals(1, rows.size(), rows::toString);
        assertTrue(rows.getFirst().startsWith("Invalid row: ") && rows.getFirst().contains(words), rows.getFirst());
    }

    @Test
    void survivesDamage() {
        TestSeed.run(FrameTest.class, "survivesDamage", seed -> {
            RandomBson random = new RandomBson(seed);
            byte[] tokens = "{}[]:,\"\\0 \n".getBytes(StandardCharsets.US_ASCII);
            BsonValidator validator = new BsonValidator();
            BsonView view = new BsonView();
            BsonWriter writer = new BsonWriter();
            for (int i = TestSeed.rounds(1500); i > 0; i--) {
                Format format = SHAPES.get(random.random().nextInt(SHAPES.size()));
                byte[] bytes = written(format, ExportOptions.DEFAULT, List.of(plain(random, 1), plain(random, 1)))
                        .getBytes(StandardCharsets.UTF_8);
                for (int damage = random.random().nextInt(1, 4); damage > 0; damage--) {
                    bytes[random.random().nextInt(bytes.length)] = random.random().nextInt(3) == 0
                            ? (byte) random.random().nextInt(256)
                            : tokens[random.random().nextInt(tokens.length)];
                }
                try (GrowableBuffer buffer = new GrowableBuffer();
                        DocumentSource source = Formats.open(new Chunks(bytes, random.random().nextInt(1, 40)), "x",
                                format,
                                ImportOptions.DEFAULT.withRowBytesMax(4096))) {
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
                        }
                    }
                }
            }
        });
    }

    @Test
    void readsFilesInPlaceAndLeavesNothingBehind() throws IOException {
        Path file = directory.resolve("frame.json");
        StringBuilder text = new StringBuilder("{\"a\":{");
        for (int i = 0; i < 50_000; i++) {
            text.append(i == 0 ? "" : ",\n").append('"').append(i).append("\":\"value ").append(i).append('"');
        }
        text.append("},\"b\":{");
        for (int i = 0; i < 50_000; i++) {
            text.append(i == 0 ? "" : ",").append('"').append(i).append("\":").append(i);
        }
        Files.writeString(file, text.append("}}"));
        int rows = 0;
        BsonWriter writer = new BsonWriter();
        BsonView view = new BsonView();
        try (GrowableBuffer buffer = new GrowableBuffer();
                DocumentSource source = Formats.open(file, Format.PANDAS_COLUMNS, ImportOptions.DEFAULT)) {
            while (source.next(writer.wrap(reset(buffer)))) {
                if (rows % 10_007 == 0) {
                    assertEquals(BsonDocument.parse("{a: 'value " + rows + "', b: " + rows + "}"),
                            view.wrap(buffer).toBsonDocument());
                }
                rows++;
            }
            assertEquals(50_000, rows);
            assertEquals(Files.size(file), source.bytePosition());
        }
        Files.delete(file);
        try (InputStream stream = new Chunks(text.toString().getBytes(StandardCharsets.UTF_8), 1000)) {
            assertEquals(50_000, ReadRows.of(stream, Format.PANDAS_COLUMNS, ImportOptions.DEFAULT).size());
        }
    }

    private static GrowableBuffer reset(GrowableBuffer buffer) {
        buffer.reset();
        return buffer;
    }
}
