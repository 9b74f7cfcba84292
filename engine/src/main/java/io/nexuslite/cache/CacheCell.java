package io.nexuslite.cache;

import io.nexuslite.memory.SlabAllocator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Fields of one entry in its slab cell, or in the first of a chain of cells: then the handle of the second follows the header, and each part has
 * the entry's hash, the handle of the first cell and that of the next. The key is in the first cell as a whole. Immutable once its word is in the index, save {@code accessStamp} and {@code expiry}, which are
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

    /** Longest cell. */
    static final int CELL_MAX = SlabAllocator.SHARED_LENGTH_MAX;
    /** Longest key, so that it stands in the first cell. */
    static final int KEY_MAX = 8_000;

    static final int PART_HASH_OFFSET = 0; // where the head has its own
    static final int PART_HASH_SIZE = Long.BYTES;
    static final int PART_OWNER_OFFSET = PART_HASH_OFFSET + PART_HASH_SIZE;
    static final int PART_OWNER_SIZE = Long.BYTES;
    static final int PART_NEXT_OFFSET = PART_OWNER_OFFSET + PART_OWNER_SIZE;
    static final int PART_NEXT_SIZE = Long.BYTES;
    static final int PART_HEADER_SIZE = PART_NEXT_OFFSET + PART_NEXT_SIZE; // then bytes
    static final int PART_ROOM = CELL_MAX - PART_HEADER_SIZE;

    static final int HEAD_NEXT_OFFSET = HEADER_SIZE; // in a chain only
    static final int HEAD_NEXT_SIZE = Long.BYTES;
    static final int HEAD_ROOM = CELL_MAX - HEADER_SIZE - HEAD_NEXT_SIZE; // bytes of key and value in the first cell of a chain

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
        if (memory.get(ValueLayout.JAVA_LONG, cell + HASH_OFFSET) != hash || keyLength(memory, cell) != keyLength) {
            return false;
        }
        long start = keyOffset(memory, cell);
        return MemorySegment.mismatch(memory, start, start + keyLength, key, keyOffset, keyOffset + keyLength) < 0;
    }

    // ---- lengths

    static boolean isChained(int payload) {
        return payload > CELL_MAX - HEADER_SIZE;
    }

    /** Bytes of the first cell. */
    static int headLength(int payload) {
        return Math.min(CELL_MAX, HEADER_SIZE + payload);
    }

    /** Bytes of the next part, if {@code left} bytes of key and value are to come. */
    static int partLength(int left) {
        return Math.min(CELL_MAX, PART_HEADER_SIZE + left);
    }

    /** Bytes of all cells of an entry. */
    static long bytes(int payload) {
        long bytes = SlabAllocator.cellSize(headLength(payload));
        if (isChained(payload)) {
            int left = payload - HEAD_ROOM;
            bytes += (long) (left / PART_ROOM) * CELL_MAX;
            bytes += left % PART_ROOM == 0 ? 0 : SlabAllocator.cellSize(partLength(left % PART_ROOM));
        }
        return bytes;
    }

    /** Where key and value begin in the first cell. */
    static int dataStart(boolean chained) {
        return chained ? HEADER_SIZE + HEAD_NEXT_SIZE : HEADER_SIZE;
    }

    static long keyOffset(MemorySegment memory, long cell) {
        return cell + dataStart(isChained(payloadLength(memory, cell)));
    }

    // ---- chains

    static void fillPart(MemorySegment memory, long cell, long hash, long owner) {
        memory.set(ValueLayout.JAVA_LONG, cell + PART_HASH_OFFSET, hash);
        memory.set(ValueLayout.JAVA_LONG, cell + PART_OWNER_OFFSET, owner);
    }

    /** Handle of the first cell, if this is a part of a chain. */
    static long partOwner(MemorySegment memory, long cell) {
        return memory.get(ValueLayout.JAVA_LONG, cell + PART_OWNER_OFFSET);
    }

    static void putNext(MemorySegment memory, long cell, boolean head, long next) {
        memory.set(ValueLayout.JAVA_LONG, cell + (head ? HEAD_NEXT_OFFSET : PART_NEXT_OFFSET), next);
    }

    static long next(MemorySegment memory, long cell, boolean head) {
        return memory.get(ValueLayout.JAVA_LONG, cell + (head ? HEAD_NEXT_OFFSET : PART_NEXT_OFFSET));
    }

    // ---- fields

    static long hash(MemorySegment memory, long cell) {
        return memory.get(ValueLayout.JAVA_LONG, cell + HASH_OFFSET);
    }

    static int keyLength(MemorySegment memory, long cell) {
        return memory.get(ValueLayout.JAVA_INT, cell + KEY_LENGTH_OFFSET);
    }

    static int valueLength(MemorySegment memory, long cell) {
        return memory.get(ValueLayout.JAVA_INT, cell + VALUE_LENGTH_OFFSET);
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
