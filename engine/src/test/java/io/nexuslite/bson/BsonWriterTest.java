package io.nexuslite.bson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBinaryWriter;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDbPointer;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonJavaScript;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonObjectId;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BsonWriterTest {
    private final GrowableBuffer buffer = GrowableBuffer.ofConfined(0, GrowableBuffer.DEFAULT_LIMIT);
    private final BsonWriter writer = new BsonWriter();
    private final BsonCursor cursor = new BsonCursor();
    private final BsonView view = new BsonView();
    private final BsonValidator validator = new BsonValidator();

    @AfterEach
    void close() {
        buffer.close();
    }

    /** Bytes that org.bson makes of a document: what everything here is held against. */
    static byte[] encode(BsonDocument document) {
        BasicOutputBuffer output = new BasicOutputBuffer();
        try (BsonBinaryWriter binary = new BsonBinaryWriter(output)) {
            new BsonDocumentCodec().encode(binary, document, EncoderContext.builder().build());
        }
        return output.toByteArray();
    }

    private void write(BsonDocument document) {
        writer.startDocument();
        document.forEach((name, value) -> {
            writer.name(name);
            write(value);
        });
        writer.endDocument();
    }

    private void write(BsonValue value) {
        switch (value) {
            case BsonDocument document -> write(document);
            case BsonArray array -> {
                writer.startArray();
                array.forEach(this::write);
                writer.endArray();
            }
            case BsonDouble number -> writer.doubleValue(number.getValue());
            case BsonInt32 number -> writer.int32(number.getValue());
            case BsonInt64 number -> writer.int64(number.getValue());
            case BsonDecimal128 number -> writer.decimal128(number.getValue());
            case BsonString text -> writer.string(text.getValue());
            case BsonSymbol text -> writer.symbol(text.getSymbol());
            case BsonBinary binary -> writer.binary(binary.getType(), binary.getData());
            case BsonObjectId id -> writer.objectId(id.getValue());
            case BsonBoolean bool -> writer.booleanValue(bool.getValue());
            case BsonDateTime date -> writer.dateTime(date.getValue());
            case BsonTimestamp timestamp -> writer.timestamp(timestamp.getValue());
            case BsonRegularExpression regex -> writer.regex(regex.getPattern(), regex.getOptions());
            case BsonDbPointer pointer -> {
                ByteBuffer id = ByteBuffer.wrap(pointer.getId().toByteArray());
                writer.dbPointer(pointer.getNamespace(), id.getLong(), id.getInt());
            }
            case BsonJavaScript code -> writer.javascript(code.getCode());
            case BsonJavaScriptWithScope code -> {
                try (GrowableBuffer scope = new GrowableBuffer()) {
                    BsonBridge.encode(code.getScope(), scope);
                    writer.javascriptWithScope(code.getCode(), new BsonView().wrap(scope));
                }
            }
            default -> {
                switch (value.getBsonType()) {
                    case NULL -> writer.nullValue();
                    case UNDEFINED -> writer.undefined();
                    case MIN_KEY -> writer.minKey();
                    case MAX_KEY -> writer.maxKey();
                    default -> throw new IllegalArgumentException(value.toString());
                }
            }
        }
    }

    @Test
    void writesWhatTheBsonLibraryWrites() {
        TestSeed.run(BsonWriterTest.class, "writesWhatTheBsonLibraryWrites", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(3_000); i > 0; i--) {
                BsonDocument document = random.document();
                if (random.random().nextInt(50) == 0) {
                    buffer.reset();
                }
                int start = buffer.length();
                writer.wrap(buffer);
                write(document);
                assertTrue(writer.isDone());
                byte[] expected = encode(document);
                view.wrap(buffer.memory(), start, writer.length());
                assertArrayEquals(expected, view.toByteArray());
                validator.validate(view);
                assertEquals(document, view.toBsonDocument());
                assertEquals(document, view.toRawBsonDocument());
            }
        });
    }

    /**
     * Symptom: now and then a value was zero. Cause: {@code memory.set(…, fixed(…), …)} takes the memory before the call that
     * may replace it. Rule: what may grow the buffer is called first, in a statement of its own.
     */
    @Test
    void losesNothingWhenTheBufferGrowsAtAnyByte() {
        TestSeed.run(BsonWriterTest.class, "losesNothingWhenTheBufferGrowsAtAnyByte", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(200); i > 0; i--) {
                BsonDocument document = random.document(2, 5);
                byte[] expected = encode(document);
                for (int capacity = 0; capacity < Math.min(expected.length, 300); capacity++) {
                    try (GrowableBuffer small = GrowableBuffer.ofConfined(capacity, 1 << 20)) {
                        writer.wrap(small);
                        write(document);
                        assertArrayEquals(expected, small.toByteArray());
                    }
                }
            }
        });
    }

    @Test
    void copiesElementsFromACursor() {
        TestSeed.run(BsonWriterTest.class, "copiesElementsFromACursor", seed -> {
            RandomBson random = new RandomBson(seed);
            try (GrowableBuffer source = new GrowableBuffer()) {
                for (int i = TestSeed.rounds(1_000); i > 0; i--) {
                    BsonDocument document = random.document();
                    source.reset();
                    BsonBridge.encode(document, source);
                    buffer.reset();
                    copy(cursor.wrap(view.wrap(source)), writer.wrap(buffer), random);
                    assertArrayEquals(source.toByteArray(), buffer.toByteArray());
                }
            }
        });
    }

    private static void copy(BsonCursor from, BsonWriter to, RandomBson random) {
        to.startDocument();
        while (true) {
            if (!from.next()) {
                if (from.depth() == 0) {
                    to.endDocument();
                    return;
                }
                from.leave();
                to.endDocument();
                continue;
            }
            if (from.type() == BsonType.DOCUMENT && random.random().nextBoolean()) {
                to.name(from.memory(), from.nameOffset(), from.nameLength()).startDocument();
                from.enter();
            } else if (random.random().nextBoolean()) {
                to.element(from);
            } else {
                to.name(FieldName.of(from.name())).value(from);
            }
        }
    }

    @Test
    void readsBackEveryType() {
        BsonDocument document = BsonDocument
                .parse("""
                        {d: {$numberDouble: '1.5'}, s: 'text', y: {$symbol: 'sym'}, b: {$binary: {base64: 'AQID', subType: '00'}},
                         o: {$binary: {base64: 'AQID', subType: '02'}}, i: {$oid: '0102030405060708090a0b0c'}, t: true,
                         a: {$date: {$numberLong: '-5'}}, r: {$regularExpression: {pattern: 'p+', options: 'im'}},
                         p: {$dbPointer: {'$ref': 'ns', '$id': {'$oid': '0102030405060708090a0b0c'}}}, j: {$code: 'code'},
                         w: {$code: 'code', $scope: {x: 1}}, n: 7, m: {$timestamp: {t: 4, i: 2}}, l: {$numberLong: '8'},
                         c: {$numberDecimal: '1.25'}}""");
        BsonBridge.encode(document, buffer);
        cursor.wrap(view.wrap(buffer));
        cursor.next();
        assertEquals(1.5, cursor.doubleValue());
        cursor.next();
        assertEquals("text", cursor.string());
        assertEquals(4, cursor.stringLength());
        cursor.next();
        assertEquals("sym", cursor.string());
        for (int subtype : new int[]{0, 2}) {
            cursor.next();
            assertEquals(subtype, cursor.binarySubtype());
            assertEquals(3, cursor.binaryLength());
            assertEquals(3, cursor.memory().get(ValueLayout.JAVA_BYTE, cursor.binaryOffset() + 2));
        }
        cursor.next();
        assertEquals(12, cursor.memory().get(ValueLayout.JAVA_BYTE, cursor.objectIdOffset() + 11));
        cursor.next();
        assertTrue(cursor.booleanValue());
        cursor.next();
        assertEquals(-5, cursor.dateTimeMillis());
        cursor.next();
        assertEquals("p+", text(cursor.regexPatternOffset(), cursor.regexPatternLength()));
        assertEquals("im", text(cursor.regexOptionsOffset(), cursor.regexOptionsLength()));
        cursor.next();
        assertEquals("ns", text(cursor.dbPointerNamespaceOffset(), cursor.dbPointerNamespaceLength()));
        assertEquals(12, cursor.memory().get(ValueLayout.JAVA_BYTE, cursor.dbPointerObjectIdOffset() + 11));
        cursor.next();
        assertEquals("code", cursor.string());
        cursor.next();
        assertEquals("code", text(cursor.codeOffset(), cursor.codeLength()));
        assertEquals(12, cursor.scopeLength());
        cursor.enter();
        assertTrue(cursor.next());
        assertEquals(1, cursor.int32());
        cursor.leave();
        cursor.next();
        assertEquals(7, cursor.int32());
        cursor.next();
        assertEquals(4L << 32 | 2, cursor.timestamp());
        cursor.next();
        assertEquals(8, cursor.int64());
        cursor.next();
        assertEquals(document.getDecimal128("c").getValue().getHigh(), cursor.decimal128High());
        assertEquals(document.getDecimal128("c").getValue().getLow(), cursor.decimal128Low());
        assertFalse(cursor.next());
    }

    private String text(long offset, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(cursor.memory(), ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void namesTheElementsOfLongArrays() {
        writer.wrap(buffer).startDocument().name("a").startArray();
        for (int i = 0; i < 12_345; i++) {
            writer.int32(i);
        }
        writer.endArray().endDocument();
        validator.validate(buffer.memory(), 0, buffer.length());
        assertEquals(12_345, view.wrap(buffer).toBsonDocument().getArray("a").size());
    }

    @Test
    void refusesStepsOutOfOrder() {
        assertThrows(IllegalStateException.class, writer::startDocument);
        writer.wrap(buffer);
        assertThrows(IllegalStateException.class, () -> writer.int32(1));
        assertThrows(IllegalStateException.class, () -> writer.name("a"));
        assertThrows(IllegalStateException.class, writer::startArray);
        writer.startDocument();
        assertThrows(IllegalStateException.class, () -> writer.int32(1));
        assertThrows(IllegalStateException.class, writer::endArray);
        writer.name("a");
        assertThrows(IllegalStateException.class, () -> writer.name("b"));
        assertThrows(IllegalStateException.class, writer::endDocument);
        writer.startArray();
        assertThrows(IllegalStateException.class, writer::endDocument);
        assertThrows(IllegalStateException.class, () -> writer.name("b"));
        writer.endArray().endDocument();
        assertThrows(IllegalStateException.class, writer::startDocument);
        assertEquals(BsonDocument.parse("{a: []}"), view.wrap(buffer).toBsonDocument());
    }

    @Test
    void refusesTextThatUtf8CannotHold() {
        writer.wrap(buffer).startDocument();
        assertThrows(InvalidDocumentException.class, () -> writer.name("a\u0000b"));
        writer.discard().startDocument();
        assertThrows(InvalidDocumentException.class, () -> writer.name("\uD800"));
        writer.discard().startDocument().name("a");
        assertThrows(InvalidDocumentException.class, () -> writer.string("x\uDC00"));
        writer.discard().startDocument().name("a");
        assertThrows(InvalidDocumentException.class, () -> writer.string("\uD800x"));
        writer.discard().startDocument().name("a");
        assertThrows(InvalidDocumentException.class, () -> writer.regex("a\u0000", ""));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(8);
            bytes.set(ValueLayout.JAVA_BYTE, 2, (byte) 0xC0);
            writer.discard().startDocument().name("a");
            assertThrows(InvalidDocumentException.class, () -> writer.string(bytes, 0, 4));
            writer.string(bytes, 0, 2).endDocument();
        }
        assertEquals(new BsonDocument("a", new BsonString("\u0000\u0000")), view.wrap(buffer).toBsonDocument());
        assertThrows(InvalidDocumentException.class, () -> FieldName.of("a\u0000"));
        assertThrows(InvalidDocumentException.class, () -> FieldName.of("\uDC00\uD800"));
    }

    @Test
    void nestsAHundredLevelsAndNoMore() {
        writer.wrap(buffer).startDocument();
        for (int i = 0; i < BsonType.DEPTH_MAX; i++) {
            writer.name("a").startDocument();
        }
        assertEquals(BsonType.DEPTH_MAX, writer.depth());
        writer.name("a");
        assertThrows(InvalidDocumentException.class, writer::startArray);
        writer.discard().startDocument();
        for (int i = 0; i < BsonType.DEPTH_MAX; i++) {
            writer.name("a").startDocument();
        }
        for (int i = 0; i <= BsonType.DEPTH_MAX; i++) {
            writer.endDocument();
        }
        validator.validate(buffer.memory(), 0, buffer.length());
        try (GrowableBuffer outer = new GrowableBuffer()) {
            view.wrap(buffer);
            assertEquals(view.length(), new BsonWriter().wrap(outer).rawDocument(view).length());
            outer.reset();
            BsonWriter deeper = new BsonWriter().wrap(outer).startDocument().name("b");
            assertThrows(InvalidDocumentException.class, () -> deeper.rawDocument(view));
            deeper.discard().startDocument().name("b");
            assertThrows(InvalidDocumentException.class, () -> deeper.javascriptWithScope("", view));
            cursor.wrap(view);
            cursor.next();
            deeper.discard().startDocument().name("b").value(cursor).endDocument();
            validator.validate(outer.memory(), 0, outer.length());
        }
    }

    @Test
    void fillsADocumentToTheLimitAndNoFurther() {
        int room = BsonType.DOCUMENT_SIZE_MAX - 4 - 3 - 5 - 1;
        String large = "x".repeat(room);
        writer.wrap(buffer).startDocument().name("a").string(large).endDocument();
        assertEquals(BsonType.DOCUMENT_SIZE_MAX, writer.length());
        validator.validate(buffer.memory(), 0, buffer.length());
        buffer.reset();
        writer.wrap(buffer).startDocument().name("a");
        InvalidDocumentException refused = assertThrows(InvalidDocumentException.class, () -> {
            writer.string(large + "x");
            writer.endDocument();
        });
        assertTrue(refused.getMessage().contains("16777216"), refused::getMessage);
        writer.discard().startDocument().name("a").string(large.substring(300)).name("b");
        assertThrows(InvalidDocumentException.class, () -> writer.string("y".repeat(295)).endDocument());
        writer.discard().startDocument().name("a").string(large.substring(300)).name("b").string("y".repeat(292))
                .endDocument();
        assertEquals(BsonType.DOCUMENT_SIZE_MAX, writer.length());
    }

    @Test
    void allocatesNothingForADocument() {
        FieldName name = FieldName.of("counter");
        FieldName tags = FieldName.of("tags with a name above sixteen");
        TestAllocation.assertNone("write, validate, walk", call -> {
            buffer.reset();
            writer.wrap(buffer).startDocument().name(name).int64(call).name(tags).startArray().string("some text")
                    .doubleValue(call).uuid(call, call).endArray().name("plain").nullValue().endDocument();
            validator.validate(buffer.memory(), 0, buffer.length());
            cursor.wrap(view.wrap(buffer));
            long sum = 0;
            while (cursor.next()) {
                sum += cursor.nameEquals(tags) ? cursor.valueLength() : cursor.nameHash() & 1;
            }
            return sum;
        });
    }
}
