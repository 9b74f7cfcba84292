package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;

/** A value in a query, where it lies. Borrows the memory of what it was parsed from. */
record Operand(byte type, MemorySegment memory, long offset, int length) {
    static Operand of(BsonCursor cursor) {
        return new Operand(cursor.type(), cursor.memory(), cursor.valueOffset(), cursor.valueLength());
    }

    /** In MongoDB's order. */
    int compare(Operand other, BsonComparator comparator) {
        return comparator.compare(type, memory, offset, other.type, other.memory, other.offset);
    }

    boolean isNull() {
        return type == BsonType.NULL;
    }

    boolean isNaN() {
        return Values.isNaN(type, memory, offset);
    }
}
