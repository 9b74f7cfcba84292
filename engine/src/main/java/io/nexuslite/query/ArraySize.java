package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;

/** {@code $size}: the value is an array of so many elements. */
record ArraySize(long count) implements ValuePredicate {
    @Override
    public boolean test(byte type, MemorySegment memory, long value, EvaluationScratch scratch) {
        if (type != BsonType.ARRAY) {
            return false;
        }
        BsonCursor cursor = scratch.cursor().wrap(memory, value, memory.get(Values.INT, value));
        long found = 0;
        while (found <= count && cursor.next()) {
            found++;
        }
        return found == count;
    }

    @Override
    public boolean isOfWholeValue() {
        return true;
    }
}
