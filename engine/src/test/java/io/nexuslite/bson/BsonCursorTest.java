package io.nexuslite.bson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BsonCursorTest {
    private final GrowableBuffer buffer = GrowableBuffer.ofConfined(64, GrowableBuffer.DEFAULT_LIMIT);
    private final BsonCursor cursor = new BsonCursor();
    private final BsonView view = new BsonView();

    @AfterEach
    void close() {
        buffer.close();
    }

    private void wrap(String json) {
        buffer.reset();
        BsonBridge.encode(BsonDocument.parse(json), buffer);
        cursor.wrap(view.wrap(buffer));
    }

    @Test
    void walksNestedContainers() {
        wrap("{a: 1, b: {c: [10, {d: 'x'}], e: true}, f: null}");
        StringBuilder seen = new StringBuilder();
        while (true) {
            if (!cursor.next()) {
                if (cursor.depth() == 0) {
                    break;
                }
                cursor.leave();
                continue;
            }
            seen.append(cursor.depth()).append(cursor.name()).append(' ');
            if (cursor.type() == BsonType.DOCUMENT || cursor.type() == BsonType.ARRAY) {
                cursor.enter();
            }
        }
        assertEquals("0a 0b 1c 20 21 3d 1e 0f ", seen.toString());
    }

    @Test
    void leavesAContainerThatWasNotWalkedToItsEnd() {
        wrap("{a: {b: 1, c: {d: 2, e: 3}}, f: 4}");
        assertTrue(cursor.find(FieldName.of("a")));
        cursor.enter();
        assertTrue(cursor.find(FieldName.of("c")));
        cursor.enter();
        assertTrue(cursor.next());
        cursor.leave();
        cursor.leave();
        assertTrue(cursor.next());
        assertEquals(4, cursor.int32());
        assertFalse(cursor.next());
        assertFalse(cursor.next());
    }

    @Test
    void findsNamesOfEveryLength() {
        StringBuilder name = new StringBuilder();
        for (int length = 0; length < 40; length++) {
            String found = name.toString();
            wrap("{\"" + found + "\": " + length + "}");
            FieldName encoded = FieldName.of(found);
            assertTrue(cursor.next());
            assertTrue(cursor.nameEquals(encoded), found);
            assertEquals(encoded.hashCode(), cursor.nameHash());
            assertEquals(found, cursor.name());
            for (int at = 0; at < length; at++) {
                StringBuilder other = new StringBuilder(found);
                other.setCharAt(at, '!');
                assertFalse(cursor.nameEquals(FieldName.of(other.toString())), other.toString());
            }
            assertFalse(cursor.nameEquals(FieldName.of(found + "x")));
            name.append((char) ('a' + length % 26));
        }
    }

    @Test
    void comparesNamesAtTheVeryEndOfMemory() {
        try (var arena = java.lang.foreign.Arena.ofConfined()) {
            byte[] bytes = {8, 0, 0, 0, BsonType.NULL, 'a', 0, 0};
            var memory = arena.allocate(bytes.length);
            java.lang.foreign.MemorySegment.copy(bytes, 0, memory, java.lang.foreign.ValueLayout.JAVA_BYTE, 0,
                    bytes.length);
            cursor.wrap(memory, 0, bytes.length);
            assertTrue(cursor.next());
            assertTrue(cursor.nameEquals(FieldName.of("a")));
            assertFalse(cursor.nameEquals(FieldName.of("b")));
        }
    }

    @Test
    void refusesAGetterOfAnotherType() {
        wrap("{a: 1}");
        assertThrows(IllegalStateException.class, cursor::int32);
        assertTrue(cursor.next());
        assertThrows(IllegalStateException.class, cursor::int64);
        assertThrows(IllegalStateException.class, cursor::string);
        assertThrows(IllegalStateException.class, cursor::enter);
        assertThrows(IllegalStateException.class, cursor::leave);
        assertEquals(1, cursor.int32());
    }
}
