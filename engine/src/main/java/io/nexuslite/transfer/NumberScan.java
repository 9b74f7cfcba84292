package io.nexuslite.transfer;

/**
 * A number of JSON taken apart: sign, up to 19 digits as a long, power of ten.
 *
 * <p>A carrier to be reused; one thread at a time.
 */
final class NumberScan {
    /** Bytes of a number; more would make the exact ways slow, and no type holds so many digits. */
    static final int LENGTH_MAX = 1000;

    private static final int DIGITS_MAX = 19;
    /** Beyond every type, and far from the end of an int. */
    private static final int POWER_BOUND = 100_000;

    private int start;
    private int end;
    private long mantissa;
    private int power;
    private int digits;
    private boolean negative;
    private boolean cut;
    private boolean integer;

    /**
     * Reads the number at {@code from}; the text ends before a byte that is no part of a number.
     *
     * @return {@code null} if that is a number, else what was expected, at {@link #end}
     */
    String scan(byte[] text, int from) {
        start = from;
        mantissa = 0;
        power = 0;
        digits = 0;
        cut = false;
        integer = true;
        negative = text[from] == '-';
        int first = negative ? from + 1 : from;
        int at = digits(text, first, 0);
        if (at == first) {
            return failed(at, "expected a digit");
        }
        if (text[first] == '0' && at > first + 1) {
            return failed(first + 1, "expected no digit after a leading zero");
        }
        if (text[at] == '.') {
            integer = false;
            int point = at + 1;
            at = digits(text, point, 1);
            if (at == point) {
                return failed(at, "expected a digit");
            }
        }
        if ((text[at] | 0x20) == 'e') {
            integer = false;
            at = exponent(text, at + 1);
            if (at < 0) {
                return failed(~at, "expected a digit");
            }
        }
        end = at;
        return at - from > LENGTH_MAX ? failed(from, "expected at most 1000 bytes of a number, found more") : null;
    }

    int start() {
        return start;
    }

    /** First byte behind the number, or where it is wrong. */
    int end() {
        return end;
    }

    /** The first 19 digits that count, unsigned. */
    long mantissa() {
        return mantissa;
    }

    /** Power of ten that belongs to the mantissa. */
    int power() {
        return power;
    }

    boolean isNegative() {
        return negative;
    }

    /** Whether the mantissa lacks digits that are not zero. */
    boolean isCut() {
        return cut;
    }

    /** Whether there is neither point nor exponent. */
    boolean isInteger() {
        return integer;
    }

    private String failed(int at, String what) {
        end = at;
        return what;
    }

    /** Takes digits in; each moves the point {@code scale} places. */
    private int digits(byte[] text, int from, int scale) {
        int at = from;
        int digit;
        while ((digit = text[at] - '0') >= 0 && digit <= 9) {
            if (digits < DIGITS_MAX) {
                mantissa = mantissa * 10 + digit;
                digits += mantissa == 0 ? 0 : 1;
                power -= scale;
            } else {
                cut |= digit != 0;
                power += 1 - scale;
            }
            at++;
        }
        return at;
    }

    /** Takes an exponent in; returns its end, or the complement of where a digit lacks. */
    private int exponent(byte[] text, int from) {
        boolean minus = text[from] == '-';
        int first = minus || text[from] == '+' ? from + 1 : from;
        int at = first;
        int exponent = 0;
        int digit;
        while ((digit = text[at] - '0') >= 0 && digit <= 9) {
            exponent = Math.min(POWER_BOUND, exponent * 10 + digit);
            at++;
        }
        power += minus ? -exponent : exponent;
        return at == first ? ~at : at;
    }
}
