package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.bson.types.Decimal128;

/** Arithmetic of 34 decimal digits. Allocates. */
final class Decimals {
    private static final int DIGITS_OF_DOUBLE = 15;
    private static final int SCALE_MAX = 6176;

    private Decimals() {
    }

    /** Any number as a decimal: a double by the 15 digits that it tells for sure. */
    static Decimal128 of(byte type, MemorySegment memory, long value) {
        return switch (type) {
            case BsonType.DECIMAL128 -> Decimal128.fromIEEE754BIDEncoding(memory.get(Values.LONG, value + Long.BYTES),
                    memory.get(Values.LONG, value));
            case BsonType.DOUBLE -> of(memory.get(Values.DOUBLE, value));
            default -> new Decimal128(Values.whole(type, memory, value));
        };
    }

    /** As {@link #of(byte, MemorySegment, long)}, of a double. */
    static Decimal128 of(double number) {
        if (Double.isNaN(number)) {
            return Decimal128.NaN;
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? Decimal128.POSITIVE_INFINITY : Decimal128.NEGATIVE_INFINITY;
        }
        if (number == 0) {
            return Decimal128.POSITIVE_ZERO;
        }
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(DIGITS_OF_DOUBLE, RoundingMode.HALF_EVEN));
        return new Decimal128(rounded.setScale(rounded.scale() + DIGITS_OF_DOUBLE - rounded.precision()));
    }

    /**
     * The sum.
     *
     * @throws NumberFormatException if no decimal can hold it
     */
    static Decimal128 add(Decimal128 left, Decimal128 right) {
        return left.isFinite() && right.isFinite()
                ? new Decimal128(finite(left).add(finite(right), MathContext.DECIMAL128))
                : special(signum(left) + signum(right));
    }

    /**
     * The product.
     *
     * @throws NumberFormatException if no decimal can hold it
     */
    static Decimal128 multiply(Decimal128 left, Decimal128 right) {
        return left.isFinite() && right.isFinite()
                ? new Decimal128(finite(left).multiply(finite(right), MathContext.DECIMAL128))
                : special(signum(left) * signum(right));
    }

    /** The quotient by a number that is not zero, or the infinite or zero that is nearest. */
    static Decimal128 divide(Decimal128 left, Decimal128 right) {
        if (left.isNaN() || right.isNaN() || left.isInfinite() && right.isInfinite()) {
            return Decimal128.NaN;
        }
        if (left.isInfinite()) {
            return special(signum(left) * signum(right));
        }
        return right.isInfinite()
                ? Decimal128.POSITIVE_ZERO
                : nearest(finite(left).divide(finite(right), MathContext.DECIMAL128));
    }

    /** What a division by a number that is not zero leaves, with the sign of the left. */
    static Decimal128 remainder(Decimal128 left, Decimal128 right) {
        if (!left.isFinite() || right.isNaN()) {
            return Decimal128.NaN;
        }
        return right.isInfinite() ? left : nearest(finite(left).remainder(finite(right)));
    }

    /** As {@link #add}, or the infinite or zero that is nearest. */
    static Decimal128 addNearest(Decimal128 left, Decimal128 right) {
        return left.isFinite() && right.isFinite()
                ? nearest(finite(left).add(finite(right), MathContext.DECIMAL128))
                : add(left, right);
    }

    /** As {@link #multiply}, or the infinite or zero that is nearest. */
    static Decimal128 multiplyNearest(Decimal128 left, Decimal128 right) {
        return left.isFinite() && right.isFinite()
                ? nearest(finite(left).multiply(finite(right), MathContext.DECIMAL128))
                : multiply(left, right);
    }

    static Decimal128 negate(Decimal128 value) {
        return Decimal128.fromIEEE754BIDEncoding(value.getHigh() ^ Long.MIN_VALUE, value.getLow());
    }

    static Decimal128 abs(Decimal128 value) {
        return Decimal128.fromIEEE754BIDEncoding(value.getHigh() & Long.MAX_VALUE, value.getLow());
    }

    static boolean isZero(Decimal128 value) {
        return value.isFinite() && finite(value).signum() == 0;
    }

    /** Java's decimals know no minus zero: the sign is put behind, and zeros keep their places after the point. */
    static BigDecimal finite(Decimal128 value) {
        BigDecimal magnitude = abs(value).bigDecimalValue();
        return value.isNegative() ? magnitude.negate() : magnitude;
    }

    private static Decimal128 nearest(BigDecimal exact) {
        BigDecimal rounded = exact.round(MathContext.DECIMAL128);
        try {
            return new Decimal128(rounded);
        } catch (NumberFormatException e) {
            if (rounded.scale() > SCALE_MAX) {
                return new Decimal128(rounded.setScale(SCALE_MAX, RoundingMode.HALF_EVEN));
            }
            return special(rounded.signum() * Double.POSITIVE_INFINITY);
        }
    }

    /** What counts of a number beside an infinite one. */
    private static double signum(Decimal128 value) {
        if (value.isNaN()) {
            return Double.NaN;
        }
        if (value.isInfinite()) {
            return value.isNegative() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return finite(value).signum();
    }

    private static Decimal128 special(double value) {
        if (Double.isNaN(value)) {
            return Decimal128.NaN;
        }
        return value > 0 ? Decimal128.POSITIVE_INFINITY : Decimal128.NEGATIVE_INFINITY;
    }
}
