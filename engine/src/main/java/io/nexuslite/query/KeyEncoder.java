package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.KeyString;
import java.lang.foreign.MemorySegment;

/** Makes key strings of values in queries, on the heap. One thread at a time; owns memory. */
final class KeyEncoder implements AutoCloseable {
    /** Longer ones are in no index. */
    private static final int LIMIT = 1100;

    private final GrowableBuffer bytes = new GrowableBuffer(LIMIT, LIMIT);

    /** The ascending key string of a value, or {@code null} if it is longer than any in an index. */
    byte[] keyOrNull(byte type, MemorySegment memory, long offset) {
        bytes.reset();
        int length = KeyString.encode(memory, offset, type, false, bytes.memory(), 0, LIMIT);
        if (length == KeyString.TOO_LONG) {
            return null;
        }
        bytes.setLength(length);
        return bytes.toByteArray();
    }

    /** The key string of a value that is its type: null, undefined, MinKey, MaxKey. */
    byte[] keyOfType(byte type) {
        return keyOrNull(type, MemorySegment.NULL, 0);
    }

    /** Type brackets: the key strings of a type and of those that are compared with it by value. */
    static Intervals bracket(byte type) {
        return Intervals.range(new byte[]{(byte) KeyString.firstByte(type)}, new byte[]{(byte) (KeyString.lastByte(type)
                + 1)});
    }

    /** The numbers that compare: all but NaN, the lowest key string of them. */
    static Intervals comparableBracket(byte type) {
        if (!BsonType.isNumber(type)) {
            return bracket(type);
        }
        return Intervals.range(new byte[]{(byte) (KeyString.firstByte(type) + 1)}, new byte[]{(byte) (KeyString
                .lastByte(type) + 1)});
    }

    @Override
    public void close() {
        bytes.close();
    }
}
