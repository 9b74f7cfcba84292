package io.nexuslite.bson;

import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * How BSON lies in memory: layouts, lengths of values, ends of names. Everything else of this package walks bytes through here.
 *
 * <p>Offsets are absolute in the memory; {@code limit} is the first byte that does not belong to the container.
 */
final class BsonBytes {
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    static final int NOT_FOUND = -1;

    /** Lengths of values by type byte; below zero where the value tells its own length, or where there is no such type. */
    static final byte[] FIXED_LENGTHS = new byte[256];
    static final byte VARIABLE = -1;
    static final byte UNKNOWN = -2;

    static final int OBJECT_ID_SIZE = 12;
    static final int UUID_SIZE = 16;
    /** int32 length and the closing NUL of a string. */
    static final int STRING_OVERHEAD = Integer.BYTES + 1;
    /** int32 length and the subtype. */
    static final int BINARY_OVERHEAD = Integer.BYTES + 1;
    /** int32 total, the shortest string, the shortest document. */
    private static final int CODE_WITH_SCOPE_MIN = Integer.BYTES + STRING_OVERHEAD + BsonType.DOCUMENT_SIZE_MIN;

    static {
        Arrays.fill(FIXED_LENGTHS, UNKNOWN);
        for (byte type : new byte[]{BsonType.STRING, BsonType.DOCUMENT, BsonType.ARRAY, BsonType.BINARY, BsonType.REGEX,
                BsonType.DB_POINTER, BsonType.JAVASCRIPT, BsonType.SYMBOL, BsonType.JAVASCRIPT_WITH_SCOPE}) {
            FIXED_LENGTHS[type & 0xFF] = VARIABLE;
        }
        for (byte type : new byte[]{BsonType.UNDEFINED, BsonType.NULL, BsonType.MIN_KEY, BsonType.MAX_KEY}) {
            FIXED_LENGTHS[type & 0xFF] = 0;
        }
        for (byte type : new byte[]{BsonType.DOUBLE, BsonType.DATE_TIME, BsonType.TIMESTAMP, BsonType.INT64}) {
            FIXED_LENGTHS[type & 0xFF] = Long.BYTES;
        }
        FIXED_LENGTHS[BsonType.BOOLEAN] = 1;
        FIXED_LENGTHS[BsonType.INT32] = Integer.BYTES;
        FIXED_LENGTHS[BsonType.OBJECT_ID] = OBJECT_ID_SIZE;
        FIXED_LENGTHS[BsonType.DECIMAL128] = 2 * Long.BYTES;
    }

    private BsonBytes() {
    }

    /** Offset of the first NUL in {@code [from, limit)}, or {@link #NOT_FOUND}. May read, but never judges, bytes behind limit. */
    static long terminator(MemorySegment memory, long from, long limit) {
        long wide = Math.min(limit, memory.byteSize() - (Long.BYTES - 1));
        long at = from;
        while (at < wide) {
            long word = memory.get(LONG, at);
            long zeros = zeroBytes(word);
            if (zeros != 0) {
                long found = at + (Long.numberOfTrailingZeros(zeros) >>> 3);
                return found < limit ? found : NOT_FOUND;
            }
            at += Long.BYTES;
        }
        for (; at < limit; at++) {
            if (memory.get(BYTE, at) == 0) {
                return at;
            }
        }
        return NOT_FOUND;
    }

    /** A word whose lowest set bit lies in the first zero byte of {@code word}; 0 if there is none. */
    static long zeroBytes(long word) {
        return (word - 0x0101010101010101L) & ~word & 0x8080808080808080L;
    }

    /** Length of the value at {@code offset}, or {@link #NOT_FOUND} if it does not fit before {@code limit} or is no value. */
    static int valueLength(MemorySegment memory, byte type, long offset, long limit) {
        int fixed = FIXED_LENGTHS[type & 0xFF];
        if (fixed >= 0) {
            return fixed <= limit - offset ? fixed : NOT_FOUND;
        }
        return variableLength(memory, type, offset, limit);
    }

    private static int variableLength(MemorySegment memory, byte type, long offset, long limit) {
        if (type == BsonType.REGEX) {
            long pattern = terminator(memory, offset, limit);
            long options = pattern < 0 ? NOT_FOUND : terminator(memory, pattern + 1, limit);
            return options < 0 ? NOT_FOUND : (int) (options + 1 - offset);
        }
        if (limit - offset < Integer.BYTES) {
            return NOT_FOUND;
        }
        long stated = memory.get(INT, offset);
        long length = switch (type) {
            case BsonType.STRING, BsonType.JAVASCRIPT, BsonType.SYMBOL -> stated < 1 ? -1 : Integer.BYTES + stated;
            case BsonType.DOCUMENT, BsonType.ARRAY -> stated < BsonType.DOCUMENT_SIZE_MIN ? -1 : stated;
            case BsonType.BINARY -> stated < 0 ? -1 : BINARY_OVERHEAD + stated;
            case BsonType.DB_POINTER -> stated < 1 ? -1 : Integer.BYTES + stated + OBJECT_ID_SIZE;
            case BsonType.JAVASCRIPT_WITH_SCOPE -> stated < CODE_WITH_SCOPE_MIN ? -1 : stated;
            default -> -1;
        };
        return length >= 0 && length <= limit - offset ? (int) length : NOT_FOUND;
    }

    /**
     * Length of the document at {@code offset}, checked against {@code available} bytes.
     *
     * @throws InvalidDocumentException if there is none
     */
    static int documentLength(MemorySegment memory, long offset, long available) {
        if (available < BsonType.DOCUMENT_SIZE_MIN) {
            throw malformed("expected at least " + BsonType.DOCUMENT_SIZE_MIN + " bytes, found " + available, 0);
        }
        int length = memory.get(INT, offset);
        if (length < BsonType.DOCUMENT_SIZE_MIN || length > available) {
            throw malformed("expected a length from " + BsonType.DOCUMENT_SIZE_MIN + " to " + available + ", found "
                    + length, 0);
        }
        return length;
    }

    static InvalidDocumentException malformed(String what, long offset) {
        return new InvalidDocumentException(what, (int) offset, "");
    }

    /** Guards invariant 1 of the package. */
    static MemorySegment requireNative(MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("Memory must be off-heap");
        }
        return memory;
    }
}
