package io.nexuslite;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts the fields of one document over those of another: those that both have take the new value in their old place, new ones come
 * behind, {@code _id} stays. Fields in documents are not looked at. To be reused; one thread at a time; owns memory.
 */
final class DocumentMerger implements AutoCloseable {
    private final GrowableBuffer buffer = new GrowableBuffer();
    private final BsonWriter writer = new BsonWriter();
    private final BsonCursor older = new BsonCursor();
    private final BsonCursor newer = new BsonCursor();
    private final List<FieldName> names = new ArrayList<>();

    /**
     * Makes the document that both give.
     *
     * @param target gets it, in place of what it holds, which may be {@code over}
     */
    void merge(BsonView old, BsonView over, GrowableBuffer target) {
        Set<FieldName> replaced = new HashSet<>();
        names.clear();
        newer.wrap(over);
        while (newer.next()) {
            names.add(FieldName.of(newer.name()));
        }
        buffer.reset();
        writer.wrap(buffer).startDocument();
        older.wrap(old);
        while (older.next()) {
            FieldName name = nameIn(older);
            if (name != null) {
                replaced.add(name);
            }
            if (name == null || name.equals(FieldName.ID)) {
                writer.element(older);
            } else {
                over.find(name, newer);
                writer.element(newer);
            }
        }
        newer.wrap(over);
        for (FieldName name : names) {
            newer.next();
            if (!replaced.contains(name)) {
                writer.element(newer);
            }
        }
        writer.endDocument();
        target.reset();
        target.append(buffer.memory(), 0, buffer.length());
    }

    private FieldName nameIn(BsonCursor cursor) {
        for (FieldName name : names) {
            if (cursor.nameEquals(name)) {
                return name;
            }
        }
        return null;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
