package io.nexuslite.wasp.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Access to the bytes of groups and frames: little-endian, at any address. */
final class LogBytes {
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private LogBytes() {
    }

    /** Zeroes {@code length} bytes, a multiple of 8. */
    static void zero(MemorySegment memory, long offset, int length) {
        for (int at = 0; at < length; at += Long.BYTES) {
            memory.set(LONG, offset + at, 0L);
        }
    }

    static long roundUp(long value, long powerOfTwo) {
        return value + powerOfTwo - 1 & -powerOfTwo;
    }
}
