package io.nexuslite.transfer;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Decimal text to the nearest double, bit for bit what {@link Double#parseDouble} gives, and without its garbage.
 *
 * <p>Small numbers are one exact multiplication or division (Clinger, "How to read floating point numbers accurately", 1990). The
 * rest are a product with a 128-bit power of five (Lemire, "Number parsing at a gigabyte per second", 2021, section 5 and 6), and
 * where that cannot decide, which is with more than 19 digits and seldom then, the JDK decides.
 */
final class DoubleText {
    private static final int SMALLEST_POWER = -342;
    private static final int LARGEST_POWER = 308;
    private static final int EXACT_POWER_MAX = 22;
    private static final int EXACT_MANTISSA_BITS = 53;
    private static final double[] EXACT_POWERS = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
            1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

    private static final int MANTISSA_BITS = 52;
    private static final int EXPONENT_INFINITE = 0x7FF;
    /** No double: the product could not decide. */
    private static final long UNDECIDED = -1;

    private DoubleText() {
    }

    /** Powers of five, normalized to 128 bits: upper and lower word in turn. Made when first needed, a matter of a millisecond. */
    private static final class Powers {
        static final long[] WORDS = words();

        private static long[] words() {
            long[] words = new long[2 * (LARGEST_POWER - SMALLEST_POWER + 1)];
            for (int power = SMALLEST_POWER; power <= LARGEST_POWER; power++) {
                BigInteger value = power < 0 ? reciprocal(-power) : BigInteger.valueOf(5).pow(power);
                int excess = value.bitLength() - 128;
                BigInteger top = excess > 0 ? value.shiftRight(excess) : value.shiftLeft(-excess);
                int index = 2 * (power - SMALLEST_POWER);
                words[index] = top.shiftRight(64).longValue();
                words[index + 1] = top.longValue();
            }
            return words;
        }

        private static BigInteger reciprocal(int power) {
            BigInteger divisor = BigInteger.valueOf(5).pow(power);
            int bits = divisor.subtract(BigInteger.ONE).bitLength();
            int shift = power <= 27 ? bits + 127 : 2 * bits + 128;
            return BigInteger.ONE.shiftLeft(shift).divide(divisor).add(BigInteger.ONE);
        }
    }

    /**
     * The double nearest to a number as a {@link NumberScan} has read it; infinite if the number is too large for any.
     */
    static double parse(NumberScan scan, byte[] text) {
        long mantissa = scan.mantissa();
        int power = scan.power();
        double magnitude;
        if (mantissa == 0) {
            magnitude = 0; // a scan that left digits away has kept 19 others, the first of which is not zero
        } else if (!scan.isCut() && mantissa >>> EXACT_MANTISSA_BITS == 0 && power >= -EXACT_POWER_MAX
                && power <= EXACT_POWER_MAX) {
            magnitude = power < 0 ? mantissa / EXACT_POWERS[-power] : mantissa * EXACT_POWERS[power];
        } else {
            long bits = nearest(mantissa, power);
            if (scan.isCut() && bits != nearest(mantissa + 1, power)) {
                bits = UNDECIDED;
            }
            magnitude = bits == UNDECIDED ? parseSlow(text, scan) : Double.longBitsToDouble(bits);
        }
        return scan.isNegative() ? -magnitude : magnitude;
    }

    private static double parseSlow(byte[] text, NumberScan scan) {
        String number = new String(text, scan.start(), scan.end() - scan.start(), StandardCharsets.ISO_8859_1);
        return Math.abs(Double.parseDouble(number));
    }

    /** Bits of the double nearest to {@code mantissa}, unsigned and not 0, times ten to the {@code power}. */
    private static long nearest(long mantissa, int power) {
        if (power < SMALLEST_POWER) {
            return 0;
        }
        if (power > LARGEST_POWER) {
            return (long) EXPONENT_INFINITE << MANTISSA_BITS;
        }
        int zeros = Long.numberOfLeadingZeros(mantissa);
        long normalized = mantissa << zeros;
        int index = 2 * (power - SMALLEST_POWER);
        long factor = Powers.WORDS[index];
        long high = Math.unsignedMultiplyHigh(normalized, factor);
        long low = normalized * factor;
        if ((high & 0x1FF) == 0x1FF) { // the bits below the 55 that matter could still carry
            long carry = Math.unsignedMultiplyHigh(normalized, Powers.WORDS[index + 1]);
            low += carry;
            if (Long.compareUnsigned(low, carry) < 0) {
                high++;
            }
        }
        if (low == -1 && (power < -27 || power > 55)) {
            return UNDECIDED;
        }
        int upper = (int) (high >>> 63);
        int shift = upper + 64 - MANTISSA_BITS - 3;
        long digits = high >>> shift;
        int exponent = (int) (((152170L + 65536) * power) >> 16) + 63 + upper - zeros + 1023;
        if (exponent <= 0) {
            return subnormal(digits, exponent);
        }
        if (Long.compareUnsigned(low, 1) <= 0 && power >= -4 && power <= 23 && (digits & 3) == 1
                && digits << shift == high) {
            digits &= ~1L; // exactly half way: to even
        }
        digits = digits + (digits & 1) >>> 1;
        if (digits >= 2L << MANTISSA_BITS) {
            digits = 1L << MANTISSA_BITS;
            exponent++;
        }
        if (exponent >= EXPONENT_INFINITE) {
            return (long) EXPONENT_INFINITE << MANTISSA_BITS;
        }
        return (long) exponent << MANTISSA_BITS | digits & (1L << MANTISSA_BITS) - 1;
    }

    private static long subnormal(long digits, int exponent) {
        if (1 - exponent >= Long.SIZE) {
            return 0;
        }
        long shifted = digits >>> 1 - exponent;
        return shifted + (shifted & 1) >>> 1; // rounding up to the least normal number gives its bits
    }
}
