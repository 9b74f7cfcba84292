package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.error.InvalidQueryException;
import java.lang.foreign.MemorySegment;

/** {@code $type}: the value has one of some types, of which {@code types} has a bit each. */
record TypeTest(long types) implements ValuePredicate {
    private static final String OPERATOR = "$type";
    private static final int MIN_KEY_BIT = 62;
    private static final int MAX_KEY_BIT = 63;

    static TypeTest parse(BsonCursor cursor, String path) {
        if (cursor.type() != BsonType.ARRAY) {
            return new TypeTest(typesOf(cursor, path));
        }
        long types = 0;
        BsonCursor elements = Values.inside(cursor);
        while (elements.next()) {
            types |= typesOf(elements, path);
        }
        if (types == 0) {
            throw new InvalidQueryException("expected at least one type, found an empty array", path, OPERATOR);
        }
        return new TypeTest(types);
    }

    private static long typesOf(BsonCursor cursor, String path) {
        if (cursor.type() == BsonType.STRING) {
            return typesNamed(cursor.string(), path);
        }
        if (!BsonType.isNumber(cursor.type()) || !Values.isWhole(cursor.type(), cursor.memory(),
                cursor.valueOffset())) {
            throw new InvalidQueryException("expected codes or names of types, found "
                    + BsonType.alias(cursor.type()), path, OPERATOR);
        }
        long code = Values.whole(cursor.type(), cursor.memory(), cursor.valueOffset());
        if (code < -1 || code == 0 || code > Byte.MAX_VALUE || !BsonType.isKnown((byte) code)) {
            throw new InvalidQueryException("expected the code of a type, found " + code, path, OPERATOR);
        }
        return bit((byte) code);
    }

    private static long typesNamed(String name, String path) {
        if (name.equals("number")) {
            return bit(BsonType.INT32) | bit(BsonType.INT64) | bit(BsonType.DOUBLE) | bit(BsonType.DECIMAL128);
        }
        for (int type = Byte.MIN_VALUE; type <= Byte.MAX_VALUE; type++) {
            if (type != BsonType.NONE && BsonType.isKnown((byte) type) && BsonType.alias((byte) type).equals(name)) {
                return bit((byte) type);
            }
        }
        throw new InvalidQueryException("expected the name of a type, found another", path, OPERATOR);
    }

    private static long bit(byte type) {
        return 1L << (type == BsonType.MIN_KEY ? MIN_KEY_BIT : type == BsonType.MAX_KEY ? MAX_KEY_BIT : type);
    }

    @Override
    public boolean test(byte type, MemorySegment memory, long value, EvaluationScratch scratch) {
        return type != BsonType.NONE && (types & bit(type)) != 0;
    }
}
