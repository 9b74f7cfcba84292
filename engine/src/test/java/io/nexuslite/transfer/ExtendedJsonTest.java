package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonValidator;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.RandomBson;
import io.nexuslite.bson.TestSeed;
import io.nexuslite.error.RowException;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonValue;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtendedJsonTest {
    private static final JsonWriterSettings CANONICAL = JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED)
            .build();
    private static final JsonWriterSettings RELAXED = JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();
    /** The library leaves this wrapper out in its relaxed mode, so that the type is lost. */
    private static final String DB_POINTER = "(?s)\\{\"\\$dbPointer\": (\\{\"\\$ref\": \".*?\", \"\\$id\": "
            + "\\{\"\\$oid\": \"[0-9a-f]{24}\"}})}";

    private final JsonReader reader = new JsonReader();
    private final GrowableBuffer buffer = new GrowableBuffer();
    private final GrowableBuffer parsed = new GrowableBuffer();
    private final BsonWriter writer = new BsonWriter();
    private final BsonView view = new BsonView();
    private final BsonValidator validator = new BsonValidator();

    @AfterEach
    void close() {
        reader.close();
        buffer.close();
        parsed.close();
    }

    @Test
    void writesTheTextOfTheBsonLibrary() {
        TestSeed.run(ExtendedJsonTest.class, "writesTheTextOfTheBsonLibrary", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(3_000); i > 0; i--) {
                BsonDocument document = random.document();
                assertEquals(unescaped(document.toJson(CANONICAL)), print(document, JsonStyle.CANONICAL));
                assertEquals(unescaped(document.toJson(RELAXED)),
                        print(document, JsonStyle.RELAXED).replaceAll(DB_POINTER, "$1"));
            }
        });
    }

    @Test
    void readsBackTheBytesItWrote() {
        TestSeed.run(ExtendedJsonTest.class, "readsBackTheBytesItWrote", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(3_000); i > 0; i--) {
                BsonDocument document = (BsonDocument) plainNaN(random.document());
                JsonStyle style = random.random().nextBoolean() ? JsonStyle.CANONICAL : JsonStyle.CANONICAL_COMPACT;
                String json = print(document, style);
                byte[] bytes = view.wrap(buffer).toByteArray();
                parse(json);
                assertArrayEquals(bytes, view.wrap(parsed).toByteArray(), json);
                validator.validate(view);
            }
        });
    }

    @Test
    void readsWhatTheBsonLibraryReads() {
        TestSeed.run(ExtendedJsonTest.class, "readsWhatTheBsonLibraryReads", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(3_000); i > 0; i--) {
                BsonDocument document = (BsonDocument) plainNaN(random.document());
                String json = document.toJson(random.random().nextBoolean() ? CANONICAL : RELAXED);
                parse(json);
                assertEquals(BsonDocument.parse(json), view.wrap(parsed).toBsonDocument(), json);
                validator.validate(view);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"$oid\": \"0123456789abcdefABCDEF00\"}",
            "{\"\\u0024oid\": \"0123456789abcdefABCDEF00\"}",
            "{\"$uuid\": \"73ffd264-44b3-4c69-90e8-e7d1dfc035d4\"}", "{\"$date\": \"2020-02-29T23:59:59.999Z\"}",
            "{\"$date\": \"1960-01-01T00:00:00Z\"}", "{\"$date\": \"2020-01-01T12:00:00.5+01:30\"}",
            "{\"$date\": \"2020-01-01T12:00:00.123456789-08:00\"}", "{\"$date\": \"2020-01-01T12:00Z\"}",
            "{\"$date\": \"-0004-12-31T12:00:00Z\"}", "{\"$date\": \"+12020-12-31T12:00:00Z\"}",
            "{\"$date\": {\"$numberLong\": \"-1\"}}", "{\"$date\": 1500000000000}", "{\"$date\": -5}",
            "{\"$binary\": {\"base64\": \"AQID\", \"subType\": \"80\"}}",
            "{\"$binary\": {\"subType\": \"5\", \"base64\": \"AQI=\"}}",
            "{\"$binary\": \"AQIDBA==\", \"$type\": \"02\"}",
            "{\"$type\": \"00\", \"$binary\": \"AQIDBA==\"}", "{\"$binary\": {\"base64\": \"\", \"subType\": \"00\"}}",
            "{\"$regularExpression\": {\"options\": \"i\", \"pattern\": \"^a\"}}",
            "{\"$regex\": \"^a\", \"$options\": \"i\"}",
            "{\"$options\": \"i\", \"$regex\": \"^a\"}",
            "{\"$regex\": {\"$regularExpression\": {\"pattern\": \"p\", \"options\": \"\"}}}",
            "{\"$regex\": \"^a\"}", "{\"$type\": 2}", "{\"$type\": \"string\"}", "{\"$options\": 1}",
            "{\"$timestamp\": {\"t\": 4294967295, \"i\": 7}}", "{\"$minKey\": 1}", "{\"$maxKey\": 1}",
            "{\"$undefined\": true}",
            "{\"$symbol\": \"s\"}", "{\"$code\": \"f()\"}",
            "{\"$code\": \"f()\", \"$scope\": {\"x\": {\"$numberInt\": \"1\"}}}",
            "{\"$dbPointer\": {\"$ref\": \"a.b\", \"$id\": {\"$oid\": \"0123456789abcdefABCDEF00\"}}}",
            "{\"$ref\": \"a\", \"$id\": 1}", "{\"$numberDecimal\": \"NaN\"}", "{\"$numberDecimal\": \"-Infinity\"}",
            "{\"$numberDecimal\": \"+1.50E-3\"}", "{\"$numberDouble\": \"-Infinity\"}", "{\"$numberDouble\": \"NaN\"}",
            "{\"$numberDouble\": \"-0.0\"}", "{\"$numberLong\": \"-9223372036854775808\"}",
            "{\"$numberInt\": \"-2147483648\"}",
            "{\"$foo\": 1}", "{\"a\": 1, \"$oid\": 2}", "{}"})
    void agreesWithTheBsonLibraryOn(String value) {
        String json = "{\"v\": " + value + ", \"w\": [" + value + "]}";
        parse(json);
        assertEquals(BsonDocument.parse(json), view.wrap(parsed).toBsonDocument());
        validator.validate(view);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"$oid\": \"0123456789abcdefABCDEF0\"}", "{\"$oid\": \"0123456789abcdefABCDEF0g\"}",
            "{\"$oid\": 1}",
            "{\"$oid\": \"0123456789abcdefABCDEF00\", \"x\": 1}", "{\"$numberInt\": 1}",
            "{\"$numberInt\": \"2147483648\"}",
            "{\"$numberInt\": \"\"}", "{\"$numberInt\": \"-\"}", "{\"$numberInt\": \"1.0\"}",
            "{\"$numberLong\": \"9223372036854775808\"}",
            "{\"$numberLong\": \"-9223372036854775809\"}", "{\"$numberLong\": 1}", "{\"$numberDouble\": \"1d\"}",
            "{\"$numberDouble\": \"0x1p3\"}", "{\"$numberDouble\": \"1e999\"}", "{\"$numberDouble\": \"\"}",
            "{\"$numberDecimal\": \"12345678901234567890123456789012345\"}", "{\"$numberDecimal\": \"1e7000\"}",
            "{\"$numberDecimal\": \"x\"}", "{\"$date\": \"2020-02-30T00:00:00Z\"}", "{\"$date\": \"2020-01-01\"}",
            "{\"$date\": \"2020-01-01T00:00:60Z\"}", "{\"$date\": \"2020-01-01T00:00:00\"}", "{\"$date\": \"\"}",
            "{\"$date\": {}}",
            "{\"$date\": 1.5}", "{\"$date\": \"+999999999-01-01T00:00:00Z\"}",
            "{\"$uuid\": \"73ffd26444b34c6990e8e7d1dfc035d4\"}",
            "{\"$uuid\": \"73ffd264-44b3-4c69-90e8-e7d1dfc035d\"}",
            "{\"$binary\": {\"base64\": \"A\", \"subType\": \"00\"}}",
            "{\"$binary\": {\"base64\": \"AQ==AQ==\", \"subType\": \"00\"}}",
            "{\"$binary\": {\"base64\": \"AQID\", \"subType\": \"000\"}}",
            "{\"$binary\": {\"base64\": \"AQID\", \"subType\": \"g\"}}", "{\"$binary\": {\"base64\": \"AQID\"}}",
            "{\"$binary\": \"AQID\"}", "{\"$regularExpression\": {\"pattern\": \"a\"}}",
            "{\"$regularExpression\": {\"pattern\": \"a\\u0000\", \"options\": \"\"}}",
            "{\"$regularExpression\": {\"pattern\": \"a\", \"options\": \"\", \"x\": 1}}",
            "{\"$timestamp\": {\"t\": -1, \"i\": 0}}",
            "{\"$timestamp\": {\"t\": 4294967296, \"i\": 0}}", "{\"$timestamp\": {\"t\": 1}}", "{\"$timestamp\": 1}",
            "{\"$minKey\": 2}",
            "{\"$undefined\": false}", "{\"$code\": 1}", "{\"$code\": \"\", \"$scope\": 1}",
            "{\"$code\": \"\", \"x\": {}}",
            "{\"$dbPointer\": {\"$ref\": \"a\"}}", "{\"$symbol\": 1}"})
    void refusesMalformed(String value) {
        assertTrue(assertThrows(RowException.class, () -> parse("{\"v\": " + value + "}")).getMessage()
                .contains("Extended JSON"));
        assertThrows(RowException.class, () -> parse(value));
    }

    @Test
    void readsDocumentsUpToTheLimitOfBson() {
        String ones = "1,".repeat(1_000_000);
        parse("{\"a\":[" + ones + "1], \"b\":\"" + "x".repeat(2_000_000) + "\"}");
        validator.validate(view.wrap(parsed));
        assertTrue(assertThrows(RowException.class, () -> parse("{\"a\":[" + ones + ones + "1]}")).getMessage()
                .contains("larger"));
        assertTrue(
                assertThrows(RowException.class, () -> parse("{\"a\":\"" + "x".repeat(16 << 20) + "\"}")).getMessage()
                        .contains("larger"));
    }

    private String print(BsonDocument document, JsonStyle style) {
        buffer.reset();
        BsonBridge.encode(document, buffer);
        JsonWriter json = new JsonWriter(style);
        json.append(view.wrap(buffer));
        return json.toString();
    }

    private void parse(String json) {
        parsed.reset();
        reader.parse(json, writer.wrap(parsed));
    }

    /** The library's text without its escapes of characters from U+007F on. */
    private static String unescaped(String json) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            result.append(c);
            if (c == '\\') {
                char kind = json.charAt(++i);
                int unit = kind == 'u' ? Integer.parseInt(json, i + 1, i + 5, 16) : 0;
                if (unit >= 0x7F) {
                    result.setCharAt(result.length() - 1, (char) unit);
                    i += 4;
                } else {
                    result.append(kind);
                }
            }
        }
        return result.toString();
    }

    private static BsonValue plainNaN(BsonValue value) {
        return switch (value) {
            case BsonDocument document -> {
                document.replaceAll((name, inner) -> plainNaN(inner));
                yield document;
            }
            case BsonArray array -> {
                array.replaceAll(ExtendedJsonTest::plainNaN);
                yield array;
            }
            case BsonJavaScriptWithScope code -> new BsonJavaScriptWithScope(code.getCode(),
                    (BsonDocument) plainNaN(code.getScope()));
            case BsonDouble number -> Double.isNaN(number.getValue()) ? new BsonDouble(Double.NaN) : number;
            default -> value;
        };
    }
}
