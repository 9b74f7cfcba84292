package io.nexuslite.query;

import io.nexuslite.bson.KeyString;
import java.lang.foreign.MemorySegment;

/** One end of a range of {@code _id}s, or one {@code _id}. Borrows as the filter does. */
public final class IdBound {
    private final Operand operand;
    private final boolean inclusive;

    IdBound(Operand operand, boolean inclusive) {
        this.operand = operand;
        this.inclusive = inclusive;
    }

    /** Whether the value itself belongs to the range. */
    public boolean inclusive() {
        return inclusive;
    }

    /** Type of the value. */
    public byte type() {
        return operand.type();
    }

    /** Memory of the value. */
    public MemorySegment memory() {
        return operand.memory();
    }

    /** Where the value starts in the memory. */
    public long offset() {
        return operand.offset();
    }

    /** Bytes of the value. */
    public int length() {
        return operand.length();
    }

    /** Writes the key string of the value; length, or {@link KeyString#TOO_LONG}, in which case no document has that {@code _id}. */
    public int encodeKey(MemorySegment target, int limit) {
        return KeyString.encode(operand.memory(), operand.offset(), operand.type(), false, target, 0, limit);
    }

    /** As {@link BsonComparator#compare}, a value on the left and this one on the right. */
    public int compare(byte type, MemorySegment memory, long value, BsonComparator comparator) {
        return comparator.compare(type, memory, value, operand.type(), operand.memory(), operand.offset());
    }
}
