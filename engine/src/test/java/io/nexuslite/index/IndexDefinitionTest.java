package io.nexuslite.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.IncompatibleFormatException;
import io.nexuslite.error.InvalidIndexException;
import io.nexuslite.testing.Seed;
import java.util.SplittableRandom;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexDefinitionTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void readsEverything() {
        IndexDefinition definition = IndexDefinition.of(BsonDocument.parse("""
                {key: {"a.b": 1, c: -1.0}, name: "mine", unique: true, hidden: true,
                 partialFilterExpression: {c: {$gt: 5}}}"""));
        assertEquals("mine", definition.name());
        assertEquals("a.b", definition.paths().get(0).path());
        assertFalse(definition.paths().get(0).descending());
        assertTrue(definition.paths().get(1).descending());
        assertTrue(definition.unique());
        assertTrue(definition.hidden());
        assertFalse(definition.sparse());
        assertEquals(BsonDocument.parse("{c: {$gt: 5}}"), definition.partialFilterOrNull());
        assertEquals(IndexDefinition.NO_EXPIRY, definition.expireAfterSeconds());
        assertFalse(definition.withHidden(false).hidden());
    }

    @Test
    void namesItselfAfterItsKey() {
        IndexDefinition definition = IndexDefinition.of(BsonDocument.parse(
                "{key: {d: 1}, expireAfterSeconds: 60, sparse: true}"));
        assertEquals("d_1", definition.name());
        assertEquals(60, definition.expireAfterSeconds());
        assertEquals(90, definition.withExpireAfterSeconds(90).expireAfterSeconds());
        assertNull(definition.partialFilterOrNull());
        assertEquals("a_1_b.c_-1", IndexDefinition.ofKey(BsonDocument.parse("{a: 1, 'b.c': -1}")).name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{key: {}}", "{key: 1}", "{key: {a: 2}}", "{key: {a: 'text'}}", "{key: {'': 1}}",
            "{key: {'a..b': 1}}", "{key: {'a.': 1}}", "{key: {'$a': 1}}", "{key: {'$**': 1}}", "{key: {_id: 1}}",
            "{key: {a: 1}, name: ''}", "{key: {a: 1}, name: 5}", "{key: {a: 1}, name: '_id_'}",
            "{key: {a: 1}, unique: 1}",
            "{key: {a: 1}, sparse: true, partialFilterExpression: {a: 1}}",
            "{key: {a: 1}, partialFilterExpression: 1}",
            "{key: {a: 1, b: 1}, expireAfterSeconds: 5}", "{key: {a: 1}, expireAfterSeconds: -1}",
            "{key: {a: 1}, expireAfterSeconds: 'x'}", "{key: {a: 1}, expireAfterSeconds: NaN}",
            "{key: {a: 1}, collation: {locale: 'de'}}", "{key: {a: {$numberDecimal: 'NaN'}}}"})
    void refuses(String specification) {
        assertThrows(InvalidIndexException.class, () -> IndexDefinition.of(BsonDocument.parse(specification)));
    }

    @Test
    void holdsTheLimits() {
        BsonDocument key = new BsonDocument();
        for (int i = 0; i < IndexDefinition.PATHS_MAX; i++) {
            key.put("p" + i, new BsonInt32(1));
        }
        BsonDocument specification = new BsonDocument("key", key).append("name", new BsonString("wide"));
        assertEquals(IndexDefinition.PATHS_MAX, IndexDefinition.of(specification).paths().size());
        key.put("more", new BsonInt32(1));
        InvalidIndexException tooMany = assertThrows(InvalidIndexException.class,
                () -> IndexDefinition.of(specification));
        assertEquals("wide", tooMany.index());
        String path = "a" + ".a".repeat(IndexPath.SEGMENTS_MAX - 1);
        IndexDefinition.of(new BsonDocument("key", new BsonDocument(path, new BsonInt32(1))));
        assertThrows(InvalidIndexException.class,
                () -> IndexDefinition.of(new BsonDocument("key", new BsonDocument(path + ".a", new BsonInt32(1)))));
        assertThrows(InvalidIndexException.class, () -> IndexDefinition.of(BsonDocument.parse("{key: {a: 1}}")
                .append("name", new BsonString("n".repeat(IndexDefinition.NAME_BYTES_MAX + 1)))));
    }

    @Test
    void keepsWhatItDoesNotKnow() {
        BsonDocument stored = IndexDefinition.ofKey(BsonDocument.parse("{a: 1}")).toStored();
        stored.put("later", new BsonString("kept"));
        assertEquals(stored, IndexDefinition.fromStored(stored).toStored());
        stored.put("v", new BsonInt32(2));
        assertThrows(IncompatibleFormatException.class, () -> IndexDefinition.fromStored(stored));
        stored.put("v", new BsonInt32(1));
        stored.put("keyStringVersion", new BsonInt32(7));
        assertThrows(IncompatibleFormatException.class, () -> IndexDefinition.fromStored(stored));
    }

    @Test
    void survivesItsStoredForm() {
        SplittableRandom random = seed.random("definitions");
        for (int i = 0; i < Seed.scaled(500); i++) {
            IndexDefinition definition = IndexDefinition.of(RandomIndex.specification(random, 4));
            assertEquals(definition, IndexDefinition.fromStored(definition.toStored()));
            assertEquals(definition, IndexDefinition.of(definition.toSpecification()));
            assertTrue(definition.isSameAs(definition.withHidden(!definition.hidden())));
        }
    }

    @Test
    void tellsPlacesInArrays() {
        assertEquals(0, IndexPath.placeOf("0"));
        assertEquals(12, IndexPath.placeOf("12"));
        for (String name : new String[]{"", "01", "00", "a", "1a", "-1", "1234567890"}) {
            assertEquals(IndexPath.NO_PLACE, IndexPath.placeOf(name), name);
        }
        assertTrue(new IndexPath("a.0.b", false, "").hasPlace());
        assertFalse(new IndexPath("a.x0.b", false, "").hasPlace());
    }
}
