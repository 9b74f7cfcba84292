package io.nexuslite.check;

import io.nexuslite.format.RecordLayout;
import java.lang.foreign.MemorySegment;

/** Reads LEB128 numbers within bounds, and only in their shortest form. A carrier to be reused; one thread. */
final class Varint {
    private static final int PAYLOAD_BITS = 7;
    private static final int PAYLOAD_MASK = 0x7F;

    /** The number; unsigned. */
    long value;
    /** Offset behind it. */
    long next;

    /** Reads a number at {@code offset}; false if none ends before {@code limit}, or if it is not in its shortest form. */
    boolean read(MemorySegment memory, long offset, long limit) {
        long number = 0;
        long end = Math.min(limit, offset + RecordLayout.VARINT_SIZE_MAX);
        int shift = 0;
        for (long at = offset; at < end; at++, shift += PAYLOAD_BITS) {
            int next = Bytes.unsignedByte(memory, at);
            number |= (long) (next & PAYLOAD_MASK) << shift;
            if (next <= PAYLOAD_MASK) {
                value = number;
                this.next = at + 1;
                boolean longer = next == 0 && at > offset;
                boolean tooLarge = shift == Long.SIZE - 1 && next > 1;
                return !longer && !tooLarge;
            }
        }
        return false;
    }

    /** The number read as a signed one. */
    long signed() {
        return value >>> 1 ^ -(value & 1);
    }
}
