package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;
import static io.nexuslite.bson.BsonBytes.LONG_BE;

import java.lang.foreign.MemorySegment;

/**
 * Numbers in key strings: int32, int64, double and decimal128 in one order, by exact value.
 *
 * <p>By magnitude there are three classes, each with a tag, and everything behind the tag of a negative number is inverted:
 * <ul>
 * <li><b>whole part from 1 to 2^63 − 1</b>: the tag tells the bytes of {@code whole << 1 | f}, which follow. If there is a
 * fraction, f is 1, and 7 bytes follow: the first 52 bits of the fraction, then a bit c, then three zeros;</li>
 * <li><b>below 1</b>: 8 bytes, the bits of the double next towards zero, shifted left by 2, plus c;</li>
 * <li><b>from 2^63 on</b>: 8 bytes, the bits of the double next towards zero, shifted left by 1, plus c.</li>
 * </ul>
 * If c is 1, the number is a decimal128 that lies between what these bytes say and the next number they could say. All such
 * decimals are told apart by what follows then: two bytes with the power of ten of the first digit, plus {@value #POWER_BIAS};
 * and the digits in pairs, each byte a pair times two, plus one if another pair follows. Trailing zeros do not count, so that the
 * bytes depend on the value alone. NaN, the infinities and zero are a tag each; a zero has no sign, a NaN no payload.
 *
 * <p>Stateless. Methods put the bytes at {@code at} and return their end, or {@link KeyString#TOO_LONG}.
 */
final class KeyNumber {
    static final byte NOT_A_NUMBER = KeyString.NUMBER_FIRST;
    static final byte NEGATIVE_INFINITY = 0x21;
    static final byte NEGATIVE_HUGE = 0x22;
    /** Whole part of eight bytes; with fewer bytes up to {@code 0x2A}. */
    static final byte NEGATIVE_WHOLE_8 = 0x23;
    static final byte NEGATIVE_SMALL = 0x2B;
    static final byte ZERO = 0x2C;
    static final byte SMALL = 0x2D;
    /** Whole part of one byte; with more bytes up to {@code 0x35}. */
    static final byte WHOLE_1 = 0x2E;
    static final byte HUGE = 0x36;
    static final byte INFINITY = KeyString.NUMBER_LAST;

    static final int FRACTION_BITS = 52;
    static final int POWER_BIAS = 8192;

    private static final double TWO_POW_63 = 0x1p63;
    private static final double TWO_POW_52 = 0x1p52;
    /** Where c stands behind a fraction. */
    private static final int FRACTION_SHIFT = 4;
    private static final int FRACTION_MORE = 8;
    private static final int FRACTION_SIZE = 7;

    private static final long DECIMAL_SPECIAL = 0x7800000000000000L;
    private static final long DECIMAL_NAN = 0x7C00000000000000L;
    private static final long DECIMAL_LARGE = 0x6000000000000000L;
    private static final int DECIMAL_EXPONENT_SHIFT = 49;
    private static final int DECIMAL_EXPONENT_MASK = 0x3FFF;
    private static final int DECIMAL_EXPONENT_BIAS = 6176;
    private static final long DECIMAL_HIGH_MASK = (1L << DECIMAL_EXPONENT_SHIFT) - 1;
    /** 10^34, one more than the largest coefficient. */
    private static final long TEN_POW_34_HIGH = 0x1ED09BEAD87C0L;
    private static final long TEN_POW_34_LOW = 0x378D8E6400000000L;

    private static final long[] POWERS_OF_TEN = new long[19];

    static {
        POWERS_OF_TEN[0] = 1;
        for (int i = 1; i < POWERS_OF_TEN.length; i++) {
            POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
        }
    }

    private KeyNumber() {
    }

    static long putInt64(long value, MemorySegment target, long at, long end) {
        if (value == 0) {
            return KeyString.putTag(ZERO, target, at, end);
        }
        if (value == Long.MIN_VALUE) {
            return putHuge(true, Double.doubleToRawLongBits(TWO_POW_63), false, target, at, end);
        }
        return putWhole(value < 0, Math.abs(value) << 1, target, at, end);
    }

    static long putDouble(double value, MemorySegment target, long at, long end) {
        if (value == 0) {
            return KeyString.putTag(ZERO, target, at, end);
        }
        double magnitude = Math.abs(value);
        boolean negative = value < 0;
        if (magnitude < 1) {
            return putSmall(negative, Double.doubleToRawLongBits(magnitude), false, target, at, end);
        }
        if (magnitude < TWO_POW_63) {
            long whole = (long) magnitude;
            double fraction = magnitude - whole; // exact: from 2^53 on there is none
            if (fraction == 0) {
                return putWhole(negative, whole << 1, target, at, end);
            }
            long next = putWhole(negative, whole << 1 | 1, target, at, end);
            return putFraction(negative, (long) (fraction * TWO_POW_52), false, target, next, end);
        }
        if (magnitude <= Double.MAX_VALUE) {
            return putHuge(negative, Double.doubleToRawLongBits(magnitude), false, target, at, end);
        }
        return KeyString.putTag(special(Double.isNaN(value), negative), target, at, end);
    }

    static long putDecimal128(long high, long low, MemorySegment target, long at, long end) {
        boolean negative = high < 0;
        if ((high & DECIMAL_SPECIAL) == DECIMAL_SPECIAL) {
            return KeyString.putTag(special((high & DECIMAL_NAN) == DECIMAL_NAN, negative), target, at, end);
        }
        long coefficientHigh = high & DECIMAL_HIGH_MASK;
        // IEEE 754-2008, 3.5.2: a coefficient out of range counts as zero; so does every one of the second, large form.
        if ((high & DECIMAL_LARGE) == DECIMAL_LARGE || (coefficientHigh | low) == 0
                || isTooLarge(coefficientHigh, low)) {
            return KeyString.putTag(ZERO, target, at, end);
        }
        int exponent = (int) (high >>> DECIMAL_EXPONENT_SHIFT & DECIMAL_EXPONENT_MASK) - DECIMAL_EXPONENT_BIAS;
        if (coefficientHigh == 0 && low > 0) {
            return putShortDecimal(negative, low, exponent, target, at, end);
        }
        return KeyDecimal.put(negative, coefficientHigh, low, exponent, target, at, end);
    }

    private static boolean isTooLarge(long coefficientHigh, long low) {
        return coefficientHigh > TEN_POW_34_HIGH
                || coefficientHigh == TEN_POW_34_HIGH && Long.compareUnsigned(low, TEN_POW_34_LOW) >= 0;
    }

    private static byte special(boolean nan, boolean negative) {
        return nan ? NOT_A_NUMBER : negative ? NEGATIVE_INFINITY : INFINITY;
    }

    /** A coefficient in a long; what lies outside of long arithmetic goes on to {@link KeyDecimal}. */
    private static long putShortDecimal(boolean negative, long coefficient, int exponent, MemorySegment target, long at,
            long end) {
        long digits = coefficient;
        int power = exponent;
        while (power < 0 && digits % 10 == 0) {
            digits /= 10;
            power++;
        }
        while (power > 0 && digits <= Long.MAX_VALUE / 10) {
            digits *= 10;
            power--;
        }
        if (power == 0) {
            return putWhole(negative, digits << 1, target, at, end);
        }
        if (power > 0 || -power >= POWERS_OF_TEN.length) {
            return KeyDecimal.put(negative, 0, coefficient, exponent, target, at, end);
        }
        long one = POWERS_OF_TEN[-power];
        long whole = digits / one;
        long rest = digits % one; // not 0, and twice it fits a long
        long next;
        if (whole == 0) {
            int zeros = 0;
            while (rest < one) {
                rest <<= 1;
                zeros++;
            }
            rest -= one;
            long mantissa = 0;
            for (int i = 0; i < FRACTION_BITS; i++) {
                rest <<= 1;
                mantissa <<= 1;
                if (rest >= one) {
                    mantissa |= 1;
                    rest -= one;
                }
            }
            long bits = (long) (Double.MAX_EXPONENT - zeros) << FRACTION_BITS | mantissa;
            next = putSmall(negative, bits, rest != 0, target, at, end);
        } else {
            long fraction = 0;
            for (int i = 0; i < FRACTION_BITS; i++) {
                rest <<= 1;
                fraction <<= 1;
                if (rest >= one) {
                    fraction |= 1;
                    rest -= one;
                }
            }
            next = putWhole(negative, whole << 1 | 1, target, at, end);
            next = putFraction(negative, fraction, rest != 0, target, next, end);
        }
        return rest == 0 ? next : putDigits(negative, digits, power, target, next, end);
    }

    /** Digits of a decimal that does not end in zero. */
    private static long putDigits(boolean negative, long digits, int power, MemorySegment target, long start,
            long end) {
        int count = 1;
        while (count < POWERS_OF_TEN.length && digits >= POWERS_OF_TEN[count]) {
            count++;
        }
        long at = putPower(negative, count - 1 + power, target, start, end);
        long rest = digits;
        while (rest != 0) {
            int pair;
            if (count == 1) {
                pair = (int) rest * 10;
                rest = 0;
            } else {
                count -= 2;
                pair = (int) (rest / POWERS_OF_TEN[count]);
                rest %= POWERS_OF_TEN[count];
            }
            at = putPair(negative, pair, rest != 0, target, at, end);
        }
        return at;
    }

    static long putPower(boolean negative, int power, MemorySegment target, long at, long end) {
        int biased = negative ? ~(power + POWER_BIAS) : power + POWER_BIAS;
        return KeyString.putTag((byte) biased, target, KeyString.putTag((byte) (biased >> 8), target, at, end), end);
    }

    static long putPair(boolean negative, int pair, boolean more, MemorySegment target, long at, long end) {
        int value = pair << 1 | (more ? 1 : 0);
        return KeyString.putTag((byte) (negative ? ~value : value), target, at, end);
    }

    /** @param shifted whole part, shifted left by one, plus 1 if a fraction follows; at least 2, unsigned */
    static long putWhole(boolean negative, long shifted, MemorySegment target, long at, long end) {
        int bytes = 71 - Long.numberOfLeadingZeros(shifted) >>> 3;
        long word = shifted << (Long.BYTES - bytes << 3);
        int tag = WHOLE_1 - 1 + bytes;
        if (negative) {
            word = ~word;
            tag = NEGATIVE_WHOLE_8 + Long.BYTES - bytes;
        }
        if (at < 0 || end - at <= bytes) {
            return KeyString.TOO_LONG;
        }
        target.set(BYTE, at, (byte) tag);
        if (end - at > Long.BYTES) {
            target.set(LONG_BE, at + 1, word);
        } else {
            putTop(word, bytes, target, at + 1);
        }
        return at + 1 + bytes;
    }

    /** @param fraction first {@value #FRACTION_BITS} bits behind the point */
    static long putFraction(boolean negative, long fraction, boolean more, MemorySegment target, long at, long end) {
        long bits = fraction << FRACTION_SHIFT | (more ? FRACTION_MORE : 0);
        if (at < 0 || end - at < FRACTION_SIZE) {
            return KeyString.TOO_LONG;
        }
        putTop((negative ? ~bits : bits) << 8, FRACTION_SIZE, target, at);
        return at + FRACTION_SIZE;
    }

    static long putSmall(boolean negative, long doubleBits, boolean more, MemorySegment target, long at, long end) {
        return putBits(negative ? NEGATIVE_SMALL : SMALL, negative, doubleBits << 2 | (more ? 1 : 0), target, at, end);
    }

    static long putHuge(boolean negative, long doubleBits, boolean more, MemorySegment target, long at, long end) {
        return putBits(negative ? NEGATIVE_HUGE : HUGE, negative, doubleBits << 1 | (more ? 1 : 0), target, at, end);
    }

    private static long putBits(byte tag, boolean negative, long bits, MemorySegment target, long at, long end) {
        if (at < 0 || end - at <= Long.BYTES) {
            return KeyString.TOO_LONG;
        }
        target.set(BYTE, at, tag);
        target.set(LONG_BE, at + 1, negative ? ~bits : bits);
        return at + 1 + Long.BYTES;
    }

    private static void putTop(long word, int bytes, MemorySegment target, long at) {
        long rest = word;
        for (int i = 0; i < bytes; i++) {
            target.set(BYTE, at + i, (byte) (rest >>> 56));
            rest <<= 8;
        }
    }
}
