package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.RandomBson;
import io.nexuslite.bson.TestSeed;
import io.nexuslite.error.RowException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormatDetectorTest {
    private static String found(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        FormatDetector.Found found = FormatDetector.find(name, Arrays.copyOf(bytes, bytes.length + JsonText.SLACK),
                bytes.length);
        return found.format().label() + (found.delimiter() == 0 ? "" : found.delimiter());
    }

    private static void ambiguous(String name, String text, String... words) {
        RowException refused = assertThrows(RowException.class, () -> found(name, text), text);
        for (String word : words) {
            assertTrue(refused.getMessage().contains(word), refused.getMessage());
        }
    }

    @Test
    void tellsTablesByTheirDelimiters() {
        assertEquals("csv", found(null, "a,b\n1,2\n"));
        assertEquals("csv", found(null, "a,b\n1,\"x\ny;z\"\n3,4"));
        assertEquals("csv;", found(null, "a;b\n1,5;2\n3;4\n"));
        assertEquals("csv|", found("x", "a|b|c\r\n1|2|3\r\n"));
        assertEquals("tsv", found(null, "a\tb\n1,2\t3\n"));
        assertEquals("csv", found("x.csv", "a\n1\n"));
        assertEquals("csv;", found("x.csv", "a;b\n1;2\n"));
        assertEquals("csv", found("x.csv", "a;b,c\n1;2,3\n"));
        assertEquals("csv", found("x.csv.gz", "a,b"));
        assertEquals("csv", found("x.csv", ""));
        assertEquals("csv", found("x.csv", "[a],b\n1,2\n"));
        assertEquals("tsv", found("x.tsv", "a,b\n1,2\n".replace(',', '\t')));
        ambiguous(null, "a,b;c\n1,2;3\n", "csv with ','", "csv with ';'");
        ambiguous(null, "a\tb;c\n1\t2;3\n", "tsv or csv with ';'");
        ambiguous(null, "hello\nworld\n", "csv of one column");
        ambiguous("x.txt", "one, two\nthree\n", "Say it by name");
        ambiguous("x.csv", "{\"a\":1}\n{\"a\":2}\n", "csv or ndjson");
        ambiguous(null, "\u0000\u0001\u0002abc", "binary");
    }

    @Test
    void tellsFramesFromDocuments() {
        ambiguous("x.json", "{\"columns\":[\"a\"],\"index\":[0],\"data\":[[1]]}", "pandas-split", "json");
        ambiguous(null, "{ \"schema\": {\"fields\":[{\"name\":\"a\"}]}}", "pandas-table");
        ambiguous(null, "[[1,2],[3,4]]", "pandas-values");
        assertEquals("json", found("x.json", "[{\"a\":1}]"));
        assertEquals("json", found("x.json", "{\"a\":{\"0\":1}}"));
        assertEquals("ndjson", found("x.ndjson", "{\"columns\":[1]}\n"));
    }

    @Test
    void tellsBson() {
        TestSeed.run(FormatDetectorTest.class, "tellsBson", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(300); i > 0; i--) {
                BsonDocument document = random.document();
                RawBsonDocument raw = new RawBsonDocument(document, new org.bson.codecs.BsonDocumentCodec());
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                for (int copies = random.random().nextInt(1, 4); copies > 0; copies--) {
                    byte[] bytes = new byte[raw.getByteBuffer().remaining()];
                    raw.getByteBuffer().asNIO().get(bytes);
                    out.writeBytes(bytes);
                }
                byte[] head = Arrays.copyOf(out.toByteArray(), Math.min(out.size(), FormatDetector.HEAD_SIZE));
                assertEquals(Format.BSON, FormatDetector.detect(null, head, head.length), document.toJson());
                List<String> rows = ReadRows.of(new Chunks(out.toByteArray()), null, ImportOptions.DEFAULT);
                assertTrue(rows.stream().allMatch(row -> row.startsWith("{")), rows::toString);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-16", "x-UTF-16LE-BOM",
            "X-UTF-32LE-BOM",
            "X-UTF-32BE-BOM"})
    void readsWideText(String encoding) {
        Charset charset = Charset.forName(encoding);
        String json = "{\"a\":\"\u00e4\u20ac\uD83D\uDE00\"}\n{\"b\":" + "1".repeat(12) + "}\n";
        String csv = "name,n\n\"\u00e4,\u20ac\",1\n\uD83D\uDE00,2\n";
        for (int[] chunks : new int[][]{{}, {1}, {3, 5, 7}}) {
            assertEquals(ReadRows.of(new Chunks(json.getBytes(StandardCharsets.UTF_8)), null, ImportOptions.DEFAULT),
                    ReadRows.of(new Chunks(json.getBytes(charset), chunks), null, ImportOptions.DEFAULT));
            assertEquals(ReadRows.of(new Chunks(csv.getBytes(StandardCharsets.UTF_8)), null, ImportOptions.DEFAULT),
                    ReadRows.of(new Chunks(csv.getBytes(charset), chunks), null, ImportOptions.DEFAULT));
        }
    }

    @Test
    void refusesTheRowOfWhatIsNoCharacter() {
        byte[] text = "{\"a\":\"x\"}\n{\"b\":1}\n".getBytes(StandardCharsets.UTF_16LE);
        text[12] = 0x41;
        text[13] = (byte) 0xD8; // half a pair in place of the x
        List<String> rows = ReadRows.of(new Chunks(text), null, ImportOptions.DEFAULT);
        assertTrue(rows.get(0).contains("expected UTF-8") && rows.get(0).contains("column=7"), rows.get(0));
        assertEquals(2, rows.size());
        List<String> odd = ReadRows.of(new Chunks(Arrays.copyOf(text, text.length - 1)), null, ImportOptions.DEFAULT);
        assertEquals(2, odd.size());
        assertTrue(odd.get(1).startsWith("Invalid row"), odd.get(1));
    }
}
