package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.error.InvalidQueryException;
import java.lang.foreign.MemorySegment;

/** {@code $mod}: the number, without its fraction, leaves that remainder, whose sign is the number's. */
record Modulo(long divisor, long remainder) implements ValuePredicate {
    private static final String OPERATOR = "$mod";

    static Modulo parse(BsonCursor cursor, String path) {
        if (cursor.type() != BsonType.ARRAY) {
            throw new InvalidQueryException("expected an array of divisor and remainder, found "
                    + BsonType.alias(cursor.type()), path, OPERATOR);
        }
        BsonCursor elements = Values.inside(cursor);
        long divisor = next(elements, path);
        long remainder = next(elements, path);
        if (elements.next()) {
            throw new InvalidQueryException("expected two numbers, found more", path, OPERATOR);
        }
        if (divisor == 0) {
            throw new InvalidQueryException("expected a divisor other than 0", path, OPERATOR);
        }
        return new Modulo(divisor, remainder);
    }

    private static long next(BsonCursor elements, String path) {
        if (!elements.next()) {
            throw new InvalidQueryException("expected two numbers, found fewer", path, OPERATOR);
        }
        if (!Values.fitsLong(elements.type(), elements.memory(), elements.valueOffset())) {
            throw new InvalidQueryException("expected numbers of 64 bits, found others", path, OPERATOR);
        }
        return Values.whole(elements.type(), elements.memory(), elements.valueOffset());
    }

    @Override
    public boolean test(byte type, MemorySegment memory, long value, EvaluationScratch scratch) {
        return Values.fitsLong(type, memory, value) && Values.whole(type, memory, value) % divisor == remainder;
    }
}
