package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.nexuslite.bson.BsonValidator;
import io.nexuslite.bson.RandomBson;
import io.nexuslite.bson.TestSeed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.junit.jupiter.api.Test;

/** Random and damaged JSON: accepted and refused as jackson-core does, and in UTF-8 as the JDK does. */
class JsonModelTest {
    private static final JsonWriterSettings RELAXED = JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();
    private static final byte[] TOKENS = "{}[]:,\"\"\\\\/ubfnrt0123456789+-.eEaAdD \t\n\r\u0000\u001f"
            .getBytes(StandardCharsets.US_ASCII);

    @Test
    void agreesWithJacksonOnDamagedText() {
        TestSeed.run(JsonModelTest.class, "agreesWithJacksonOnDamagedText", seed -> {
            RandomBson random = new RandomBson(seed);
            try (BsonRow row = new BsonRow(1 << 16)) {
                io.nexuslite.transfer.JsonParser parser = new io.nexuslite.transfer.JsonParser(row, false, true);
                int agreed = 0;
                for (int i = TestSeed.rounds(40_000); i > 0; i--) {
                    byte[] text = damaged(random.document(3, 4).toJson(RELAXED), random.random());
                    String shown = new String(text, StandardCharsets.US_ASCII);
                    String lower = shown.toLowerCase();
                    if (lower.contains("\\ud") || lower.contains("\\u0000")) {
                        continue; // jackson takes half a pair; BSON takes no NUL in a name
                    }
                    String fault = JsonConformanceTest.fault(parser, text);
                    if (fault != null && (fault.contains("range") || fault.contains("34 digits"))) {
                        continue; // jackson reads no values
                    }
                    String jackson = jackson(text);
                    assertEquals(jackson == null, fault == null, shown + "\n" + fault + "\n" + jackson);
                    if (fault == null) {
                        new BsonValidator().validate(row.view());
                        agreed++;
                    }
                }
                assertEquals(true, agreed > 0);
            }
        });
    }

    @Test
    void agreesWithTheJdkOnUtf8() {
        TestSeed.run(JsonModelTest.class, "agreesWithTheJdkOnUtf8", seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            RandomBson texts = new RandomBson(seed);
            try (BsonRow row = new BsonRow(1 << 16)) {
                io.nexuslite.transfer.JsonParser parser = new io.nexuslite.transfer.JsonParser(row, false, true);
                for (int i = TestSeed.rounds(40_000); i > 0; i--) {
                    byte[] body = ("\"" + texts.text().replaceAll("[\u0000-\u001f\"\\\\]", "\u20AC") + "\"")
                            .getBytes(StandardCharsets.UTF_8);
                    for (int changes = random.nextInt(3); changes > 0 && body.length > 2; changes--) {
                        body[random.nextInt(1, body.length - 1)] = (byte) random.nextInt(0x80, 0x100);
                    }
                    boolean valid = true;
                    try {
                        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
                    } catch (CharacterCodingException e) {
                        valid = false;
                    }
                    String fault = JsonConformanceTest.fault(parser, body);
                    assertEquals(valid, fault == null, fault);
                    if (valid) {
                        new BsonValidator().validate(row.view());
                        String text = new String(body, 1, body.length - 2, StandardCharsets.UTF_8);
                        assertEquals(text, row.view().toBsonDocument().getString("").getValue());
                    }
                }
            }
        });
    }

    private static byte[] damaged(String json, SplittableRandom random) {
        byte[] text = json.replaceAll("[^\\x00-\\x7f]", "x").getBytes(StandardCharsets.US_ASCII);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(text.length);
            switch (random.nextInt(3)) {
                case 0 -> text[at] = TOKENS[random.nextInt(TOKENS.length)];
                case 1 -> {
                    byte moved = text[at];
                    int other = random.nextInt(text.length);
                    text[at] = text[other];
                    text[other] = moved;
                }
                default -> {
                    byte[] longer = new byte[text.length + 1];
                    System.arraycopy(text, 0, longer, 0, at);
                    longer[at] = TOKENS[random.nextInt(TOKENS.length)];
                    System.arraycopy(text, at, longer, at + 1, text.length - at);
                    text = longer;
                }
            }
        }
        byte[] framed = new byte[text.length + 2]; // jackson lets a number at the root end in a NUL
        System.arraycopy(text, 0, framed, 1, text.length);
        framed[0] = '[';
        framed[text.length + 1] = ']';
        return framed;
    }

    /** What jackson has against a text as one whole value, or null. */
    private static String jackson(byte[] text) {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            int depth = 0;
            JsonToken token = parser.nextToken();
            if (token == null) {
                return "nothing";
            }
            do {
                if (token == null) {
                    return "unfinished";
                }
                parser.getText();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth > 0) {
                    token = parser.nextToken();
                }
            } while (depth > 0);
            return parser.nextToken() == null ? null : "more";
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
