package io.nexuslite.bson;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/**
 * Decimals in key strings that long arithmetic cannot hold: many digits, or far from 1. Allocates.
 *
 * <p>Form: {@link KeyNumber}. The numbers in here have at most 34 digits and, once those out of the range of a double have been
 * set apart, at most some 1,200 bits.
 */
final class KeyDecimal {
    /** The smallest double above 0 is 2^−1074 = 4.9E−324. */
    private static final int UNIT_BITS = 1074;
    private static final int SMALLEST_POWER = -324;
    private static final int LARGEST_POWER = 308;
    private static final int DOUBLE_BITS = 53;
    /** 2^63 has 19 digits. */
    private static final int HUGE_POWER = 18;

    private KeyDecimal() {
    }

    /** The number is {@code (high << 64 | low) · 10^exponent}, not 0. */
    static long put(boolean negative, long high, long low, int exponent, MemorySegment target, long at, long end) {
        BigInteger coefficient = BigInteger.valueOf(high).shiftLeft(Long.SIZE)
                .or(BigInteger.valueOf(low).and(BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE)));
        String digits = coefficient.toString();
        int power = digits.length() - 1 + exponent;
        if (power < 0) {
            return putSmall(negative, coefficient, exponent, power, digits, target, at, end);
        }
        if (power > LARGEST_POWER) {
            long next = KeyNumber.putHuge(negative, Double.doubleToRawLongBits(Double.MAX_VALUE), true, target, at,
                    end);
            return putDigits(negative, digits, power, target, next, end);
        }
        BigInteger one = BigInteger.TEN.pow(Math.max(0, -exponent));
        BigInteger[] parts = coefficient.multiply(BigInteger.TEN.pow(Math.max(0, exponent))).divideAndRemainder(one);
        if (power > HUGE_POWER || parts[0].bitLength() >= Long.SIZE) {
            return putHuge(negative, parts[0], parts[1].signum() != 0, power, digits, target, at, end);
        }
        long whole = parts[0].longValueExact() << 1;
        if (parts[1].signum() == 0) {
            return KeyNumber.putWhole(negative, whole, target, at, end);
        }
        BigInteger[] fraction = parts[1].shiftLeft(KeyNumber.FRACTION_BITS).divideAndRemainder(one);
        boolean more = fraction[1].signum() != 0;
        long next = KeyNumber.putWhole(negative, whole | 1, target, at, end);
        next = KeyNumber.putFraction(negative, fraction[0].longValueExact(), more, target, next, end);
        return more ? putDigits(negative, digits, power, target, next, end) : next;
    }

    private static long putHuge(boolean negative, BigInteger whole, boolean fraction, int power, String digits,
            MemorySegment target, long at, long end) {
        int length = whole.bitLength();
        boolean beyond = length > Double.MAX_EXPONENT + 1;
        int dropped = length - DOUBLE_BITS;
        boolean more = beyond || fraction || whole.getLowestSetBit() < dropped;
        long bits = beyond
                ? Double.doubleToRawLongBits(Double.MAX_VALUE)
                : doubleBits(whole.shiftRight(dropped).longValueExact(), length - 1 + Double.MAX_EXPONENT);
        long next = KeyNumber.putHuge(negative, bits, more, target, at, end);
        return more ? putDigits(negative, digits, power, target, next, end) : next;
    }

    private static long putSmall(boolean negative, BigInteger coefficient, int exponent, int power, String digits,
            MemorySegment target, long at, long end) {
        long bits = 0;
        boolean more = true;
        if (power >= SMALLEST_POWER) {
            // In units of the smallest double every double below 1 is a whole number.
            BigInteger[] units = coefficient.shiftLeft(UNIT_BITS).divideAndRemainder(BigInteger.TEN.pow(-exponent));
            int dropped = units[0].bitLength() - DOUBLE_BITS;
            more = units[1].signum() != 0 || dropped > 0 && units[0].getLowestSetBit() < dropped;
            bits = dropped < 0
                    ? units[0].longValueExact() // subnormal, or the first bit alone makes the exponent 1
                    : doubleBits(units[0].shiftRight(dropped).longValueExact(), dropped + 1);
        }
        long next = KeyNumber.putSmall(negative, bits, more, target, at, end);
        return more ? putDigits(negative, digits, power, target, next, end) : next;
    }

    /** @param significand 53 bits, the first of them set */
    private static long doubleBits(long significand, int biasedExponent) {
        long mask = (1L << DOUBLE_BITS - 1) - 1;
        return (long) biasedExponent << DOUBLE_BITS - 1 | significand & mask;
    }

    private static long putDigits(boolean negative, String digits, int power, MemorySegment target, long start,
            long end) {
        int length = digits.length();
        while (digits.charAt(length - 1) == '0') {
            length--;
        }
        long at = KeyNumber.putPower(negative, power, target, start, end);
        for (int i = 0; i < length; i += 2) {
            int pair = 10 * (digits.charAt(i) - '0') + (i + 1 < length ? digits.charAt(i + 1) - '0' : 0);
            at = KeyNumber.putPair(negative, pair, i + 2 < length, target, at, end);
        }
        return at;
    }
}
