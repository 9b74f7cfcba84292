package io.nexuslite.wasp.tree;

import java.lang.foreign.MemorySegment;

/** Unsigned LEB128 numbers of 64 bits, and signed ones zigzag-coded in them. */
final class Varint {
    private Varint() {
    }

    /** Bytes of {@code value}, 1 to 10. */
    static int size(long value) {
        return (63 - Long.numberOfLeadingZeros(value | 1)) / 7 + 1;
    }

    /** Writes {@code value}; returns the offset behind it. */
    static long write(MemorySegment memory, long offset, long value) {
        long at = offset;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            memory.set(Bytes.BYTE, at++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        memory.set(Bytes.BYTE, at++, (byte) rest);
        return at;
    }

    /** Reads a number that ends before {@code limit}. */
    static long read(MemorySegment memory, long offset, long limit) {
        long value = 0;
        long at = offset;
        for (int shift = 0; shift < 64 && at < limit; shift += 7) {
            byte part = memory.get(Bytes.BYTE, at++);
            value |= (part & 0x7FL) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new MalformedRecordException("number without end");
    }

    static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    static long unzigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
