package io.nexuslite.cache;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Fields of one entry in its slab cell. Immutable once its word is in the index, save {@code accessStamp} and {@code expiry}, which are
 * opaque, and are written only inside a pin or under the lock of its bucket: later, the cell may be another's.
 */
final class CacheCell {
    /** Expiry of an entry that has none. */
    static final long NEVER = Long.MAX_VALUE;

    static final int HASH_OFFSET = 0;
    static final int HASH_SIZE = Long.BYTES;
    static final int EXPIRY_OFFSET = HASH_OFFSET + HASH_SIZE; // wall milliseconds
    static final int EXPIRY_SIZE = Long.BYTES;
    static final int ACCESS_STAMP_OFFSET = EXPIRY_OFFSET + EXPIRY_SIZE; // puts of the cache at the last use
    static final int ACCESS_STAMP_SIZE = Long.BYTES;
    static final int SLIDING_MILLIS_OFFSET = ACCESS_STAMP_OFFSET + ACCESS_STAMP_SIZE; // 0 = a use does not move the expiry
    static final int SLIDING_MILLIS_SIZE = Long.BYTES;
    static final int KEY_LENGTH_OFFSET = SLIDING_MILLIS_OFFSET + SLIDING_MILLIS_SIZE;
    static final int KEY_LENGTH_SIZE = Integer.BYTES;
    static final int VALUE_LENGTH_OFFSET = KEY_LENGTH_OFFSET + KEY_LENGTH_SIZE;
    static final int VALUE_LENGTH_SIZE = Integer.BYTES;
    static final int HEADER_SIZE = VALUE_LENGTH_OFFSET + VALUE_LENGTH_SIZE; // then key, value

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private CacheCell() {
    }

    static void fill(MemorySegment memory, long cell, long hash, long expiry, long slidingMillis, long accessStamp,
            int keyLength, int valueLength) {
        memory.set(ValueLayout.JAVA_LONG, cell + HASH_OFFSET, hash);
        memory.set(ValueLayout.JAVA_LONG, cell + EXPIRY_OFFSET, expiry);
        memory.set(ValueLayout.JAVA_LONG, cell + ACCESS_STAMP_OFFSET, accessStamp);
        memory.set(ValueLayout.JAVA_LONG, cell + SLIDING_MILLIS_OFFSET, slidingMillis);
        memory.set(ValueLayout.JAVA_INT, cell + KEY_LENGTH_OFFSET, keyLength);
        memory.set(ValueLayout.JAVA_INT, cell + VALUE_LENGTH_OFFSET, valueLength);
    }

    static boolean matches(MemorySegment memory, long cell, long hash, MemorySegment key, long keyOffset,
            int keyLength) {
        return memory.get(ValueLayout.JAVA_LONG, cell + HASH_OFFSET) == hash && keyLength(memory, cell) == keyLength
                && MemorySegment.mismatch(memory, cell + HEADER_SIZE, cell + HEADER_SIZE + keyLength, key, keyOffset,
                        keyOffset + keyLength) < 0;
    }

    static long hash(MemorySegment memory, long cell) {
        return memory.get(ValueLayout.JAVA_LONG, cell + HASH_OFFSET);
    }

    static int keyLength(MemorySegment memory, long cell) {
        return memory.get(ValueLayout.JAVA_INT, cell + KEY_LENGTH_OFFSET);
    }

    static int valueLength(MemorySegment memory, long cell) {
        return memory.get(ValueLayout.JAVA_INT, cell + VALUE_LENGTH_OFFSET);
    }

    static long valueOffset(MemorySegment memory, long cell) {
        return cell + HEADER_SIZE + keyLength(memory, cell);
    }

    /** Bytes that the cell was allocated with. */
    static int length(MemorySegment memory, long cell) {
        return HEADER_SIZE + payloadLength(memory, cell);
    }

    static int payloadLength(MemorySegment memory, long cell) {
        return keyLength(memory, cell) + valueLength(memory, cell);
    }

    static long slidingMillis(MemorySegment memory, long cell) {
        return memory.get(ValueLayout.JAVA_LONG, cell + SLIDING_MILLIS_OFFSET);
    }

    static long expiryOpaque(MemorySegment memory, long cell) {
        return (long) LONG.getOpaque(memory, cell + EXPIRY_OFFSET);
    }

    static void putExpiryOpaque(MemorySegment memory, long cell, long expiry) {
        LONG.setOpaque(memory, cell + EXPIRY_OFFSET, expiry);
    }

    static long accessStampOpaque(MemorySegment memory, long cell) {
        return (long) LONG.getOpaque(memory, cell + ACCESS_STAMP_OFFSET);
    }

    /** Stores only a change, so that readers of a hot entry do not fight for its cache line. */
    static void putAccessStampOpaque(MemorySegment memory, long cell, long stamp) {
        if (accessStampOpaque(memory, cell) != stamp) {
            LONG.setOpaque(memory, cell + ACCESS_STAMP_OFFSET, stamp);
        }
    }
}
