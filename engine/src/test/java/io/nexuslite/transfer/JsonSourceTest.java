package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.RandomBson;
import io.nexuslite.bson.TestAllocation;
import io.nexuslite.bson.TestSeed;
import io.nexuslite.error.IoFailedException;
import io.nexuslite.error.RowException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonSourceTest {
    private static final String ONE = "{\"a\":{\"$numberInt\":\"1\"}}";
    private static final String TWO = "{\"b\":{\"$numberInt\":\"2\"}}";

    @Test
    void readsLines() {
        assertEquals(List.of(ONE, TWO), lines("\uFEFF{\"a\":1}\r\n\n  \t\r\n {\"b\":2} "));
        assertEquals(List.of(ONE, TWO), lines("{\"a\":1}\n{\"b\":2}\n"));
        assertEquals(List.of(), lines(""));
        assertEquals(List.of(), lines("\uFEFF"));
        assertEquals(List.of(), lines("\n\n"));
    }

    @Test
    void readsArraysAndDocumentsInARow() {
        for (String text : List.of("[{\"a\":1},{\"b\":2}]", " [\n {\"a\":1}\n ,\n {\"b\":2}\n ]\n\n",
                "{\"a\":1}{\"b\":2}",
                "\uFEFF{\n\"a\":\n1}\n\n\n{\"b\":2}", "{\"a\":1}\n{\"b\":2}\n")) {
            assertEquals(List.of(ONE, TWO), documents(text), text);
        }
        assertEquals(List.of(), documents(""));
        assertEquals(List.of(), documents("[]"));
        assertEquals(List.of(), documents(" [ ] "));
    }

    @Test
    void tellsLineColumnAndByteOfALine() {
        assertEquals(List.of(ONE, row("expected ':', found '2'", 2, 5, 12), TWO),
                lines("{\"a\":1}\n{\"b\"2}\n{\"b\":2}"));
        assertEquals(List.of(row("expected ',' or '}', found the end of the line", 2, 7, 7), TWO),
                lines("\n{\"a\":1\n{\"b\":2}"));
        assertEquals(List.of(row("expected ',' or '}', found the end", 1, 7, 6)), lines("{\"a\":1"));
        assertEquals(List.of(row("expected the end of the line, found '{'", 1, 8, 7), TWO),
                lines("{\"a\":1}{}\n{\"b\":2}"));
        assertEquals(List.of(row("expected a document, found '['", 1, 1, 0), TWO), lines("[1]\n{\"b\":2}"));
        assertEquals(List.of(row("expected each name once, found one again", 1, 8, 7)), lines("{\"a\":1,\"a\":2}"));
        assertEquals(List.of(row("expected UTF-8, found 'x'", 1, 8, 7)), lines(new byte[]{'{', '"', 'a', '"', ':', '"',
                (byte) 0xC3, 'x', '"', '}'}));
        assertEquals(List.of(row("expected a value, found byte 0xe4", 1, 6, 5), TWO),
                lines("{\"a\":\u00e4}\n{\"b\":2}".getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(List.of(row("expected a value of Extended JSON, found a malformed $oid", 1, 9, 8)),
                lines("\uFEFF{\"a\":{\"$oid\":1}}"));
    }

    @Test
    void tellsLineColumnAndByteInAnArray() {
        assertEquals(List.of(ONE, row("expected ':', found '2'", 3, 7, 18), TWO),
                documents("[{\"a\":1},\n{\n   \"b\"2},\n{\"b\":2}]"));
        assertEquals(List.of(row("expected a document, found '1'", 1, 2, 1), TWO), documents("[1, {\"b\":2}]"));
        assertEquals(List.of(ONE, row("expected ',' or ']', found the end", 1, 9, 8)), documents("[{\"a\":1}"));
        assertEquals(List.of(ONE, row("expected the end of the input, found '{'", 1, 10, 9)),
                documents("[{\"a\":1}]{\"b\":2}\n\n"));
        assertEquals(List.of(ONE, row("expected a document, found ']'", 1, 10, 9)), documents("[{\"a\":1},]"));
        assertEquals(List.of(ONE, row("expected ',' or ']', found '{'", 1, 10, 9), TWO),
                documents("[{\"a\":1} {\"a\":1},{\"b\":2}]"));
        assertEquals(List.of(row("expected a document, found ','", 1, 2, 1), TWO), documents("[,{\"a\":1},{\"b\":2}]"));
    }

    @Test
    void refusesRowsThatAreTooLongAndGoesOn() {
        ImportOptions options = ImportOptions.DEFAULT.withRowBytesMax(1024);
        String longText = "x".repeat(1_000_000);
        for (int size : new int[]{1, 7, 1000, 1 << 20}) {
            String text = "{\"a\":1}\n{\"long\":\"" + longText + "\"}\n{\"b\":2}\n";
            assertEquals(List.of(ONE, row("expected at most 1024 bytes in a row, found more", 2, 1, 8), TWO),
                    ReadRows.of(new Chunks(text.getBytes(StandardCharsets.UTF_8), size), Format.NDJSON, options));
            assertEquals(List.of(ONE, row("expected at most 1024 bytes in a row, found more", 2, 1, 8), TWO),
                    ReadRows.of(new Chunks(text.getBytes(StandardCharsets.UTF_8), size), Format.JSON, options));
        }
        String just = "{\"a\":\"" + "x".repeat(1024 - 8) + "\"}";
        assertTrue(
                ReadRows.of(new Chunks(utf8(just + "\n" + just)), Format.NDJSON, options).getFirst().startsWith("{"));
        assertTrue(
                ReadRows.of(new Chunks(utf8(just + " \n")), Format.NDJSON, options).getFirst().startsWith("Invalid"));
    }

    @Test
    void saysTheSameWhateverThePieces() {
        TestSeed.run(JsonSourceTest.class, "saysTheSameWhateverThePieces", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(150); i > 0; i--) {
                StringBuilder text = new StringBuilder();
                for (int rows = random.random().nextInt(1, 6); rows > 0; rows--) {
                    text.append(random.document(2, 4).toJson()).append(random.random().nextInt(8) == 0 ? "" : "\n");
                }
                byte[] bytes = utf8(text.toString());
                if (random.random().nextBoolean()) {
                    bytes[random.random().nextInt(bytes.length)] = (byte) random.random().nextInt(256);
                }
                for (Format format : new Format[]{Format.NDJSON, Format.JSON}) {
                    List<String> whole = ReadRows.of(new Chunks(bytes), format, ImportOptions.DEFAULT);
                    for (int pieces : new int[]{1, 2, 3, 13, random.random().nextInt(1, 100)}) {
                        assertEquals(whole, ReadRows.of(new Chunks(bytes, pieces), format, ImportOptions.DEFAULT));
                    }
                }
            }
        });
    }

    @Test
    void findsNamesThatComeTwiceAmongMany() {
        for (int names : new int[]{2, 47, 48, 49, 50, 64, 300, 5000}) {
            StringBuilder inner = new StringBuilder();
            for (int i = 0; i < names; i++) {
                inner.append(i == 0 ? "" : ",").append("\"name number ").append(i).append("\":{\"x\":").append(i)
                        .append("}");
            }
            String all = inner.toString();
            assertTrue(documents("{" + all + "}").getFirst().startsWith("{"));
            assertTrue(
                    documents("{\"p\":{" + all + "},\"q\":[{" + all + "},{" + all + "}]}").getFirst().startsWith("{"));
            for (int twice : new int[]{0, 1, names / 2, names - 1}) {
                String again = ",\"name number " + twice + "\":0}";
                assertTrue(documents("{" + all + again).getFirst().contains("once"), "name " + twice + " of " + names);
                assertTrue(documents("{\"p\":{" + all + "},\"q\":[{" + all + again + "]}").getFirst().contains("once"));
            }
        }
        assertTrue(ReadRows
                .of(new Chunks(utf8("{\"a\":1,\"a\":2}")), Format.JSON, ImportOptions.DEFAULT.withDuplicateNames(true))
                .getFirst().startsWith("{"));
    }

    @Test
    void tellsWhereItIs() {
        String text = "\n{\"a\":1}\n\n{\"b\":}\n{\"b\":2}";
        BsonWriter writer = new BsonWriter();
        try (GrowableBuffer buffer = new GrowableBuffer();
                GrowableBuffer copy = new GrowableBuffer();
                DocumentSource source = Formats.open(new Chunks(utf8(text)), "x.jsonl", null, ImportOptions.DEFAULT)) {
            assertTrue(source.next(writer.wrap(buffer)));
            assertEquals(2, source.line());
            assertEquals(1, source.rowPosition());
            assertEquals(9, source.bytePosition());
            assertTrue(source.copyRow(copy));
            assertEquals("{\"a\":1}", new String(copy.toByteArray(), StandardCharsets.UTF_8));
            buffer.reset();
            assertThrows(RowException.class, () -> source.next(writer.wrap(buffer)));
            assertEquals(4, source.line());
            copy.reset();
            assertTrue(source.copyRow(copy));
            assertEquals("{\"b\":}", new String(copy.toByteArray(), StandardCharsets.UTF_8));
            assertTrue(source.next(writer.wrap(buffer)));
            assertEquals(3, source.rows());
            assertEquals(text.length(), source.bytePosition());
            buffer.reset();
            assertFalse(source.next(writer.wrap(buffer)));
            assertFalse(source.next(writer.wrap(buffer)));
        }
    }

    @Test
    void closesTheStreamAlsoWhenNoFormatFits() {
        Chunks stream = new Chunks(utf8("<xml/>"));
        assertThrows(RowException.class, () -> Formats.open(stream, "x", null, ImportOptions.DEFAULT));
        assertTrue(stream.closed);
    }

    @Test
    void turnsFailuresOfTheStreamIntoItsOwn() {
        InputStream broken = new InputStream() {
            private int reads;

            @Override
            public int read() {
                return -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (reads++ == 0) {
                    target[offset] = '{';
                    return 1;
                }
                throw new IOException("gone");
            }
        };
        try (GrowableBuffer buffer = new GrowableBuffer();
                DocumentSource source = Formats.open(broken, "x", Format.NDJSON, ImportOptions.DEFAULT)) {
            IoFailedException failed = assertThrows(IoFailedException.class,
                    () -> source.next(new BsonWriter().wrap(buffer)));
            assertEquals(1, failed.position());
        }
    }

    @Test
    void detectsFormats() {
        assertEquals(Format.NDJSON, detect("x.json", "{\"a\":1}\n{\"b\":2}\n") == Format.JSON ? Format.NDJSON : null);
        assertEquals(Format.NDJSON, detect("x", "{\"a\":1}\n{\"b\":2}\n"));
        assertEquals(Format.NDJSON, detect(null, "\uFEFF\n {\"a\":\"}\\\"\"}  \r\n"));
        assertEquals(Format.NDJSON, detect("x.jsonl", "{\"a\":\"" + "x".repeat(2000)));
        assertEquals(Format.JSON, detect("x.jsonl", "[{\"a\":1}]"));
        assertEquals(Format.JSON, detect("x.ndjson", "{\n \"a\":1\n}"));
        assertEquals(Format.JSON, detect("x", "{\"a\":1} {\"b\":1}\n"));
        assertEquals(Format.EXTJSON, detect("x.ejson", "[{\"a\":1}]"));
        assertEquals(Format.EXTJSON, detect("X.EXTJSON", "{\"a\":1}\n"));
        assertEquals(Format.NDJSON, detect("x", ""));
        assertEquals(Format.JSON, detect("x.json", " \n"));
        assertEquals(Format.JSON, detect("x.json", "oops"));
        assertEquals(Format.NDJSON, Format.of("NdJson"));
        assertThrows(IllegalArgumentException.class, () -> Format.of("xml"));
    }

    private static Format detect(String name, String head) {
        byte[] bytes = utf8(head);
        return FormatDetector.detect(name, bytes, Math.min(bytes.length, FormatDetector.HEAD_SIZE));
    }

    @Test
    void allocatesNothingInTheSteadyState() {
        RandomBson random = new RandomBson(7);
        List<String> texts = new ArrayList<>();
        try (GrowableBuffer buffer = new GrowableBuffer()) {
            BsonView view = new BsonView();
            JsonWriter json = new JsonWriter(JsonStyle.CANONICAL);
            for (int i = 0; i < 50; i++) {
                buffer.reset();
                BsonBridge.encode(random.document(), buffer);
                json.reset();
                json.append(view.wrap(buffer));
                texts.add(json.toString());
            }
            texts.add(
                    "{\"plain\":[1,2.5,3.141592653589793,1e300,\"text\",\"\u00e4\\u00e4\\n\",true,null],\"n\":12345678901}");
        }
        byte[] one = utf8(String.join("\n", texts) + "\n");
        InputStream endless = new InputStream() {
            private int at;

            @Override
            public int read() {
                return -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                int size = Math.min(length, one.length - at);
                System.arraycopy(one, at, target, offset, size);
                at = (at + size) % one.length;
                return size;
            }
        };
        BsonWriter writer = new BsonWriter();
        BsonView view = new BsonView();
        JsonWriter[] json = {new JsonWriter(JsonStyle.CANONICAL), new JsonWriter(JsonStyle.RELAXED)};
        try (GrowableBuffer buffer = new GrowableBuffer();
                DocumentSource source = Formats.open(endless, "x", Format.NDJSON, ImportOptions.DEFAULT)) {
            TestAllocation.assertNone("parse and write", call -> {
                buffer.reset();
                source.next(writer.wrap(buffer));
                JsonWriter style = json[call & 1];
                style.reset();
                style.append(view.wrap(buffer));
                return style.length();
            });
        }
    }

    private static String row(String what, long line, long column, long position) {
        return new RowException(what, line, column, position, null).getMessage();
    }

    private static List<String> lines(String text) {
        return lines(utf8(text));
    }

    private static List<String> lines(byte[] text) {
        List<String> rows = ReadRows.of(new ByteArrayInputStream(text), Format.NDJSON, ImportOptions.DEFAULT);
        assertEquals(rows, ReadRows.of(new Chunks(text, 1), Format.NDJSON, ImportOptions.DEFAULT));
        return rows;
    }

    private static List<String> documents(String text) {
        List<String> rows = ReadRows.of(new Chunks(utf8(text)), Format.JSON, ImportOptions.DEFAULT);
        assertEquals(rows, ReadRows.of(new Chunks(utf8(text), 1), Format.JSON, ImportOptions.DEFAULT));
        return rows;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
