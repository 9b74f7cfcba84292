package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexuslite.tools.Texts.IdType;
import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

class TextsTest {
    private static final String UUID_TEXT = "550e8400-e29b-41d4-a716-446655440000";
    private static final String OBJECT_ID = "550e8400e29b41d4a7164466";

    @Test
    void idIsExtendedJsonElseUuidElseString() {
        assertEquals(new BsonInt32(65), id("65"));
        assertEquals(new BsonInt64(1L << 40), id("1099511627776"));
        assertEquals(new BsonDouble(1.5), id("1.5"));
        assertEquals(new BsonString("65"), id("\"65\""));
        assertEquals(new BsonObjectId(new ObjectId(OBJECT_ID)), id("{\"$oid\": \"" + OBJECT_ID + "\"}"));
        assertEquals(new BsonDocument("a", new BsonInt32(1)), id("{\"a\": 1}"));
        assertEquals(new BsonBinary(UUID.fromString(UUID_TEXT)), id(UUID_TEXT));
        assertEquals(new BsonString("order-7"), id("order-7"));
        assertEquals(new BsonString("1} x"), id("1} x"));
        assertEquals(new BsonString("{a: 1}"), id("{a: 1}"));
        assertEquals(new BsonString(""), id(""));
    }

    @Test
    void typeOverrides() {
        assertEquals(new BsonString("65"), Texts.id("65", IdType.string));
        assertEquals(new BsonString(UUID_TEXT), Texts.id(UUID_TEXT, IdType.string));
        assertEquals(new BsonInt64(65), Texts.id("65", IdType.int64));
        assertEquals(new BsonObjectId(new ObjectId(OBJECT_ID)), Texts.id(OBJECT_ID, IdType.objectid));
        assertThrows(UsageException.class, () -> Texts.id("x", IdType.int64));
        assertThrows(UsageException.class, () -> Texts.id("x", IdType.uuid));
        assertThrows(UsageException.class, () -> Texts.id("x", IdType.objectid));
        assertThrows(UsageException.class, () -> Texts.id("order-7", IdType.json));
    }

    @Test
    void documentMayBeWrittenAsShellsAllow() {
        assertEquals(BsonDocument.parse("{\"a\": {\"$gt\": 1}}"), Texts.document("{a: {$gt: 1}} ", "--filter"));
    }

    @Test
    void writesValues() {
        assertEquals("\"x\"", Texts.json(new BsonString("x")));
        assertEquals("5", Texts.json(new BsonInt64(5)));
        assertEquals("{\"a\": 1}", Texts.json(new BsonDocument("a", new BsonInt32(1))));
    }

    private static Object id(String text) {
        return Texts.id(text, IdType.auto);
    }
}
