package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.error.UpdateFailedException;
import java.lang.foreign.MemorySegment;
import org.bson.types.Decimal128;

/**
 * {@code $inc} and {@code $mul}. The result has the wider of both types; two int32 that overflow become an int64, an int64 that
 * overflows is refused. A missing field becomes the operand, or a zero of its type.
 */
record Arithmetic(String operator, Operand operand, String path) implements UpdateOperation {
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
            into.decimal128(decimal(Decimals.of(type, memory, value),
                    Decimals.of(other, operand.memory(), operand.offset())));
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

    private Decimal128 decimal(Decimal128 left, Decimal128 right) {
        try {
            return isSum() ? Decimals.add(left, right) : Decimals.multiply(left, right);
        } catch (NumberFormatException e) {
            throw new UpdateFailedException("expected a result that a decimal can hold, found another", path, operator);
        }
    }
}
