package io.nexuslite.transfer;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidDocumentException;

/** Makes a field of a document its {@code _id}, in front of the others. To be reused; one thread at a time; owns memory. */
final class IdMover implements AutoCloseable {
    private final FieldName field;
    private final GrowableBuffer buffer = new GrowableBuffer();
    private final BsonWriter writer = new BsonWriter();
    private final BsonCursor cursor = new BsonCursor();
    private final BsonView moved = new BsonView();

    IdMover(String field) {
        this.field = FieldName.of(field);
    }

    /**
     * The document with its field as {@code _id}. Valid until the next call.
     *
     * @throws InvalidDocumentException if it has no such field, or an {@code _id} as well
     */
    BsonView move(BsonView document) {
        if (document.find(FieldName.ID, cursor)) {
            throw new InvalidDocumentException("expected no _id beside the field that becomes it, found one", -1,
                    "_id");
        }
        if (!document.find(field, cursor)) {
            throw new InvalidDocumentException("expected the field that becomes _id, found none", -1, field.name());
        }
        buffer.reset();
        writer.wrap(buffer).startDocument();
        writer.name(FieldName.ID).value(cursor);
        cursor.wrap(document);
        while (cursor.next()) {
            if (!cursor.nameEquals(field)) {
                writer.element(cursor);
            }
        }
        writer.endDocument();
        return moved.wrap(buffer);
    }

    @Override
    public void close() {
        buffer.close();
    }
}
