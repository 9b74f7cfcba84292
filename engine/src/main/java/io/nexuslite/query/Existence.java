package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;

/** {@code $exists: true}. */
record Existence() implements ValuePredicate {
    @Override
    public boolean test(byte type, MemorySegment memory, long value, EvaluationScratch scratch) {
        return type != BsonType.NONE;
    }
}
