package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.error.UpdateFailedException;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.bson.types.Decimal128;

/**
 * {@code $inc} and {@code $mul}. The result has the wider of both types; two int32 that overflow become an int64, an int64 that
 * overflows is refused. A missing field becomes the operand, or a zero of its type.
 */
record Arithmetic(String operator, Operand operand, String path) implements UpdateOperation {
    private static final int DIGITS_OF_DOUBLE = 15;

    private boolean isSum() {
        return operator.equals("$inc");
    }

    @Override
    public boolean creates(UpdateRun run) {
        return true;
    }

    @Override
    public void apply(byte type, MemorySegment memory, long value, int length, BsonWriter into, UpdateRun run) {
        byte other = operand.type();
        if (type == BsonType.NONE) {
            create(into);
        } else if (!BsonType.isNumber(type)) {
            throw UpdateOperation.wrongValue("a number", type, path, operator);
        } else if (type == BsonType.DECIMAL128 || other == BsonType.DECIMAL128) {
            into.decimal128(decimal(decimalOf(type, memory, value),
                    decimalOf(other, operand.memory(), operand.offset())));
        } else if (type == BsonType.DOUBLE || other == BsonType.DOUBLE) {
            double left = doubleOf(type, memory, value);
            double right = doubleOf(other, operand.memory(), operand.offset());
            into.doubleValue(isSum() ? left + right : left * right);
        } else {
            whole(Values.whole(type, memory, value), Values.whole(other, operand.memory(), operand.offset()),
                    type == BsonType.INT32 && other == BsonType.INT32, into);
        }
    }

    private void create(BsonWriter into) {
        if (isSum()) {
            into.value(operand.type(), operand.memory(), operand.offset(), operand.length());
            return;
        }
        switch (operand.type()) {
            case BsonType.INT32 -> into.int32(0);
            case BsonType.INT64 -> into.int64(0);
            case BsonType.DOUBLE -> into.doubleValue(0);
            default -> into.decimal128(Decimal128.POSITIVE_ZERO);
        }
    }

    private void whole(long left, long right, boolean isNarrow, BsonWriter into) {
        long result;
        try {
            result = isSum() ? Math.addExact(left, right) : Math.multiplyExact(left, right);
        } catch (ArithmeticException e) {
            throw new UpdateFailedException("expected a result of 64 bits, found an overflow", path, operator);
        }
        if (isNarrow && result == (int) result) {
            into.int32((int) result);
        } else {
            into.int64(result);
        }
    }

    private static double doubleOf(byte type, MemorySegment memory, long value) {
        return type == BsonType.DOUBLE ? memory.get(Values.DOUBLE, value) : Values.whole(type, memory, value);
    }

    private static Decimal128 decimalOf(byte type, MemorySegment memory, long value) {
        if (type == BsonType.DECIMAL128) {
            return Decimal128.fromIEEE754BIDEncoding(memory.get(Values.LONG, value + Long.BYTES),
                    memory.get(Values.LONG, value));
        }
        if (type != BsonType.DOUBLE) {
            return new Decimal128(Values.whole(type, memory, value));
        }
        double number = memory.get(Values.DOUBLE, value);
        if (Double.isNaN(number)) {
            return Decimal128.NaN;
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? Decimal128.POSITIVE_INFINITY : Decimal128.NEGATIVE_INFINITY;
        }
        if (number == 0) {
            return Decimal128.POSITIVE_ZERO;
        }
        // A double tells 15 digits for sure, and all of them are kept.
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(DIGITS_OF_DOUBLE, RoundingMode.HALF_EVEN));
        return new Decimal128(rounded.setScale(rounded.scale() + DIGITS_OF_DOUBLE - rounded.precision()));
    }

    private Decimal128 decimal(Decimal128 left, Decimal128 right) {
        if (!left.isFinite() || !right.isFinite()) {
            double result = isSum()
                    ? sign(left) + sign(right)
                    : sign(left) * sign(right);
            return Double.isNaN(result)
                    ? Decimal128.NaN
                    : result > 0 ? Decimal128.POSITIVE_INFINITY : Decimal128.NEGATIVE_INFINITY;
        }
        BigDecimal first = finite(left);
        BigDecimal second = finite(right);
        try {
            return new Decimal128(isSum()
                    ? first.add(second, MathContext.DECIMAL128)
                    : first.multiply(second, MathContext.DECIMAL128));
        } catch (NumberFormatException e) {
            throw new UpdateFailedException("expected a result that a decimal can hold, found another", path, operator);
        }
    }

    /** What counts of a number beside an infinite one. */
    private static double sign(Decimal128 value) {
        if (value.isNaN()) {
            return Double.NaN;
        }
        if (value.isInfinite()) {
            return value.isNegative() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return finite(value).signum();
    }

    /** Java's decimals know no minus zero: the sign is put behind, and zeros keep their places after the point. */
    private static BigDecimal finite(Decimal128 value) {
        BigDecimal magnitude = Decimal128.fromIEEE754BIDEncoding(value.getHigh() & Long.MAX_VALUE, value.getLow())
                .bigDecimalValue();
        return value.isNegative() ? magnitude.negate() : magnitude;
    }
}
