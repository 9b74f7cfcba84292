package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Writes one array or document, of arrays and of values that lie elsewhere. Reusable; allocates only to grow. */
final class ContainerBytes {
    private static final int CAPACITY_MIN = 64;

    private MemorySegment memory = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(CAPACITY_MIN));
    private int length;

    MemorySegment memory() {
        return memory;
    }

    int length() {
        return length;
    }

    void reset() {
        length = 0;
    }

    /** Begins a container; gives what {@link #end} needs. */
    int begin() {
        int start = length;
        reserve(Integer.BYTES);
        length += Integer.BYTES;
        return start;
    }

    void end(int start) {
        put((byte) 0);
        memory.set(Values.INT, start, length - start);
    }

    /** Begins an element of an array: its type, which may be set later, and its place as its name. Gives where the type is. */
    int element(byte type, int place) {
        int at = length;
        put(type);
        int digits = 1;
        for (int rest = place / 10; rest > 0; rest /= 10) {
            digits++;
        }
        reserve(digits + 1);
        int left = place;
        for (int i = digits - 1; i >= 0; i--) {
            memory.set(Values.BYTE, (long) length + i, (byte) ('0' + left % 10));
            left /= 10;
        }
        length += digits;
        put((byte) 0);
        return at;
    }

    /** Begins a field of a document. */
    void field(byte type, Expression.Name name) {
        put(type);
        for (int i = 0; i < name.length(); i++) {
            put(name.at(i));
        }
        put((byte) 0);
    }

    /** Sets the type of an element, or takes back all that was written from it on if there is none. */
    void setType(int element, byte type) {
        if (type == BsonType.NONE) {
            length = element;
        } else {
            memory.set(Values.BYTE, element, type);
        }
    }

    void value(MemorySegment source, long offset, int size) {
        reserve(size);
        MemorySegment.copy(source, offset, memory, length, size);
        length += size;
    }

    private void put(byte value) {
        reserve(1);
        memory.set(Values.BYTE, length++, value);
    }

    private void reserve(int more) {
        long needed = (long) length + more;
        if (needed <= memory.byteSize()) {
            return;
        }
        int capacity = Math.toIntExact(Math.max(needed, 2 * memory.byteSize()));
        MemorySegment grown = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(capacity));
        MemorySegment.copy(memory, 0, grown, 0, length);
        memory = grown;
    }
}
