package io.nexuslite.bson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.InvalidDocumentException;
import java.util.List;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.UuidRepresentation;
import org.bson.codecs.BsonValueCodecProvider;
import org.bson.codecs.DocumentCodecProvider;
import org.bson.codecs.IterableCodecProvider;
import org.bson.codecs.MapCodecProvider;
import org.bson.codecs.RawBsonDocumentCodec;
import org.bson.codecs.UuidCodecProvider;
import org.bson.codecs.ValueCodecProvider;
import org.bson.codecs.configuration.CodecConfigurationException;
import org.bson.codecs.configuration.CodecRegistries;
import org.bson.codecs.configuration.CodecRegistry;
import org.bson.codecs.record.RecordCodecProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BsonBridgeTest {
    /** Public, since the codec of records looks for a public constructor. */
    public record Order(String customer, int items, List<String> tags) {
    }

    private static final CodecRegistry REGISTRY = CodecRegistries.withUuidRepresentation(CodecRegistries.fromProviders(
            new UuidCodecProvider(UuidRepresentation.STANDARD), new ValueCodecProvider(), new BsonValueCodecProvider(),
            new DocumentCodecProvider(), new IterableCodecProvider(), new MapCodecProvider(),
            new RecordCodecProvider()),
            UuidRepresentation.STANDARD);

    private final GrowableBuffer buffer = GrowableBuffer.ofConfined(16, GrowableBuffer.DEFAULT_LIMIT);
    private final BsonView view = new BsonView();

    @AfterEach
    void close() {
        buffer.close();
    }

    @Test
    void writesTheBytesOfTheBsonLibraryAndReadsThemBack() {
        TestSeed.run(BsonBridgeTest.class, "writesTheBytesOfTheBsonLibraryAndReadsThemBack", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(2_000); i > 0; i--) {
                BsonDocument document = random.document();
                buffer.setLength(Math.min(random.random().nextInt(5), buffer.capacity()));
                int start = buffer.length();
                int length = BsonBridge.encode(document, buffer);
                view.wrap(buffer.memory(), start, length);
                assertArrayEquals(BsonWriterTest.encode(document), view.toByteArray());
                assertEquals(document, view.toBsonDocument());
                assertEquals(document, view.toRawBsonDocument());
                assertEquals(document, view.decode(new RawBsonDocumentCodec()));
            }
        });
    }

    @Test
    void takesWhatHasACodec() {
        UUID id = UUID.randomUUID();
        Document document = new Document("_id", id).append("n", 1L).append("list", List.of(1, "two"));
        BsonBridge.encode(document, REGISTRY, buffer);
        assertEquals(document, view.wrap(buffer).decode(REGISTRY.get(Document.class)));
        buffer.reset();
        Order order = new Order("Ada", 3, List.of("x", "y"));
        BsonBridge.encode(order, REGISTRY, buffer);
        assertEquals(order, view.wrap(buffer).decode(REGISTRY.get(Order.class)));
        buffer.reset();
        BsonBridge.encode((org.bson.conversions.Bson) new Document("a", 1), Document.class, REGISTRY, buffer);
        assertEquals(new BsonDocument("a", new BsonInt32(1)), view.wrap(buffer).toBsonDocument());
    }

    @Test
    void leavesTheBufferAsItWasWhenItFails() {
        buffer.append(new byte[]{1, 2, 3}, 0, 3);
        assertThrows(CodecConfigurationException.class,
                () -> BsonBridge.encode(new Document("a", new Object()), REGISTRY, buffer));
        assertEquals(3, buffer.length());
        assertThrows(InvalidDocumentException.class,
                () -> BsonBridge.encode(new BsonDocument("a", new BsonString("\uD800")), buffer));
        assertThrows(InvalidDocumentException.class,
                () -> BsonBridge.encode(new BsonDocument("a\u0000b", new BsonString("")), buffer));
        assertEquals(3, buffer.length());
    }

    @Test
    void refusesRawDocumentsThatAreNone() {
        byte[] bytes = BsonWriterTest.encode(BsonDocument.parse("{a: true}"));
        bytes[bytes.length - 2] = 9;
        InvalidDocumentException refused = assertThrows(InvalidDocumentException.class,
                () -> BsonBridge.encode(new RawBsonDocument(bytes), new RawBsonDocumentCodec(), buffer));
        assertEquals("a", refused.path());
    }

    @Test
    void refusesDocumentsThatContainThemselves() {
        Document document = new Document();
        document.put("self", document);
        assertThrows(InvalidDocumentException.class, () -> BsonBridge.encode(document, REGISTRY, buffer));
        assertEquals(0, buffer.length());
    }

    @Test
    void refusesWhatIsTooLarge() {
        BsonDocument document = new BsonDocument("a", new BsonString("x".repeat(BsonType.DOCUMENT_SIZE_MAX)));
        assertThrows(InvalidDocumentException.class, () -> BsonBridge.encode(document, buffer));
        BsonDocument larger = new BsonDocument("a", new BsonString("x".repeat(GrowableBuffer.DEFAULT_LIMIT)));
        assertThrows(InvalidDocumentException.class, () -> BsonBridge.encode(larger, buffer));
        assertEquals(0, buffer.length());
    }

    @Test
    void nestsAHundredLevelsAndNoMore() {
        BsonDocument document = new BsonDocument();
        for (int i = 0; i < BsonType.DEPTH_MAX; i++) {
            document = new BsonDocument("a", document);
        }
        BsonBridge.encode(document, buffer);
        assertEquals(document, view.wrap(buffer).toBsonDocument());
        BsonDocument deeper = new BsonDocument("a", document);
        assertTrue(assertThrows(InvalidDocumentException.class, () -> BsonBridge.encode(deeper, buffer)).getMessage()
                .contains("levels"));
    }
}
