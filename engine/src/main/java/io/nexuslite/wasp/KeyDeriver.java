package io.nexuslite.wasp;

import io.nexuslite.bson.KeyString;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.memory.NativeBuffer;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Tells the key of a record: that of a document is the key string of its first field, {@code _id}. One thread at a time. */
final class KeyDeriver implements AutoCloseable {
    /** Length of a document, type of its first field, {@code _id} and the zero behind it. */
    static final int ID_VALUE_OFFSET = Integer.BYTES + 1 + 4;

    private static final int ID_TYPE_OFFSET = Integer.BYTES;

    private final NativeBuffer scratch = new NativeBuffer(KeyTooLongException.KEY_LENGTH_MAX);

    /** Key of a document; valid until the next call. */
    Key ofDocument(MemorySegment memory, long offset, Key into) {
        byte type = memory.get(ValueLayout.JAVA_BYTE, offset + ID_TYPE_OFFSET);
        int length = KeyString.encode(memory, offset + ID_VALUE_OFFSET, type, false, scratch.memory(), 0,
                KeyTooLongException.KEY_LENGTH_MAX);
        if (length < 0) {
            throw new KeyTooLongException("_id");
        }
        return into.wrap(scratch.memory(), 0, length);
    }

    /** Key of a record; valid until the next call, or as long as the view. */
    Key ofRecord(TreeKind kind, RecordView record, Key into) {
        if (kind == TreeKind.DOCUMENT) {
            return ofDocument(record.memory(), record.offset(), into);
        }
        Key key = record.key();
        return into.wrap(key.memory(), key.offset(), key.length());
    }

    @Override
    public void close() {
        scratch.close();
    }
}
