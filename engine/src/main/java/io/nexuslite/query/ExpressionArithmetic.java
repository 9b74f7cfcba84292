package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.error.InvalidQueryException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.bson.types.Decimal128;

/**
 * Arithmetic of expressions. The result has the widest type of all, from int32 over int64 and double to decimal; whole numbers
 * that 64 bits do not hold become doubles. One thread at a time.
 */
final class ExpressionArithmetic {
    private static final String ADD = "$add";
    private static final String SUBTRACT = "$subtract";
    private static final double HALF = 0.5;

    private final ExpressionValues values;
    /** What has been added or multiplied so far, by its type. */
    private byte type;
    private long whole;
    private double real;
    private Decimal128 decimal = Decimal128.POSITIVE_ZERO;

    ExpressionArithmetic(ExpressionValues values) {
        this.values = values;
    }

    /** Begins a sum with 0, or a product with 1. */
    void start(int neutral) {
        type = BsonType.INT32;
        whole = neutral;
        real = neutral;
    }

    /** Checks what a sum or product is to be made of. */
    void requireFoldable(int index, boolean isSum) {
        if (!values.isNumber(index) && !(isSum && values.type(index) == BsonType.DATE_TIME)) {
            throw wrongType(isSum ? "numbers and dates" : "numbers", index, isSum ? ADD : "$multiply");
        }
    }

    void add(int index) {
        byte found = values.type(index);
        if (found == BsonType.DATE_TIME || type == BsonType.DATE_TIME) {
            addToDate(index);
            return;
        }
        widen(found);
        if (type == BsonType.DECIMAL128) {
            decimal = Decimals.addNearest(decimal, values.decimal(index));
        } else if (type == BsonType.DOUBLE) {
            real += values.real(index);
        } else {
            long other = values.whole(index);
            long sum = whole + other;
            if (((whole ^ sum) & (other ^ sum)) < 0) {
                type = BsonType.DOUBLE;
                real = (double) whole + other;
            } else {
                whole = sum;
            }
        }
    }

    void multiply(int index) {
        byte before = type;
        type = widest(type, values.type(index));
        if (type == BsonType.DECIMAL128) {
            if (before != BsonType.DECIMAL128) {
                decimal = before == BsonType.DOUBLE ? Decimals.of(real) : new Decimal128(whole);
            }
            decimal = Decimals.multiplyNearest(decimal, values.decimal(index));
            return;
        }
        real *= values.real(index);
        if (type != BsonType.DOUBLE) {
            long other = values.whole(index);
            if (Math.multiplyHigh(whole, other) != whole * other >> Long.SIZE - 1) {
                type = BsonType.DOUBLE;
            } else {
                whole *= other;
            }
        }
    }

    /** Sets the value of a node to the sum or product. */
    void finish(int index) {
        switch (type) {
            case BsonType.INT32 -> setWhole(index, true, whole);
            case BsonType.INT64 -> setWhole(index, false, whole);
            case BsonType.DOUBLE -> values.setDouble(index, real);
            case BsonType.DECIMAL128 -> values.setDecimal(index, decimal);
            default -> values.setLong(index, BsonType.DATE_TIME, whole);
        }
    }

    private void setWhole(int index, boolean isNarrow, long value) {
        if (isNarrow && value == (int) value) {
            values.setInt(index, (int) value);
        } else {
            values.setLong(index, BsonType.INT64, value);
        }
    }

    private void widen(byte found) {
        byte before = type;
        type = widest(before, found);
        if (type == before) {
            return;
        }
        if (type == BsonType.DOUBLE) {
            real = whole;
        } else if (type == BsonType.DECIMAL128) {
            decimal = before == BsonType.DOUBLE ? Decimals.of(real) : new Decimal128(whole);
        }
    }

    private static byte widest(byte a, byte b) {
        return rank(a) >= rank(b) ? a : b;
    }

    private static int rank(byte type) {
        return switch (type) {
            case BsonType.INT32 -> 0;
            case BsonType.INT64 -> 1;
            case BsonType.DOUBLE -> 2;
            default -> 3;
        };
    }

    private void addToDate(int index) {
        if (values.type(index) != BsonType.DATE_TIME) {
            whole = addMillis(whole, toMillis(index, ADD), ADD);
            return;
        }
        if (type == BsonType.DATE_TIME) {
            throw new InvalidQueryException("expected one date, found two", "", ADD);
        }
        long before = switch (type) {
            case BsonType.DOUBLE -> toMillis(real, ADD);
            case BsonType.DECIMAL128 -> toMillis(decimal, ADD);
            default -> whole;
        };
        type = BsonType.DATE_TIME;
        whole = addMillis(before, values.millis(index), ADD);
    }

    private long toMillis(int index, String operator) {
        return switch (values.type(index)) {
            case BsonType.DOUBLE -> toMillis(values.real(index), operator);
            case BsonType.DECIMAL128 -> toMillis(values.decimal(index), operator);
            default -> values.whole(index);
        };
    }

    private static long toMillis(double number, String operator) {
        if (!(number >= -0x1p63 && number < 0x1p63)) {
            throw overflow(operator);
        }
        long cut = (long) number;
        double fraction = number - cut;
        return Math.abs(fraction) < HALF ? cut : cut + (fraction > 0 ? 1 : -1);
    }

    private static long toMillis(Decimal128 number, String operator) {
        if (!number.isFinite()) {
            throw overflow(operator);
        }
        BigDecimal exact = Decimals.finite(number);
        if (exact.precision() - (long) exact.scale() > 20) {
            throw overflow(operator);
        }
        try {
            return exact.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
        } catch (ArithmeticException e) {
            throw overflow(operator);
        }
    }

    private static long addMillis(long a, long b, String operator) {
        try {
            return Math.addExact(a, b);
        } catch (ArithmeticException e) {
            throw overflow(operator);
        }
    }

    void subtract(int index, int left, int right) {
        if (values.isNumber(left) && values.isNumber(right)) {
            subtractNumbers(index, left, right);
        } else if (values.isNothing(left) || values.isNothing(right)) {
            values.setNull(index);
        } else if (values.type(left) != BsonType.DATE_TIME) {
            throw wrongType("two numbers, or a date and a number or date", left, SUBTRACT);
        } else if (values.type(right) == BsonType.DATE_TIME) {
            values.setLong(index, BsonType.INT64, difference(values.millis(left), values.millis(right)));
        } else if (values.isNumber(right)) {
            values.setLong(index, BsonType.DATE_TIME, difference(values.millis(left), toMillis(right, SUBTRACT)));
        } else {
            throw wrongType("two numbers, or a date and a number or date", right, SUBTRACT);
        }
    }

    private static long difference(long left, long right) {
        try {
            return Math.subtractExact(left, right);
        } catch (ArithmeticException e) {
            throw overflow(SUBTRACT);
        }
    }

    private void subtractNumbers(int index, int left, int right) {
        byte widest = widest(values.type(left), values.type(right));
        if (widest == BsonType.DECIMAL128) {
            values.setDecimal(index, Decimals.addNearest(values.decimal(left), Decimals.negate(values.decimal(right))));
        } else if (widest == BsonType.DOUBLE) {
            values.setDouble(index, values.real(left) - values.real(right));
        } else {
            long a = values.whole(left);
            long b = values.whole(right);
            long result = a - b;
            if (((a ^ b) & (a ^ result)) < 0) {
                values.setDouble(index, (double) a - b);
            } else {
                setWhole(index, widest == BsonType.INT32, result);
            }
        }
    }

    void divide(int index, int left, int right) {
        if (!areNumbers(index, left, right, "$divide")) {
            return;
        }
        if (widest(values.type(left), values.type(right)) == BsonType.DECIMAL128) {
            Decimal128 divisor = values.decimal(right);
            requireNotZero(Decimals.isZero(divisor), "$divide");
            values.setDecimal(index, Decimals.divide(values.decimal(left), divisor));
        } else {
            double divisor = values.real(right);
            requireNotZero(divisor == 0, "$divide");
            values.setDouble(index, values.real(left) / divisor);
        }
    }

    void remainder(int index, int left, int right) {
        if (!areNumbers(index, left, right, "$mod")) {
            return;
        }
        byte widest = widest(values.type(left), values.type(right));
        if (widest == BsonType.DECIMAL128) {
            Decimal128 divisor = values.decimal(right);
            requireNotZero(Decimals.isZero(divisor), "$mod");
            values.setDecimal(index, Decimals.remainder(values.decimal(left), divisor));
        } else if (widest == BsonType.DOUBLE) {
            double divisor = values.real(right);
            requireNotZero(divisor == 0, "$mod");
            values.setDouble(index, values.real(left) % divisor);
        } else {
            long divisor = values.whole(right);
            requireNotZero(divisor == 0, "$mod");
            setWhole(index, widest == BsonType.INT32, values.whole(left) % divisor);
        }
    }

    /** Whether there is something to compute; if not, the value is null. */
    private boolean areNumbers(int index, int left, int right, String operator) {
        if (values.isNumber(left) && values.isNumber(right)) {
            return true;
        }
        if (!values.isNothing(left) && !values.isNothing(right)) {
            throw wrongType("numbers", values.isNumber(left) ? right : left, operator);
        }
        values.setNull(index);
        return false;
    }

    void abs(int index, int argument) {
        if (values.isNothing(argument)) {
            values.setNull(index);
            return;
        }
        switch (values.type(argument)) {
            case BsonType.INT32 -> setWhole(index, true, Math.abs(values.whole(argument)));
            case BsonType.INT64 -> {
                if (values.whole(argument) == Long.MIN_VALUE) {
                    throw overflow("$abs");
                }
                values.setLong(index, BsonType.INT64, Math.abs(values.whole(argument)));
            }
            case BsonType.DOUBLE -> values.setDouble(index, Math.abs(values.real(argument)));
            case BsonType.DECIMAL128 -> values.setDecimal(index, Decimals.abs(values.decimal(argument)));
            default -> throw wrongType("a number", argument, "$abs");
        }
    }

    private static void requireNotZero(boolean isZero, String operator) {
        if (isZero) {
            throw new InvalidQueryException("expected a divisor that is not zero, found zero", "", operator);
        }
    }

    private InvalidQueryException wrongType(String expected, int index, String operator) {
        return new InvalidQueryException("expected " + expected + ", found " + BsonType.alias(values.type(index)), "",
                operator);
    }

    private static InvalidQueryException overflow(String operator) {
        return new InvalidQueryException("expected a result of 64 bits, found an overflow", "", operator);
    }
}
