package io.nexuslite.wasp.tree;

import io.nexuslite.bson.KeyString;
import io.nexuslite.error.KeyTooLongException;
import java.lang.foreign.MemorySegment;

/** The key of a document record: the key string of its body's first field, {@code _id}. */
final class DocumentKey {
    /** Bytes of scratch memory that {@link #encode} needs. */
    static final int SCRATCH_SIZE = KeyTooLongException.KEY_LENGTH_MAX + 64;

    private static final int TYPE_OFFSET = Integer.BYTES; // behind the document's length
    private static final int NAME_OFFSET = TYPE_OFFSET + 1;
    private static final int NAME = 0x0064695F; // "_id", NUL: little-endian
    private static final int VALUE_OFFSET = NAME_OFFSET + Integer.BYTES;

    private DocumentKey() {
    }

    /** Writes the key of the document at {@code body}; returns its length. */
    static int encode(MemorySegment memory, long body, MemorySegment target, long offset) {
        if (memory.get(Bytes.INT, body + NAME_OFFSET) != NAME) {
            throw new MalformedRecordException("document does not begin with _id");
        }
        int length = KeyString.encode(memory, body + VALUE_OFFSET, memory.get(Bytes.BYTE, body + TYPE_OFFSET), false,
                target, offset, SCRATCH_SIZE);
        if (length < 0 || length > KeyTooLongException.KEY_LENGTH_MAX) {
            throw new MalformedRecordException("key of a document is too long");
        }
        return length;
    }
}
