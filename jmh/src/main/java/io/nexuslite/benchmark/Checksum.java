package io.nexuslite.benchmark;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sum of a value's little-endian longs, and of the bytes behind the last whole one: reads everything, and costs little. */
final class Checksum {
    private static final ValueLayout.OfLong LONG_LE = ValueLayout.JAVA_LONG_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BUFFER_LONG_LE = MethodHandles
            .byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN).withInvokeExactBehavior();

    private static final VarHandle ARRAY_LONG_LE = MethodHandles
            .byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN).withInvokeExactBehavior();

    private Checksum() {
    }

    static long of(MemorySegment memory, long offset, int length) {
        long sum = 0;
        int index = 0;
        for (; index <= length - Long.BYTES; index += Long.BYTES) {
            sum += memory.get(LONG_LE, offset + index);
        }
        for (; index < length; index++) {
            sum += memory.get(ValueLayout.JAVA_BYTE, offset + index);
        }
        return sum;
    }

    /** The same over the first {@code length} bytes of a direct buffer, whatever its position and order. */
    static long of(ByteBuffer buffer, int length) {
        long sum = 0;
        int index = 0;
        for (; index <= length - Long.BYTES; index += Long.BYTES) {
            sum += (long) BUFFER_LONG_LE.get(buffer, index);
        }
        for (; index < length; index++) {
            sum += buffer.get(index);
        }
        return sum;
    }

    /** The same over a whole array. */
    static long of(byte[] bytes) {
        long sum = 0;
        int index = 0;
        for (; index <= bytes.length - Long.BYTES; index += Long.BYTES) {
            sum += (long) ARRAY_LONG_LE.get(bytes, index);
        }
        for (; index < bytes.length; index++) {
            sum += bytes[index];
        }
        return sum;
    }

    /** Of a sequence: {@code sum} over what came before, {@code next} for what comes now. Its order matters. */
    static long inSequence(long sum, long next) {
        return 31 * sum + next;
    }
}
