package io.nexuslite.bson;

import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.MemorySegment;

/** Values of BSON that stand outside a document, behind their type. */
public final class RawValue {
    private RawValue() {
    }

    /**
     * Bytes of a value.
     *
     * @param limit first offset behind which it must have ended
     * @throws InvalidDocumentException if there is none of that type
     */
    public static int length(byte type, MemorySegment memory, long offset, long limit) {
        int length = BsonType.isKnown(type) ? BsonBytes.valueLength(memory, type, offset, limit) : BsonBytes.NOT_FOUND;
        if (length < 0) {
            throw new InvalidDocumentException("expected a value that fits, found type " + (type & 0xFF), -1, "");
        }
        return length;
    }
}
