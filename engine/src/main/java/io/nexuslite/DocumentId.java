package io.nexuslite;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.KeyString;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.store.Key;
import java.lang.foreign.MemorySegment;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.types.ObjectId;

/**
 * Value of an {@code _id} to look for, encoded once. A carrier to be reused; one thread at a time; the setters of primitive
 * values and strings allocate nothing in the steady state. Each setter returns this.
 *
 * <p>Owns memory off-heap: close it.
 */
public final class DocumentId implements AutoCloseable {
    private final GrowableBuffer document = new GrowableBuffer(64, GrowableBuffer.DEFAULT_LIMIT);
    private final GrowableBuffer keyBytes = new GrowableBuffer(KeyTooLongException.KEY_LENGTH_MAX,
            KeyTooLongException.KEY_LENGTH_MAX);
    private final BsonWriter writer = new BsonWriter();
    private final BsonCursor cursor = new BsonCursor();
    private final Key key = new Key();

    /** No id yet; a setter comes first. */
    public DocumentId() {
    }

    public DocumentId set(int id) {
        start().int32(id);
        return end();
    }

    public DocumentId set(long id) {
        start().int64(id);
        return end();
    }

    /** Text of up to 1,022 bytes of UTF-8 without bytes below 2. */
    public DocumentId set(CharSequence id) {
        start().string(id);
        return end();
    }

    public DocumentId set(UUID id) {
        return set(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** A UUID by its two halves. */
    public DocumentId set(long mostSignificant, long leastSignificant) {
        start().uuid(mostSignificant, leastSignificant);
        return end();
    }

    public DocumentId set(ObjectId id) {
        start().objectId(id);
        return end();
    }

    /** Any value. Allocates. */
    public DocumentId set(BsonValue id) {
        document.reset();
        BsonBridge.encode(new BsonDocument(FieldName.ID.name(), id), document);
        return end();
    }

    /** The {@code _id} that lies in memory, as {@link BsonCursor} gives it. */
    public DocumentId set(MemorySegment memory, long valueOffset, byte type) {
        int length = KeyString.encode(memory, valueOffset, type, false, keyBytes.memory(), 0, keyBytes.limit());
        return end(length);
    }

    private BsonWriter start() {
        document.reset();
        return writer.wrap(document).startDocument().name(FieldName.ID);
    }

    private DocumentId end() {
        if (!writer.isDone() && writer.depth() == 0) {
            writer.endDocument();
        }
        cursor.wrap(document.memory(), 0, document.length()).next();
        return set(cursor.memory(), cursor.valueOffset(), cursor.type());
    }

    private DocumentId end(int length) {
        if (length == KeyString.TOO_LONG) {
            key.wrap(keyBytes.memory(), 0, 0);
            throw new KeyTooLongException(FieldName.ID.name());
        }
        key.wrap(keyBytes.memory(), 0, length);
        return this;
    }

    Key key() {
        if (key.length() == 0) {
            throw new IllegalStateException("No id was set.");
        }
        return key;
    }

    /** Gives the memory back. Idempotent. */
    @Override
    public void close() {
        document.close();
        keyBytes.close();
    }
}
