package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonValidator;
import io.nexuslite.bson.BsonView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;

/** The table of what is JSON and what is not: each text as a value, and at every place where the input may break in two. */
class JsonConformanceTest {
    private record Case(boolean accept, String shown, byte[] text) {
    }

    @Test
    void acceptsAndRefusesWhatTheTableSays() throws IOException {
        List<String> wrong = new ArrayList<>();
        try (BsonRow row = new BsonRow(1024)) {
            JsonParser parser = new JsonParser(row, false, false);
            for (Case example : table()) {
                String fault = fault(parser, example.text());
                if (example.accept() != (fault == null)) {
                    wrong.add(example + ": " + fault);
                }
                if (fault == null) {
                    new BsonValidator().validate(row.view());
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void saysTheSameWhereverTheInputBreaks() throws IOException {
        for (Case example : table()) {
            byte[] text = framed(example.text());
            List<String> whole = ReadRows.of(new Chunks(text), Format.JSON, ImportOptions.DEFAULT);
            assertEquals(whole, ReadRows.of(new Chunks(text, 1), Format.JSON, ImportOptions.DEFAULT), example.shown());
            List<String> lines = ReadRows.of(new Chunks(text), Format.NDJSON, ImportOptions.DEFAULT);
            for (int split = 1; split < text.length; split++) {
                assertEquals(whole,
                        ReadRows.of(new Chunks(text, split, text.length), Format.JSON, ImportOptions.DEFAULT),
                        example.shown());
                assertEquals(lines,
                        ReadRows.of(new Chunks(text, split, text.length), Format.NDJSON, ImportOptions.DEFAULT),
                        example.shown());
            }
            String verdict = whole.get(1);
            boolean lineBreak = new String(example.text(), StandardCharsets.ISO_8859_1).contains("\n");
            if (example.accept()) {
                assertEquals(3, whole.size(), example + ": " + whole);
                assertTrue(verdict.startsWith("{"), example + ": " + whole);
            } else if (!lineBreak) {
                assertEquals(3, lines.size(), example + ": " + lines);
                assertTrue(lines.get(1).startsWith("Invalid row") || example.shown().contains("}"),
                        example + ": " + lines);
            }
        }
    }

    /** A good row before, the text as a value, a good row behind. */
    private static byte[] framed(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("{\"before\":1}\n{\"v\":".getBytes(StandardCharsets.UTF_8));
        out.writeBytes(text);
        out.writeBytes("}\n{\"behind\":1}\n".getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    @Test
    void givesEachNumberItsType() {
        assertEquals(
                BsonDocument.parse("{v: [{$numberInt: '0'}, {$numberInt: '-2147483648'}, {$numberLong: '2147483648'},"
                        + "{$numberLong: '-9223372036854775808'}, {$numberDouble: '9223372036854775808'}, {$numberDouble: '1E20'},"
                        + "{$numberDecimal: '9223372036854775809'}, {$numberDecimal: '-12345678901234567890123'},"
                        + "{$numberDouble: '1.0'}, {$numberDouble: '10'}, {$numberDouble: '-0.0'}, {$numberInt: '0'},"
                        + "{$numberDecimal: '12345678901234567890123456789012340'}]}").get("v"),
                value("[0, -2147483648, 2147483648, -9223372036854775808, 9223372036854775808, 100000000000000000000,"
                        + "9223372036854775809, -12345678901234567890123, 1.0, 1e1, -0.0, -0,"
                        + "12345678901234567890123456789012340]"));
    }

    @Test
    void nestsAHundredLevelsAndNoMore() {
        for (int depth : new int[]{1, 99, 100}) {
            assertNotNull(value("[".repeat(depth) + "]".repeat(depth)));
            assertNotNull(value("{\"a\":".repeat(depth) + "{\"$date\": {\"$numberLong\": \"1\"}}" + "}".repeat(depth)));
            assertNotNull(value("{\"a\":".repeat(depth)
                    + "{\"$dbPointer\": {\"$ref\": \"\", \"$id\": {\"$oid\": \"000000000000000000000000\"}}}"
                    + "}".repeat(depth)));
            assertNotNull(value("[".repeat(depth) + "{\"$timestamp\": {\"t\": 1, \"i\": 1}}" + "]".repeat(depth)));
            assertNotNull(value("[".repeat(depth - 1) + "{\"$code\": \"\", \"$scope\": {}}" + "]".repeat(depth - 1)));
        }
        for (String deep : List.of("[".repeat(101) + "]".repeat(101), "[".repeat(100_000), "{\"a\":".repeat(100_000),
                "[".repeat(100) + "{\"$code\": \"\", \"$scope\": {}}" + "]".repeat(100),
                "{\"$scope\":".repeat(101) + "{}" + "}".repeat(101))) {
            try (BsonRow row = new BsonRow(1 << 20)) {
                String fault = fault(new JsonParser(row, true, false), deep.getBytes(StandardCharsets.UTF_8));
                assertTrue(fault != null && fault.contains("levels"), fault);
            }
        }
    }

    @Test
    void leavesExtendedJsonWhereItIsNotAskedFor() {
        try (BsonRow row = new BsonRow(1024)) {
            byte[] text = "{\"$oid\": 1, \"$date\": {\"$numberInt\": \"1\"}}".getBytes(StandardCharsets.UTF_8);
            assertEquals(null, fault(new JsonParser(row, false, false), text));
            assertEquals(List.of("$oid", "$date"),
                    List.copyOf(new BsonView().wrap(row.view()).toBsonDocument().getDocument("").keySet()));
        }
    }

    private static BsonValue value(String json) {
        try (BsonRow row = new BsonRow(1024)) {
            String fault = fault(new JsonParser(row, true, false), json.getBytes(StandardCharsets.UTF_8));
            assertEquals(null, fault, json);
            new BsonValidator().validate(row.view());
            return row.view().toBsonDocument().get("");
        }
    }

    /** What is wrong with a text as a whole value, or null. */
    static String fault(JsonParser parser, byte[] text) {
        byte[] bytes = Arrays.copyOf(text, text.length + JsonText.SLACK);
        Arrays.fill(bytes, text.length + 1, bytes.length, (byte) '1'); // what lies behind must not matter
        try {
            parser.text().bytes = bytes;
            parser.text().lines = false;
            int at = parser.text().skip(parser.value(bytes, parser.text().skip(0), text.length));
            return at == text.length ? null : "more at " + at;
        } catch (TextFault e) {
            assertTrue(e.at() >= 0 && e.at() <= text.length, e.what() + " at " + e.at());
            return e.what() + " at " + e.at();
        }
    }

    private static List<Case> table() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = JsonConformanceTest.class.getResourceAsStream("json-conformance.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (!line.startsWith("#")) {
                    String verdict = line.substring(0, 6);
                    assertTrue(verdict.equals("accept") || verdict.equals("refuse"), line);
                    cases.add(new Case(verdict.equals("accept"), line, bytes(line.substring(7))));
                }
            }
        }
        assertTrue(cases.size() > 150);
        return cases;
    }

    private static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\x", i)) {
                out.write(Integer.parseInt(text, i + 2, i + 4, 16));
                i += 3;
            } else {
                out.write(text.charAt(i));
            }
        }
        return out.toByteArray();
    }

    @Test
    void tableIsReadAsItIsWritten() {
        assertArrayEquals(new byte[]{'a', 0x5C, 'b'}, bytes("a\\x5cb"));
    }
}
