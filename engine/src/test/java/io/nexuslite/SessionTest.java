package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.TestAllocation;
import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.KeyTooLongException;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way without garbage. */
class SessionTest {
    private static final FieldName COUNT = FieldName.of("count");

    private final TestDatabase test = new TestDatabase();
    private final Database database = test.database;
    private final DocumentCollection<Document> things = database.collection("things");

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void putsGetsAndDeletes() {
        try (Session session = database.openSession();
                DocumentId id = new DocumentId();
                GrowableBuffer buffer = new GrowableBuffer()) {
            BsonWriter writer = new BsonWriter();
            for (int i = 0; i < 3; i++) {
                buffer.reset();
                writer.wrap(buffer).startDocument().name(COUNT).int32(i).name(FieldName.ID).int64(7).endDocument();
                things.put(session, new BsonView().wrap(buffer));
            }
            DocumentView view = new DocumentView();
            assertTrue(things.get(session, id.set(7), view));
            assertEquals(BsonDocument.parse("{_id: {$numberLong: '7'}, count: 2}"), view.document().toBsonDocument());
            assertEquals(3, view.documentVersion());
            assertEquals(0, view.expiryMillis());
            assertEquals(view.createdMillis(), view.updatedMillis());
            assertTrue(things.delete(session, id.set(7)));
            assertFalse(things.delete(session, id.set(7)));
            assertFalse(things.get(session, id.set(7), view));
        }
    }

    @Test
    void generatesIds() {
        try (Session session = database.openSession(); GrowableBuffer buffer = new GrowableBuffer()) {
            new BsonWriter().wrap(buffer).startDocument().name(COUNT).int32(1).endDocument();
            things.put(session, new BsonView().wrap(buffer));
            things.put(session, new BsonView().wrap(buffer));
        }
        assertEquals(2, things.countDocuments());
    }

    @Test
    void findsIdsOfEveryKind() {
        UUID uuid = UUID.fromString("01234567-89ab-4def-8123-456789abcdef");
        ObjectId objectId = new ObjectId();
        for (Object each : new Object[]{1, 2L, "three", uuid, objectId, new Document("x", 6)}) {
            things.insertOne(new Document("_id", each));
        }
        DocumentView view = new DocumentView();
        try (Session session = database.openSession(); DocumentId id = new DocumentId()) {
            assertThrows(IllegalStateException.class, () -> things.get(session, id, view));
            assertTrue(things.get(session, id.set(1L), view));
            assertTrue(things.get(session, id.set(2), view));
            assertTrue(things.get(session, id.set("three"), view));
            assertTrue(things.get(session, id.set(uuid), view));
            assertTrue(things.get(session, id.set(objectId), view));
            assertTrue(things.get(session, id.set(BsonDocument.parse("{x: 6.0}")), view));
            assertFalse(things.get(session, id.set(new BsonString("six")), view));
            assertThrows(KeyTooLongException.class, () -> id.set("x".repeat(2000)));
        }
    }

    @Test
    void refusesBadDocumentsAndForeignSessions() {
        try (Session session = database.openSession(); GrowableBuffer buffer = new GrowableBuffer()) {
            byte[] bytes = {5, 0, 0, 0, 1};
            buffer.append(bytes, 0, bytes.length);
            assertThrows(InvalidDocumentException.class, () -> things.put(session, new BsonView().wrap(buffer)));
        }
        Session closed = database.openSession();
        closed.close();
        closed.close();
        try (DocumentId id = new DocumentId();
                TestDatabase other = new TestDatabase();
                Session foreign = other.database.openSession()) {
            assertThrows(DatabaseClosedException.class, () -> things.get(closed, id.set(1), new DocumentView()));
            assertThrows(IllegalArgumentException.class, () -> things.get(foreign, id.set(1), new DocumentView()));
        }
    }

    @Test
    void encodesIdsWithoutGarbage() {
        try (DocumentId id = new DocumentId()) {
            TestAllocation.assertNone("ids", call -> id.set(call).key().length() + id.set(call, 5L).key().length()
                    + id.set("some text").key().length());
        }
    }
}
