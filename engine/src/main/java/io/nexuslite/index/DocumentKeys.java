package io.nexuslite.index;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.KeyString;
import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.store.RecordView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Keys of stored documents, which begin with their {@code _id}. */
final class DocumentKeys {
    /** Type and value of the first field, {@code _id}: behind the length, the type and the name with its NUL. */
    private static final int TYPE_OFFSET = Integer.BYTES;
    private static final int VALUE_OFFSET = TYPE_OFFSET + 1 + FieldName.ID.length() + 1;

    private DocumentKeys() {
    }

    /** Writes the key of a document's record; returns its bytes. */
    static int encode(RecordView document, MemorySegment target, long offset, int limit) {
        MemorySegment memory = document.memory();
        if (document.length() < VALUE_OFFSET + 1
                || !FieldName.ID.matches(memory, document.offset() + TYPE_OFFSET + 1, FieldName.ID.length())) {
            throw CorruptionException.of("Document: expected an _id as its first field, found something else", "", -1,
                    "document of " + document.length() + " bytes");
        }
        byte type = memory.get(ValueLayout.JAVA_BYTE, document.offset() + TYPE_OFFSET);
        int length = type == BsonType.NONE
                ? KeyString.TOO_LONG
                : KeyString.encode(memory, document.offset() + VALUE_OFFSET, type, false, target, offset, limit);
        if (length == KeyString.TOO_LONG) {
            throw new KeyTooLongException(FieldName.ID.name());
        }
        return length;
    }
}
