package io.nexuslite.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.TestAllocation;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.format.IndexEntryLayout;
import io.nexuslite.store.Key;
import io.nexuslite.testing.Seed;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IndexKeysTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void agreesWithReference() {
        SplittableRandom random = seed.random("keys");
        int multikey = 0;
        int refused = 0;
        int rounds = Seed.scaled(4_000);
        for (int round = 0; round < rounds; round++) {
            BsonDocument specification = RandomIndex.specification(random, 3);
            specification.put("unique", BsonBoolean.valueOf(random.nextBoolean()));
            IndexDefinition definition = IndexDefinition.of(specification);
            RandomDocuments documents = new RandomDocuments(random.split(), random.nextInt(4) / 6.0);
            try (IndexKeys keys = new IndexKeys(definition, null); KeySet found = new KeySet()) {
                for (int i = 0; i < 8; i++) {
                    BsonDocument document = documents.document(new BsonInt32(random.nextInt(100)));
                    BsonView view = RandomDocuments.view(document);
                    ReferenceKeys reference;
                    try {
                        reference = ReferenceKeys.of(definition, document);
                    } catch (ReferenceKeys.Refused e) {
                        refused++;
                        assertThrows(InvalidDocumentException.class,
                                () -> keys.generate(view.memory(), 0, view.length(), found),
                                () -> definition + " on " + document);
                        continue;
                    }
                    keys.generate(view.memory(), 0, view.length(), found);
                    assertSame(definition, document, reference, found);
                    multikey += found.arrayPaths() != 0 ? 1 : 0;
                }
            }
        }
        int all = 8 * rounds;
        assertTrue(multikey > all / 20 && refused > all / 200, multikey + " and " + refused + " of " + all);
    }

    private static void assertSame(IndexDefinition definition, BsonDocument document, ReferenceKeys reference,
            KeySet found) {
        TreeMap<byte[], List<BsonValue>> expected = reference.keys(document.get("_id"));
        List<byte[]> keys = new ArrayList<>();
        Key key = new Key();
        for (int i = 0; i < found.count(); i++) {
            found.key(i, key);
            keys.add(key.memory().asSlice(key.offset(), key.length()).toArray(ValueLayout.JAVA_BYTE));
        }
        assertArrayEquals(expected.keySet().toArray(), keys.toArray(),
                () -> definition + " on " + document + " expected " + expected.values());
        assertEquals(reference.arrayPaths(), found.arrayPaths(), () -> definition + " on " + document);
        byte[] id = ReferenceKeys.keyString(document.get("_id"), false);
        for (int i = 0; i < found.count(); i++) {
            long value = found.valueOffset(i);
            int flags = found.memory().get(ValueLayout.JAVA_BYTE, value);
            assertEquals(found.arrayPaths() != 0, (flags & IndexEntryLayout.FLAG_MULTIKEY) != 0);
            assertEquals(id.length, found.memory().get(ValueLayout.JAVA_SHORT_UNALIGNED, value + 1));
            if (definition.unique()) {
                assertArrayEquals(id, found.memory().asSlice(value + IndexEntryLayout.HEADER_SIZE, id.length)
                        .toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    private static List<List<BsonValue>> combinations(String key, String document) {
        BsonDocument tree = BsonDocument.parse(document).append("_id", new BsonInt32(1));
        IndexDefinition definition = IndexDefinition.ofKey(BsonDocument.parse(key));
        ReferenceKeys reference = ReferenceKeys.of(definition, tree);
        BsonDocument ordered = new BsonDocument("_id", new BsonInt32(1));
        ordered.putAll(tree);
        BsonView view = RandomDocuments.view(ordered);
        try (IndexKeys keys = new IndexKeys(definition, null); KeySet found = new KeySet()) {
            keys.generate(view.memory(), 0, view.length(), found);
            assertSame(definition, ordered, reference, found);
        }
        return reference.combinations;
    }

    private static List<BsonValue> values(BsonValue... values) {
        return Arrays.asList(values);
    }

    /** The rules that MongoDB's documentation and tests give, so that the reference is held to something as well. */
    @Test
    void followsTheRules() {
        BsonInt32 one = new BsonInt32(1);
        BsonInt32 two = new BsonInt32(2);
        assertEquals(List.of(values(one)), combinations("{a: 1}", "{a: 1}"));
        assertEquals(List.of(values((BsonValue) null)), combinations("{a: 1}", "{b: 1}"));
        assertEquals(List.of(values(BsonNull.VALUE)), combinations("{a: 1}", "{a: null}"));
        assertEquals(List.of(values(new BsonUndefined())), combinations("{a: 1}", "{a: []}"));
        assertEquals(List.of(values((BsonValue) null)), combinations("{'a.b': 1}", "{a: []}"));
        assertEquals(List.of(values(one), values(two)), combinations("{a: -1}", "{a: [1, 2]}"));
        assertEquals(List.of(values(one, two), values(one, one)), combinations("{b: 1, a: -1}", "{a: [2, 1], b: 1}"));
        assertEquals(List.of(values(new BsonArray(List.of(one, two))), values(two)),
                combinations("{a: 1}", "{a: [[1, 2], 2]}"));
        assertEquals(List.of(values(one, null), values(null, two)),
                combinations("{'a.b': 1, 'a.c': 1}", "{a: [{b: 1}, {c: 2}]}"));
        assertEquals(List.of(values((BsonValue) null), values(one)), combinations("{'a.b': 1}", "{a: [5, {b: 1}]}"));
        assertEquals(List.of(values(two)), combinations("{'a.1': 1}", "{a: [1, 2]}"));
        assertEquals(List.of(values(one), values(two)), combinations("{'a.0': 1}", "{a: [[1, 2]]}"));
        assertEquals(List.of(values((BsonValue) null)), combinations("{'a.5': 1}", "{a: [1]}"));
        assertEquals(List.of(values(one), values(two)), combinations("{'a.b': 1}", "{a: [{b: [1]}, {b: 2}]}"));
    }

    private static void generate(String specification, BsonDocument document) {
        BsonView view = RandomDocuments.view(document);
        try (IndexKeys keys = new IndexKeys(IndexDefinition.of(BsonDocument.parse(specification)), null);
                KeySet found = new KeySet()) {
            keys.generate(view.memory(), 0, view.length(), found);
        }
    }

    @Test
    void refusesWithThePath() {
        assertEquals("b", assertThrows(InvalidDocumentException.class, () -> generate("{key: {a: 1, b: 1}}",
                BsonDocument.parse("{_id: 1, a: [1], b: [2]}"))).path());
        assertEquals("a.0", assertThrows(InvalidDocumentException.class, () -> generate("{key: {'a.0': 1}}",
                BsonDocument.parse("{_id: 1, a: [{'0': 1}]}"))).path());
        BsonString half = new BsonString("x".repeat(600));
        assertEquals("b", assertThrows(KeyTooLongException.class, () -> generate("{key: {a: 1, b: 1}}",
                new BsonDocument("_id", new BsonInt32(1)).append("a", half).append("b", half))).field());
        assertEquals("a", assertThrows(KeyTooLongException.class, () -> generate("{key: {a: 1}, unique: true}",
                new BsonDocument("_id", half).append("a", half))).field());
        // exactly as long as it may be: a tag, the text, a zero, and two bytes of the id
        generate("{key: {a: 1}}", new BsonDocument("_id", new BsonInt32(1)).append("a", new BsonString(
                "x".repeat(1024 - 2 - 2))));
        assertThrows(KeyTooLongException.class, () -> generate("{key: {a: 1}}", new BsonDocument("_id",
                new BsonInt32(1)).append("a", new BsonString("x".repeat(1024 - 2 - 1)))));
    }

    @Test
    void bounds() {
        BsonArray wide = new BsonArray();
        for (int i = 0; i < 100_000; i++) {
            wide.add(new BsonInt32(i));
        }
        BsonDocument document = new BsonDocument("_id", new BsonInt32(1)).append("a", wide).append("b",
                new BsonString("x".repeat(900)));
        generate("{key: {a: 1}}", document);
        InvalidDocumentException tooMany = assertThrows(InvalidDocumentException.class,
                () -> generate("{key: {a: 1, b: 1}}", document));
        assertTrue(tooMany.getMessage().contains("a_1_b_1"), tooMany.getMessage());
    }

    @Test
    void leavesOutWhatSparseAndPartialLeaveOut() {
        BsonView view = RandomDocuments.view(BsonDocument.parse("{_id: 1, a: 3}"));
        try (KeySet found = new KeySet();
                IndexKeys sparse = new IndexKeys(IndexDefinition.of(BsonDocument.parse(
                        "{key: {b: 1, c: 1}, sparse: true}")), null);
                IndexKeys half = new IndexKeys(IndexDefinition.of(BsonDocument.parse(
                        "{key: {b: 1, a: 1}, sparse: true}")), null);
                IndexKeys partial = new IndexKeys(IndexDefinition.of(BsonDocument.parse(
                        "{key: {a: 1}, partialFilterExpression: {a: 5}}")), (memory, offset, length) -> false)) {
            sparse.generate(view.memory(), 0, view.length(), found);
            assertEquals(0, found.count());
            half.generate(view.memory(), 0, view.length(), found);
            assertEquals(1, found.count());
            partial.generate(view.memory(), 0, view.length(), found);
            assertEquals(0, found.count());
        }
    }

    @Test
    void allocatesNothing() {
        BsonView plain = RandomDocuments.view(BsonDocument.parse(
                "{_id: 1, a: 'some text', b: {c: 1.5, d: {$oid: '0123456789abcdef01234567'}}}"));
        BsonView arrays = RandomDocuments.view(BsonDocument.parse(
                "{_id: 1, a: 'some text', b: [{c: 1, d: 2}, {c: [3, 4, 5]}, {c: 9}, 7, {d: 2}]}"));
        try (KeySet found = new KeySet();
                IndexKeys keys = new IndexKeys(IndexDefinition.ofKey(BsonDocument.parse(
                        "{a: 1, 'b.c': -1, 'b.d': 1}")), null)) {
            TestAllocation.assertNone("plain", call -> {
                keys.generate(plain.memory(), 0, plain.length(), found);
                return found.count();
            });
            TestAllocation.assertNone("arrays", call -> {
                keys.generate(arrays.memory(), 0, arrays.length(), found);
                return found.count();
            });
        }
    }

    @Test
    void sortsManyKeys() {
        SplittableRandom random = seed.random("many");
        BsonArray array = new BsonArray();
        for (int i = random.nextInt(3000); i >= 0; i--) {
            array.add(new BsonInt32(random.nextInt(500)));
        }
        combinations("{a: 1}", new BsonDocument("a", array).toJson());
    }
}
