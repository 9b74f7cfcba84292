package io.nexuslite.check;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Bytes of the files as numbers. */
final class Bytes {
    static final int NOT_FOUND = -1;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Bytes() {
    }

    static int unsignedByte(MemorySegment memory, long offset) {
        return memory.get(BYTE, offset) & 0xFF;
    }

    static int unsignedShort(MemorySegment memory, long offset) {
        return memory.get(SHORT, offset) & 0xFFFF;
    }

    static int intAt(MemorySegment memory, long offset) {
        return memory.get(INT, offset);
    }

    static long longAt(MemorySegment memory, long offset) {
        return memory.get(LONG, offset);
    }

    static int bigEndianInt(MemorySegment memory, long offset) {
        return memory.get(INT_BE, offset);
    }

    static long bigEndianLong(MemorySegment memory, long offset) {
        return memory.get(LONG_BE, offset);
    }

    static void putBigEndianLong(MemorySegment memory, long offset, long value) {
        memory.set(LONG_BE, offset, value);
    }

    static void putBigEndianInt(MemorySegment memory, long offset, int value) {
        memory.set(INT_BE, offset, value);
    }

    static void putLong(MemorySegment memory, long offset, long value) {
        memory.set(LONG, offset, value);
    }

    /** Offset of the first byte that is not zero, or {@link #NOT_FOUND}. */
    static long firstNonZero(MemorySegment memory, long offset, long length) {
        long at = offset;
        long end = offset + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            if (memory.get(LONG, at) != 0) {
                break;
            }
        }
        for (; at < end; at++) {
            if (memory.get(BYTE, at) != 0) {
                return at;
            }
        }
        return NOT_FOUND;
    }

    /** Order of two strings of unsigned bytes; what ends first is less. */
    static int compare(MemorySegment a, long aOffset, int aLength, MemorySegment b, long bOffset, int bLength) {
        long at = MemorySegment.mismatch(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
        if (at < 0) {
            return 0;
        }
        if (at >= aLength || at >= bLength) {
            return aLength - bLength;
        }
        return unsignedByte(a, aOffset + at) - unsignedByte(b, bOffset + at);
    }

    static String hex(int checksum) {
        return String.format("%08x", checksum);
    }
}
