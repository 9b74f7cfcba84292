package io.nexuslite.transfer;

/**
 * Decimal128 to text and back, exactly and without garbage. Decimals are in IEEE 754 BID encoding, upper and lower word.
 *
 * <p>A carrier to be reused; one thread at a time.
 */
final class DecimalText {
    /** Most bytes that {@link #format} writes. */
    static final int LENGTH_MAX = 48;

    private static final int DIGITS_MAX = 34;
    private static final int EXPONENT_MIN = -6176;
    private static final int EXPONENT_MAX = 6111;
    /** Beyond every exponent, and far from the end of an int. */
    private static final int EXPONENT_BOUND = 1_000_000;
    private static final int EXPONENT_SHIFT = 49;
    private static final long SIGN = 1L << 63;
    private static final long INFINITY = 0x7800000000000000L;
    private static final long NAN = 0x7C00000000000000L;
    private static final long LOW_32_BITS = 0xFFFFFFFFL;
    private static final int LIMB = 1_000_000_000;
    private static final int LIMB_DIGITS = 9;
    private static final int PLAIN_EXPONENT_MIN = -6;

    private long high;
    private long low;
    /** While parsing: digits that count, power of ten, and whether something was lost. */
    private int digits;
    private int exponent;
    private boolean lost;
    private final int[] limbs = new int[4];
    private final byte[] reversed = new byte[LENGTH_MAX];

    /**
     * Reads {@code text[from, to)}: a number as Java's {@code BigDecimal} takes it, {@code NaN}, {@code Infinity} or {@code Inf}
     * in any case, with or without sign.
     *
     * @return {@code null} if that is a decimal128, else what is wrong
     */
    String parse(byte[] text, int from, int to) {
        boolean negative = from < to && text[from] == '-';
        int first = negative || from < to && text[from] == '+' ? from + 1 : from;
        high = 0;
        low = 0;
        if (isWord(text, first, to, "nan")) {
            high = NAN;
        } else if (isWord(text, first, to, "infinity") || isWord(text, first, to, "inf")) {
            high = INFINITY;
        } else {
            String wrong = number(text, first, to);
            if (wrong != null) {
                return wrong;
            }
        }
        high |= negative ? SIGN : 0;
        return null;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    private static boolean isWord(byte[] text, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((text[from + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String number(byte[] text, int from, int to) {
        digits = 0;
        exponent = 0;
        lost = false;
        int at = from;
        int count = 0;
        int scale = 0;
        for (; at < to; at++) {
            byte c = text[at];
            if (c == '.' && scale == 0) {
                scale = 1;
            } else if (c >= '0' && c <= '9') {
                digit(c - '0', scale);
                count++;
            } else {
                break;
            }
        }
        if (count == 0 || at < to && !addExponent(text, at, to)) {
            return "expected a decimal number";
        }
        return lost || !clamp() ? "expected a number that decimal128 holds exactly" : null;
    }

    private void digit(int digit, int scale) {
        if (digits < DIGITS_MAX) {
            timesTenPlus(digit);
            digits += (high | low) == 0 ? 0 : 1;
            exponent -= scale;
        } else {
            lost |= digit != 0;
            exponent += 1 - scale;
        }
    }

    private boolean addExponent(byte[] text, int from, int to) {
        int at = from + 1;
        boolean minus = at < to && text[at] == '-';
        if (minus || at < to && text[at] == '+') {
            at++;
        }
        if ((text[from] | 0x20) != 'e' || at >= to) {
            return false;
        }
        int value = 0;
        for (; at < to; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = Math.min(EXPONENT_BOUND, value * 10 + digit);
        }
        exponent += minus ? -value : value;
        return true;
    }

    /** Brings the exponent into its range without a change of value, and puts the words together. */
    private boolean clamp() {
        if ((high | low) == 0) {
            exponent = Math.clamp(exponent, EXPONENT_MIN, EXPONENT_MAX);
        }
        if (exponent > EXPONENT_MAX && digits + (exponent - EXPONENT_MAX) > DIGITS_MAX
                || exponent < EXPONENT_MIN && EXPONENT_MIN - exponent >= digits) {
            return false;
        }
        for (; exponent > EXPONENT_MAX; exponent--) {
            timesTenPlus(0);
        }
        for (; exponent < EXPONENT_MIN; exponent++) {
            split();
            if (divide(10) != 0) {
                return false;
            }
            high = (long) limbs[3] << 32 | limbs[2] & LOW_32_BITS;
            low = (long) limbs[1] << 32 | limbs[0] & LOW_32_BITS;
        }
        high |= (long) (exponent - EXPONENT_MIN) << EXPONENT_SHIFT;
        return true;
    }

    private void timesTenPlus(int digit) {
        high = high * 10 + Math.unsignedMultiplyHigh(low, 10);
        long product = low * 10;
        low = product + digit;
        if (Long.compareUnsigned(low, product) < 0) {
            high++;
        }
    }

    /**
     * Writes a decimal as {@code org.bson.types.Decimal128.toString} does: plain where the exponent is at most 0 and the number
     * not below one millionth, else scientific.
     *
     * @return offset behind the text, at most {@value #LENGTH_MAX} on
     */
    int format(long high, long low, byte[] target, int offset) {
        int at = offset;
        if ((high & NAN) == NAN) {
            return word("NaN", target, at);
        }
        if (high < 0) {
            target[at++] = '-';
        }
        if ((high & NAN) == INFINITY) {
            return word("Infinity", target, at);
        }
        int power;
        if ((high & 3L << 61) == 3L << 61) { // a coefficient too large for 34 digits counts as 0
            this.high = 0;
            this.low = 0;
            power = (int) (high >>> 47 & 0x3FFF) + EXPONENT_MIN;
        } else {
            this.high = high & (1L << EXPONENT_SHIFT) - 1;
            this.low = low;
            power = (int) (high >>> EXPONENT_SHIFT & 0x3FFF) + EXPONENT_MIN;
        }
        int count = reversedDigits();
        int adjusted = power + count - 1;
        return power <= 0 && adjusted >= PLAIN_EXPONENT_MIN
                ? plain(count, -power, target, at)
                : scientific(count, adjusted, target, at);
    }

    private int plain(int count, int scale, byte[] target, int offset) {
        int at = offset;
        if (scale >= count) {
            target[at++] = '0';
            target[at++] = '.';
            for (int i = count; i < scale; i++) {
                target[at++] = '0';
            }
        }
        for (int i = count - 1; i >= 0; i--) {
            target[at++] = reversed[i];
            if (i == scale && i > 0) {
                target[at++] = '.';
            }
        }
        return at;
    }

    private int scientific(int count, int adjusted, byte[] target, int offset) {
        int at = offset;
        target[at++] = reversed[count - 1];
        if (count > 1) {
            target[at++] = '.';
            for (int i = count - 2; i >= 0; i--) {
                target[at++] = reversed[i];
            }
        }
        target[at++] = 'E';
        target[at++] = adjusted < 0 ? (byte) '-' : (byte) '+';
        return Digits.write(Math.abs(adjusted), target, at);
    }

    private static int word(String word, byte[] target, int offset) {
        for (int i = 0; i < word.length(); i++) {
            target[offset + i] = (byte) word.charAt(i);
        }
        return offset + word.length();
    }

    /** Digits of the coefficient, the last one first; at least one. */
    private int reversedDigits() {
        split();
        int count = 0;
        while (true) {
            int limb = divide(LIMB);
            boolean last = (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0;
            for (int i = 0; i < LIMB_DIGITS && (!last || limb > 0 || count == 0); i++) {
                reversed[count++] = (byte) ('0' + limb % 10);
                limb /= 10;
            }
            if (last) {
                return count;
            }
        }
    }

    private void split() {
        limbs[0] = (int) low;
        limbs[1] = (int) (low >>> 32);
        limbs[2] = (int) high;
        limbs[3] = (int) (high >>> 32);
    }

    /** Divides the limbs and returns the remainder. */
    private int divide(int divisor) {
        long rest = 0;
        for (int i = 3; i >= 0; i--) {
            long part = rest << 32 | limbs[i] & LOW_32_BITS;
            limbs[i] = (int) (part / divisor);
            rest = part % divisor;
        }
        return (int) rest;
    }
}
