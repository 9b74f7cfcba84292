package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Values of BSON in memory, by type and offset. */
final class Values {
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final int OBJECT_ID_SIZE = 12;
    private static final long DECIMAL_COEFFICIENT_HIGH = 0x0001_FFFF_FFFF_FFFFL;
    private static final long DECIMAL_SPECIAL = 0x6000_0000_0000_0000L;
    private static final long DECIMAL_NAN = 0x7C00_0000_0000_0000L;

    private Values() {
    }

    /** Types are compared by value only within one bracket: the four numbers, string and symbol, else each type by itself. */
    static boolean sameBracket(byte a, byte b) {
        return a == b || BsonType.order(a) == BsonType.order(b);
    }

    static boolean isNaN(byte type, MemorySegment memory, long value) {
        return switch (type) {
            case BsonType.DOUBLE -> Double.isNaN(memory.get(DOUBLE, value));
            case BsonType.DECIMAL128 -> (memory.get(LONG, value + Long.BYTES) & DECIMAL_NAN) == DECIMAL_NAN;
            default -> false;
        };
    }

    /** What MongoDB takes for true: everything but false, zero, null, undefined and nothing at all. */
    static boolean isTruthy(byte type, MemorySegment memory, long value) {
        return switch (type) {
            case BsonType.NONE, BsonType.NULL, BsonType.UNDEFINED -> false;
            case BsonType.BOOLEAN -> memory.get(BYTE, value) != 0;
            case BsonType.INT32 -> memory.get(INT, value) != 0;
            case BsonType.INT64 -> memory.get(LONG, value) != 0;
            case BsonType.DOUBLE -> memory.get(DOUBLE, value) != 0; // NaN is true
            case BsonType.DECIMAL128 -> !isDecimalZero(memory.get(LONG, value + Long.BYTES), memory.get(LONG, value));
            default -> true;
        };
    }

    private static boolean isDecimalZero(long high, long low) {
        return (high & DECIMAL_SPECIAL) != DECIMAL_SPECIAL && (high & DECIMAL_COEFFICIENT_HIGH) == 0 && low == 0;
    }

    /** Text in memory. Allocates. */
    static String utf8(MemorySegment memory, long offset, int length) {
        byte[] utf8 = new byte[length];
        MemorySegment.copy(memory, BYTE, offset, utf8, 0, length);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** A new cursor before the first element of the document or array that {@code cursor} stands on. */
    static BsonCursor inside(BsonCursor cursor) {
        return new BsonCursor().wrap(cursor.memory(), cursor.valueOffset(), cursor.valueLength());
    }

    /** Whether the value is a number that, without its fraction, is one of 64 bits. */
    static boolean fitsLong(byte type, MemorySegment memory, long value) {
        return switch (type) {
            case BsonType.INT32, BsonType.INT64 -> true;
            case BsonType.DOUBLE -> {
                double number = memory.get(DOUBLE, value);
                yield number >= -0x1p63 && number < 0x1p63;
            }
            case BsonType.DECIMAL128 -> WholeDecimal.fitsLong(memory.get(LONG, value + Long.BYTES),
                    memory.get(LONG, value));
            default -> false;
        };
    }

    /** Whether the value is a whole number of 64 bits. */
    static boolean isWhole(byte type, MemorySegment memory, long value) {
        if (!fitsLong(type, memory, value)) {
            return false;
        }
        return switch (type) {
            case BsonType.DOUBLE -> memory.get(DOUBLE, value) == (long) memory.get(DOUBLE, value);
            case BsonType.DECIMAL128 -> WholeDecimal.isExact(memory.get(LONG, value + Long.BYTES),
                    memory.get(LONG, value));
            default -> true;
        };
    }

    /** The number without its fraction; it must {@link #fitsLong}. */
    static long whole(byte type, MemorySegment memory, long value) {
        return switch (type) {
            case BsonType.INT32 -> memory.get(INT, value);
            case BsonType.INT64 -> memory.get(LONG, value);
            case BsonType.DOUBLE -> (long) memory.get(DOUBLE, value);
            default -> WholeDecimal.truncate(memory.get(LONG, value + Long.BYTES), memory.get(LONG, value));
        };
    }

    /** The whole number that an int32, int64 or double holds; {@code Long.MIN_VALUE} for any other value. */
    static long wholeOrMin(byte type, MemorySegment memory, long value) {
        return switch (type) {
            case BsonType.INT32 -> memory.get(INT, value);
            case BsonType.INT64 -> memory.get(LONG, value);
            case BsonType.DOUBLE -> {
                double number = memory.get(DOUBLE, value);
                yield number == Math.rint(number) && Math.abs(number) < 0x1p62 ? (long) number : Long.MIN_VALUE;
            }
            default -> Long.MIN_VALUE;
        };
    }
}
