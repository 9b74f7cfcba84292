package io.nexuslite.bson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.InvalidDocumentException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonSerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BsonValidatorTest {
    private final Arena arena = Arena.ofConfined();
    private final BsonValidator validator = new BsonValidator();
    private final BsonCursor cursor = new BsonCursor();

    @AfterEach
    void close() {
        arena.close();
    }

    private MemorySegment memory(byte[] bytes) {
        MemorySegment memory = arena.allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory;
    }

    private InvalidDocumentException refuse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return assertThrows(InvalidDocumentException.class, () -> validator.validate(memory(bytes), 0, bytes.length),
                hex);
    }

    private void accept(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        validator.validate(memory(bytes), 0, bytes.length);
    }

    /** A document of one element {@code a}. */
    private static String document(String type, String value) {
        String element = type + "6100" + value.replace(" ", "");
        int length = 4 + element.length() / 2 + 1;
        return HexFormat.of().toHexDigits(Integer.reverseBytes(length)) + element + "00";
    }

    @Test
    void acceptsWhatTheBsonLibraryWrites() {
        TestSeed.run(BsonValidatorTest.class, "acceptsWhatTheBsonLibraryWrites", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(2_000); i > 0; i--) {
                byte[] bytes = BsonWriterTest.encode(random.document());
                validator.validate(memory(bytes), 0, bytes.length);
            }
        });
    }

    @Test
    void refusesLengthsThatDoNotFit() {
        accept("05000000 00");
        refuse("");
        refuse("05000000");
        refuse("04000000 00");
        refuse("06000000 00");
        refuse("05000000 01");
        refuse("ffffffff 00");
        refuse("06000000 00 00"); // a terminator in the middle
        refuse("07000000 0a 61 00"); // no end of the name
        refuse(document("10", "010000"));
        refuse(document("12", "01000000000000"));
        refuse(document("02", "00000000 00"));
        refuse(document("02", "ffffff7f 6100"));
        refuse(document("02", "01000000 61")); // ends in another byte than zero
        refuse(document("02", "03000000 6100")); // runs over the terminator
        refuse(document("05", "ffffffff 00"));
        refuse(document("05", "05000000 00 01020304"));
        refuse(document("07", "0102030405060708090a0b"));
        refuse(document("03", "04000000"));
        refuse(document("03", "0c000000 10 62 00 01000000 01"));
        refuse(document("03", "0b000000 10 62 00 01000000 00")); // states less than it has: bytes are left over
        refuse(document("0b", "61 62"));
        refuse(document("0c", "02000000 6200 0102030405060708090a0b"));
        refuse(document("13", "0102030405060708090a0b0c0d0e0f"));
    }

    @Test
    void refusesTypesThatDoNotExist() {
        for (int type = 1; type < 256; type++) {
            String hex = document(HexFormat.of().toHexDigits((byte) type), "");
            boolean empty = type == 0x06 || type == 0x0A || type == 0x7F || type == 0xFF;
            if (empty) {
                accept(hex);
            } else {
                refuse(hex);
            }
        }
    }

    @Test
    void refusesBooleansAboveOne() {
        accept(document("08", "00"));
        accept(document("08", "01"));
        InvalidDocumentException refused = refuse(document("08", "02"));
        assertEquals(7, refused.offset());
        assertEquals("a", refused.path());
    }

    @Test
    void refusesWhatIsNotUtf8() {
        for (String bad : new String[]{"80", "bf", "c080", "c1bf", "c3", "e08080", "e09fbf", "eda080", "edbfbf", "e282",
                "f0808080",
                "f08fbfbf", "f4908080", "f5808080", "ff", "fe", "c328", "e28028", "f09f9828", "6162636465666768c0"}) {
            int length = bad.length() / 2 + 1;
            refuse(document("02", HexFormat.of().toHexDigits(Integer.reverseBytes(length)) + bad + "00"));
            refuse(document("0b", bad + "00 00"));
            String named = "0a" + bad + "00";
            refuse(HexFormat.of().toHexDigits(Integer.reverseBytes(5 + named.length() / 2)) + named + "00");
        }
        for (String good : new String[]{"", "00", "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf",
                "f0908080",
                "f48fbfbf", "616263646566676869c3a4"}) {
            int length = good.length() / 2 + 1;
            accept(document("02", HexFormat.of().toHexDigits(Integer.reverseBytes(length)) + good + "00"));
        }
    }

    @Test
    void judgesUtf8AsTheJdkDoes() {
        TestSeed.run(BsonValidatorTest.class, "judgesUtf8AsTheJdkDoes", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(20_000); i > 0; i--) {
                byte[] bytes = random.text().getBytes(StandardCharsets.UTF_8);
                for (int change = random.random().nextInt(3); change > 0 && bytes.length > 0; change--) {
                    bytes[random.random().nextInt(bytes.length)] = (byte) random.random().nextInt(256);
                }
                boolean valid;
                CharBuffer decoded = null;
                try {
                    decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
                    valid = true;
                } catch (CharacterCodingException e) {
                    valid = false;
                }
                MemorySegment memory = memory(bytes);
                assertEquals(valid, Utf8.firstInvalid(memory, 0, bytes.length) < 0,
                        () -> HexFormat.of().formatHex(bytes));
                if (valid) {
                    assertEquals(bytes.length, Utf8.encodedLength(decoded));
                    assertEquals(bytes.length,
                            Utf8.encode(decoded, false, arena.allocate(3L * decoded.length() + 1), 0));
                }
            }
        });
    }

    @Test
    void refusesArraysThatDoNotCount() {
        accept(document("04", "0d000000 0a 3000 0a 3100 00".replace("0d", "0b")));
        refuse(document("04", "08000000 0a 3100 00"));
        refuse(document("04", "08000000 0a 6100 00"));
        refuse(document("04", "07000000 0a 00 00"));
        refuse(document("04", "09000000 0a 303000 00"));
        InvalidDocumentException refused = refuse(document("04", "0b000000 0a 3000 0a 3000 00"));
        assertEquals("a.0", refused.path());
        try (GrowableBuffer buffer = new GrowableBuffer()) {
            BsonWriter writer = new BsonWriter().wrap(buffer).startDocument().name("a").startArray();
            for (int i = 0; i <= 101; i++) {
                writer.nullValue();
            }
            writer.endArray().endDocument();
            validator.validate(buffer.memory(), 0, buffer.length());
            buffer.memory().set(ValueLayout.JAVA_BYTE, buffer.length() - 4, (byte) '2'); // "102" in place of "101"
            InvalidDocumentException last = assertThrows(InvalidDocumentException.class,
                    () -> validator.validate(buffer.memory(), 0, buffer.length()));
            assertEquals("a.102", last.path());
        }
    }

    @Test
    void refusesOldBinaryWithAnotherInnerLength() {
        accept(document("05", "05000000 02 01000000 ff"));
        refuse(document("05", "05000000 02 02000000 ff"));
        refuse(document("05", "03000000 02 010000"));
        accept(document("05", "05000000 00 02000000 ff"));
    }

    @Test
    void refusesCodeWhoseScopeDoesNotFit() {
        accept(document("0f", "0f000000 02000000 6100 05000000 00"));
        refuse(document("0f", "0f000000 01000000 6100 05000000 00"));
        refuse(document("0f", "0f000000 03000000 6100 05000000 00"));
        refuse(document("0f", "0f000000 ffffff7f 6100 05000000 00"));
        refuse(document("0f", "0f000000 00000000 6100 05000000 00"));
        refuse(document("0f", "0f000000 02000000 6100 06000000 00"));
        refuse(document("0f", "10000000 02000000 6100 05000000 00"));
        refuse(document("0f", "0d000000 02000000 6100 05000000 00"));
    }

    @Test
    void refusesTooManyLevelsWithoutRecursion() {
        for (int levels : new int[]{BsonType.DEPTH_MAX, BsonType.DEPTH_MAX + 1, 200_000}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 0; i <= levels; i++) {
                int length = 5 + 7 * (levels - i);
                bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
                if (i < levels) {
                    bytes.writeBytes(new byte[]{BsonType.DOCUMENT, 0});
                }
            }
            bytes.writeBytes(new byte[levels + 1]);
            byte[] document = bytes.toByteArray();
            if (levels <= BsonType.DEPTH_MAX) {
                validator.validate(memory(document), 0, document.length);
            } else {
                InvalidDocumentException refused = assertThrows(InvalidDocumentException.class,
                        () -> validator.validate(memory(document), 0, document.length));
                assertTrue(refused.getMessage().contains("levels"), refused::getMessage);
            }
        }
    }

    @Test
    void tellsOffsetAndPath() {
        byte[] bytes = BsonWriterTest.encode(BsonDocument.parse("{a: {b: [1, {c: true}]}}"));
        int at = bytes.length - 5;
        assertEquals(1, bytes[at]);
        bytes[at] = 7;
        MemorySegment memory = arena.allocate(bytes.length + 10);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 10, bytes.length);
        InvalidDocumentException refused = assertThrows(InvalidDocumentException.class,
                () -> validator.validate(memory, 10, bytes.length));
        assertEquals(at, refused.offset());
        assertEquals("a.b.1.c", refused.path());
    }

    @Test
    void refusesMoreThanSixteenMebibytes() {
        BsonDocument document = new BsonDocument("a", new BsonBinary(new byte[BsonType.DOCUMENT_SIZE_MAX - 12]));
        byte[] bytes = BsonWriterTest.encode(document);
        assertEquals(BsonType.DOCUMENT_SIZE_MAX + 1, bytes.length);
        assertThrows(InvalidDocumentException.class, () -> validator.validate(memory(bytes), 0, bytes.length));
    }

    /** Whatever passes can be walked, decoded and keyed; whatever does not gives the one error; nothing else ever comes. */
    @Test
    void survivesDamagedDocuments() {
        TestSeed.run(BsonValidatorTest.class, "survivesDamagedDocuments", seed -> {
            RandomBson random = new RandomBson(seed);
            int passed = 0;
            MemorySegment key = arena.allocate(4096);
            for (int i = TestSeed.rounds(20_000); i > 0; i--) {
                byte[] bytes = BsonWriterTest.encode(random.document(3, 5));
                for (int change = random.random().nextInt(1, 4); change > 0; change--) {
                    int at = random.random().nextInt(bytes.length);
                    bytes[at] = random.random().nextBoolean()
                            ? (byte) random.random().nextInt(256)
                            : (byte) (bytes[at] + random.random().nextInt(-2, 3));
                }
                try (Arena own = Arena.ofConfined()) {
                    MemorySegment memory = own.allocate(bytes.length);
                    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
                    boolean valid = true;
                    try {
                        validator.validate(memory, 0, bytes.length);
                    } catch (InvalidDocumentException e) {
                        valid = false;
                        assertTrue(e.offset() >= 0 && e.offset() <= bytes.length, e::getMessage);
                    }
                    walk(memory, bytes.length, key, valid);
                    if (valid) {
                        passed++;
                        new BsonView().wrap(memory, 0, bytes.length).toBsonDocument();
                    } else {
                        try {
                            new BsonView().wrap(memory, 0, bytes.length).toBsonDocument();
                        } catch (BsonSerializationException | org.bson.BsonInvalidOperationException
                                | IllegalArgumentException e) {
                            continue; // the library's own errors, typed
                        }
                    }
                }
            }
            assertTrue(passed > 0);
        });
    }

    private void walk(MemorySegment memory, int length, MemorySegment key, boolean valid) {
        try {
            cursor.wrap(memory, 0, length);
            while (true) {
                if (!cursor.next()) {
                    if (cursor.depth() == 0) {
                        return;
                    }
                    cursor.leave();
                    continue;
                }
                cursor.nameHash();
                KeyString.encode(cursor, false, key, 0, 4096);
                if (BsonDepth.isContainer(cursor.type())) {
                    cursor.enter();
                }
            }
        } catch (InvalidDocumentException | IndexOutOfBoundsException e) {
            if (valid) {
                throw e;
            }
        }
    }
}
