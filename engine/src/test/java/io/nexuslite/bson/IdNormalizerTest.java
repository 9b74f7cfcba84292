package io.nexuslite.bson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonRegularExpression;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.bson.UuidRepresentation;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdNormalizerTest {
    private static final IdGenerator SEVEN = target -> target.int32(7);

    private final GrowableBuffer source = GrowableBuffer.ofConfined(16, GrowableBuffer.DEFAULT_LIMIT);
    private final GrowableBuffer target = GrowableBuffer.ofConfined(16, GrowableBuffer.DEFAULT_LIMIT);
    private final IdNormalizer normalizer = new IdNormalizer();
    private final BsonWriter writer = new BsonWriter();
    private final BsonView view = new BsonView();

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    private boolean normalize(BsonDocument document, IdGenerator generator) {
        source.reset();
        target.reset();
        BsonBridge.encode(document, source);
        boolean generated = normalizer.normalize(view.wrap(source), generator, writer.wrap(target));
        assertTrue(writer.isDone());
        view.wrap(target);
        new BsonValidator().validate(view);
        return generated;
    }

    private String normalized(String json) {
        normalize(BsonDocument.parse(json), SEVEN);
        return view.toBsonDocument().toString();
    }

    private void refuse(String json) {
        InvalidDocumentException refused = assertThrows(InvalidDocumentException.class, () -> normalized(json), json);
        assertEquals("_id", refused.path());
    }

    @Test
    void putsTheIdFirst() {
        assertEquals("{\"_id\": 1, \"a\": 2}", normalized("{_id: 1, a: 2}"));
        assertEquals("{\"_id\": 1, \"a\": 2}", normalized("{a: 2, _id: 1}"));
        assertEquals("{\"_id\": 1, \"a\": 2, \"b\": [3]}", normalized("{a: 2, _id: 1, b: [3]}"));
        assertEquals("{\"_id\": 7, \"a\": {\"_id\": 2}}", normalized("{a: {_id: 2}}"));
        assertEquals("{\"_id\": 7}", normalized("{}"));
        assertEquals(BsonType.INT32, target.memory().get(ValueLayout.JAVA_BYTE, IdNormalizer.ID_TYPE_OFFSET));
        assertEquals(7, target.memory().get(BsonBytes.INT, IdNormalizer.ID_VALUE_OFFSET));
    }

    @Test
    void keepsEverythingElse() {
        TestSeed.run(IdNormalizerTest.class, "keepsEverythingElse", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(2_000); i > 0; i--) {
                BsonDocument document = random.document(2, 8);
                BsonValue id = document.get("_id");
                if (id instanceof BsonArray || id instanceof BsonRegularExpression || id instanceof BsonUndefined
                        || id instanceof BsonDocument) {
                    continue;
                }
                BsonDocument expected = new BsonDocument("_id", id == null ? new org.bson.BsonInt32(7) : id);
                document.forEach(expected::putIfAbsent);
                assertEquals(id == null, normalize(document, SEVEN));
                assertEquals(expected.toString(), view.toBsonDocument().toString());
            }
        });
    }

    @Test
    void refusesIdsThatMongoDbRefuses() {
        refuse("{a: 1, _id: [1]}");
        refuse("{_id: {$undefined: true}}");
        refuse("{_id: {$regularExpression: {pattern: 'a', options: ''}}}");
        for (String id : new String[]{"null", "true", "''", "{}", "{a: [1]}", "{$minKey: 1}",
                "{a: {$undefined: true}}"}) {
            normalized("{_id: " + id + "}");
        }
        assertThrows(InvalidDocumentException.class, () -> normalize(new BsonDocument(), BsonWriter::undefined));
    }

    @Test
    void refusesIdsWithOperatorNames() {
        for (String id : new String[]{"{$a: 1}", "{a: {$a: 1}}", "{a: [{$a: 1}]}", "{b: 1, $ref: 'x'}", "{$id: 1}",
                "{$ref: 'x', $id: 1, $other: 2}", "{$ref: 1, $id: 1}"}) {
            BsonDocument document = new BsonDocument("_id", BsonDocument.parse(id));
            InvalidDocumentException refused = assertThrows(InvalidDocumentException.class,
                    () -> normalize(document, SEVEN), id);
            assertEquals("_id", refused.path());
        }
        for (String id : new String[]{"{$ref: 'x', $id: 1}", "{$ref: 'x', $id: {a: 1}, $db: 'y'}",
                "{a: {$ref: 'x', $id: 1}, b: 2}",
                "{a$: 1}"}) {
            normalize(new BsonDocument("_id", BsonDocument.parse(id)), SEVEN);
        }
    }

    @Test
    void refusesTwoIds() {
        source.reset();
        writer.wrap(source).startDocument().name("_id").int32(1).name("a").int32(2).name("_id").int32(3).endDocument();
        assertThrows(InvalidDocumentException.class,
                () -> normalizer.normalize(view.wrap(source), SEVEN, writer.wrap(target)));
    }

    @Test
    void refusesGeneratorsThatWriteNoneOrMany() {
        BsonDocument document = BsonDocument.parse("{a: 1}");
        assertThrows(IllegalStateException.class, () -> normalize(document, writer -> {
        }));
        assertThrows(IllegalStateException.class, () -> normalize(document, writer -> writer.int32(1).int32(2)));
        assertThrows(IllegalStateException.class, () -> normalize(document, writer -> writer.startDocument()));
    }

    private static IdGenerator.Entropy entropy(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return (MemorySegment memory, long offset, int length) -> {
            for (int i = 0; i < length; i++) {
                memory.set(ValueLayout.JAVA_BYTE, offset + i, (byte) random.nextInt(256));
            }
        };
    }

    private BsonValue generate(IdGenerator generator) {
        assertTrue(normalize(new BsonDocument(), generator));
        return view.toBsonDocument().get("_id");
    }

    @Test
    void makesRandomUuids() {
        IdGenerator generator = IdGenerator.uuid4(entropy(1));
        Set<UUID> seen = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            UUID id = generate(generator).asBinary().asUuid(UuidRepresentation.STANDARD);
            assertEquals(4, id.version());
            assertEquals(2, id.variant());
            assertTrue(seen.add(id));
        }
    }

    @Test
    void makesUuidsThatAscendThoughTheClockDoesNot() {
        long[] clock = {1_700_000_000_000L};
        IdGenerator generator = IdGenerator.uuid7(entropy(2), () -> clock[0]);
        UUID last = new UUID(0, 0);
        for (int i = 0; i < 20_000; i++) {
            clock[0] += i % 5_000 == 4_999 ? -10 : i % 6_000 == 5_999 ? 3 : 0;
            UUID id = generate(generator).asBinary().asUuid(UuidRepresentation.STANDARD);
            assertEquals(7, id.version());
            assertEquals(2, id.variant());
            assertTrue(Long.compareUnsigned(last.getMostSignificantBits(), id.getMostSignificantBits()) < 0);
            last = id;
        }
        long millis = last.getMostSignificantBits() >>> 16;
        assertTrue(Math.abs(millis - clock[0]) < 50);
    }

    @Test
    void makesObjectIds() {
        IdGenerator generator = IdGenerator.objectId(entropy(3), () -> 1_700_000_000_999L);
        List<ObjectId> ids = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            ids.add(generate(generator).asObjectId().getValue());
        }
        assertEquals(1_000, new HashSet<>(ids).size());
        for (ObjectId id : ids) {
            assertEquals(1_700_000_000, id.getTimestamp());
            assertEquals(ids.getFirst().toHexString().substring(0, 18), id.toHexString().substring(0, 18));
        }
        assertFalse(
                ids.getFirst().equals(generate(IdGenerator.objectId(entropy(4), () -> 1_700_000_000_999L)).asObjectId()
                        .getValue()));
    }
}
