package io.nexuslite.query;

/** Decimals of 128 bits without their fraction, by the two words of their BID encoding. Allocates nothing. */
final class WholeDecimal {
    private static final long SPECIAL = 0x6000_0000_0000_0000L;
    private static final long INFINITY = 0x7800_0000_0000_0000L;
    private static final long COEFFICIENT_HIGH = 0x0001_FFFF_FFFF_FFFFL;
    private static final int EXPONENT_SHIFT = 49;
    private static final int EXPONENT_BITS = 0x3FFF;
    private static final int EXPONENT_BIAS = 6176;
    private static final int DIGITS_MAX = 34;
    private static final long WORD_LOW = 0xFFFF_FFFFL;
    /** No coefficient: one that is not canonical counts as zero. */
    private static final long COEFFICIENT_LIMIT_HIGH = 0x0001_ED09_BEAD_87C0L;
    private static final long COEFFICIENT_LIMIT_LOW = 0x378D_8E63_FFFF_FFFFL;

    private WholeDecimal() {
    }

    static boolean fitsLong(long high, long low) {
        if ((high & INFINITY) == INFINITY) {
            return false;
        }
        long magnitude = magnitude(high, low);
        return magnitude >= 0 || magnitude == Long.MIN_VALUE && high < 0;
    }

    /** The value without its fraction; it must {@link #fitsLong}. */
    static long truncate(long high, long low) {
        long magnitude = magnitude(high, low);
        return high < 0 ? -magnitude : magnitude;
    }

    /** Whether there is no fraction. */
    static boolean isExact(long high, long low) {
        long upper = upper(high, low);
        long lower = lower(high, low);
        for (int exponent = exponent(high); exponent < 0 && (upper | lower) != 0; exponent++) {
            if (remainder(upper, lower) != 0) {
                return false;
            }
            lower = quotientLow(upper, lower);
            upper = Long.divideUnsigned(upper, 10);
        }
        return true;
    }

    /** Without sign; a negative number if it has more than 63 bits, {@code Long.MIN_VALUE} for exactly 2^63. */
    private static long magnitude(long high, long low) {
        long upper = upper(high, low);
        long lower = lower(high, low);
        int exponent = exponent(high);
        for (; exponent < 0 && (upper | lower) != 0; exponent++) {
            lower = quotientLow(upper, lower);
            upper = Long.divideUnsigned(upper, 10);
        }
        if (upper != 0 || (lower != 0 && exponent > DIGITS_MAX)) {
            return -1;
        }
        for (; exponent > 0 && lower != 0; exponent--) {
            if (Math.unsignedMultiplyHigh(lower, 10) != 0) {
                return -1;
            }
            lower *= 10;
        }
        return lower < 0 && lower != Long.MIN_VALUE ? -1 : lower;
    }

    private static int exponent(long high) {
        return (int) (high >>> EXPONENT_SHIFT & EXPONENT_BITS) - EXPONENT_BIAS;
    }

    private static long upper(long high, long low) {
        return isCanonical(high, low) ? high & COEFFICIENT_HIGH : 0;
    }

    private static long lower(long high, long low) {
        return isCanonical(high, low) ? low : 0;
    }

    private static boolean isCanonical(long high, long low) {
        long upper = high & COEFFICIENT_HIGH;
        return (high & SPECIAL) != SPECIAL && (upper < COEFFICIENT_LIMIT_HIGH
                || upper == COEFFICIENT_LIMIT_HIGH && Long.compareUnsigned(low, COEFFICIENT_LIMIT_LOW) <= 0);
    }

    private static long remainder(long upper, long lower) {
        long rest = Long.remainderUnsigned(upper, 10) << 32 | lower >>> 32;
        return (rest % 10 << 32 | lower & WORD_LOW) % 10;
    }

    /** Lower word of a tenth, by halves, so that no step exceeds a word. */
    private static long quotientLow(long upper, long lower) {
        long first = Long.remainderUnsigned(upper, 10) << 32 | lower >>> 32;
        long second = first % 10 << 32 | lower & WORD_LOW;
        return first / 10 << 32 | second / 10;
    }
}
