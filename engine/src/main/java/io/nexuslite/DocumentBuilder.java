package io.nexuslite;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidDocumentException;
import java.time.Instant;
import java.util.UUID;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/**
 * Builds a document field by field, straight into bytes off-heap, for {@link DocumentCollection#put}.
 *
 * <pre>{@code
 * try (DocumentBuilder builder = new DocumentBuilder()) {
 *     builder.begin().put(ID, 7).put(NAME, "tea").startArray(TAGS).add("hot").add("green").endArray();
 *     collection.put(session, builder.build());
 * }
 * }</pre>
 *
 * <p>Reusable; one thread at a time; with {@link FieldName}s made once it allocates nothing in the steady state. Owns memory:
 * close it. Steps out of order throw {@link IllegalStateException}, what BSON cannot hold {@link InvalidDocumentException}; after
 * either, {@link #begin} starts anew.
 */
public final class DocumentBuilder implements AutoCloseable {
    private final GrowableBuffer buffer = new GrowableBuffer();
    private final BsonWriter writer = new BsonWriter();
    private final BsonView view = new BsonView();

    /** A builder; {@link #begin} comes first. */
    public DocumentBuilder() {
    }

    /** Begins a new document; what was built before is gone. */
    public DocumentBuilder begin() {
        buffer.reset();
        writer.wrap(buffer).startDocument();
        return this;
    }

    /** Ends the document. The view is valid until the next {@link #begin}. */
    public BsonView build() {
        writer.endDocument();
        if (!writer.isDone()) {
            throw new IllegalStateException("A document or an array inside has not been ended.");
        }
        return view.wrap(buffer);
    }

    public DocumentBuilder put(FieldName name, int value) {
        writer.name(name).int32(value);
        return this;
    }

    public DocumentBuilder put(FieldName name, long value) {
        writer.name(name).int64(value);
        return this;
    }

    public DocumentBuilder put(FieldName name, double value) {
        writer.name(name).doubleValue(value);
        return this;
    }

    public DocumentBuilder put(FieldName name, boolean value) {
        writer.name(name).booleanValue(value);
        return this;
    }

    public DocumentBuilder put(FieldName name, CharSequence value) {
        writer.name(name).string(value);
        return this;
    }

    public DocumentBuilder put(FieldName name, UUID value) {
        writer.name(name).uuid(value.getMostSignificantBits(), value.getLeastSignificantBits());
        return this;
    }

    public DocumentBuilder put(FieldName name, ObjectId value) {
        writer.name(name).objectId(value);
        return this;
    }

    public DocumentBuilder put(FieldName name, Decimal128 value) {
        writer.name(name).decimal128(value);
        return this;
    }

    /** To the millisecond. */
    public DocumentBuilder put(FieldName name, Instant value) {
        return putDate(name, value.toEpochMilli());
    }

    /** Bytes, as binary of subtype 0. */
    public DocumentBuilder put(FieldName name, byte[] value) {
        writer.name(name).binary((byte) 0, value);
        return this;
    }

    /** A document, copied; it has been validated. */
    public DocumentBuilder put(FieldName name, BsonView value) {
        writer.name(name).rawDocument(value);
        return this;
    }

    /** A date, in milliseconds since 1970 UTC. */
    public DocumentBuilder putDate(FieldName name, long millis) {
        writer.name(name).dateTime(millis);
        return this;
    }

    public DocumentBuilder putNull(FieldName name) {
        writer.name(name).nullValue();
        return this;
    }

    /** Begins a document inside; what is put from now on goes there. */
    public DocumentBuilder startDocument(FieldName name) {
        writer.name(name).startDocument();
        return this;
    }

    /** Begins a document inside an array. */
    public DocumentBuilder startDocument() {
        writer.startDocument();
        return this;
    }

    public DocumentBuilder endDocument() {
        if (writer.depth() == 0) {
            throw new IllegalStateException("No document inside has been begun.");
        }
        writer.endDocument();
        return this;
    }

    /** Begins an array; what is added from now on goes there. */
    public DocumentBuilder startArray(FieldName name) {
        writer.name(name).startArray();
        return this;
    }

    /** Begins an array inside an array. */
    public DocumentBuilder startArray() {
        writer.startArray();
        return this;
    }

    public DocumentBuilder endArray() {
        writer.endArray();
        return this;
    }

    public DocumentBuilder add(int value) {
        writer.int32(value);
        return this;
    }

    public DocumentBuilder add(long value) {
        writer.int64(value);
        return this;
    }

    public DocumentBuilder add(double value) {
        writer.doubleValue(value);
        return this;
    }

    public DocumentBuilder add(boolean value) {
        writer.booleanValue(value);
        return this;
    }

    public DocumentBuilder add(CharSequence value) {
        writer.string(value);
        return this;
    }

    public DocumentBuilder addNull() {
        writer.nullValue();
        return this;
    }

    /** Gives the memory back. Idempotent. */
    @Override
    public void close() {
        buffer.close();
    }
}
