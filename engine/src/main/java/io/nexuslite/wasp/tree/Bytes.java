package io.nexuslite.wasp.tree;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How this package reads and writes native memory: layouts, and comparisons of byte strings. */
final class Bytes {
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Bytes() {
    }

    static int unsignedShort(MemorySegment memory, long offset) {
        return memory.get(SHORT, offset) & 0xFFFF;
    }

    /** Compares two byte strings, unsigned; a prefix is smaller. */
    static int compare(MemorySegment a, long aOffset, int aLength, MemorySegment b, long bOffset, int bLength) {
        int common = Math.min(aLength, bLength);
        long at = MemorySegment.mismatch(a, aOffset, aOffset + common, b, bOffset, bOffset + common);
        if (at < 0) {
            return aLength - bLength;
        }
        return (a.get(BYTE, aOffset + at) & 0xFF) - (b.get(BYTE, bOffset + at) & 0xFF);
    }

    /** Bytes that both strings have in common at their beginning. */
    static int commonPrefix(MemorySegment a, long aOffset, int aLength, MemorySegment b, long bOffset, int bLength) {
        int common = Math.min(aLength, bLength);
        long at = MemorySegment.mismatch(a, aOffset, aOffset + common, b, bOffset, bOffset + common);
        return at < 0 ? common : (int) at;
    }

    /** The first 4 bytes of a string as a number, big-endian, zero-padded: its order is the string's. */
    static int head(MemorySegment memory, long offset, int length) {
        if (length >= Integer.BYTES) {
            return memory.get(INT_BE, offset);
        }
        int head = 0;
        for (int i = 0; i < length; i++) {
            head |= (memory.get(BYTE, offset + i) & 0xFF) << 24 - 8 * i;
        }
        return head;
    }

    /** Sets bytes to zero; offset and length are multiples of 8. */
    static void zero(MemorySegment memory, long offset, long length) {
        for (long at = offset; at < offset + length; at += Long.BYTES) {
            memory.set(LONG, at, 0L);
        }
    }

    static int align4(int bytes) {
        return bytes + 3 & ~3;
    }

    static int align8(int bytes) {
        return bytes + 7 & ~7;
    }

    static byte[] copyOf(MemorySegment memory, long offset, int length) {
        byte[] copy = new byte[length];
        MemorySegment.copy(memory, BYTE, offset, copy, 0, length);
        return copy;
    }
}
