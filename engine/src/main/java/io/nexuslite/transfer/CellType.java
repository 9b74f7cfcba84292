package io.nexuslite.transfer;

/** Tells what the text of a cell looks like. A carrier to be reused; one thread at a time. */
final class CellType {
    private static final int LONG_DIGITS = 18;
    /** Least length of an instant: {@code 2026-01-01T00:00Z}. */
    private static final int INSTANT_LENGTH_MIN = 17;
    private static final int INSTANT_LENGTH_MAX = 45;

    private final NumberScan number = new NumberScan();
    private long integer;

    /**
     * The type of {@code text[from, to)}, behind which stands a byte that is no part of a number, and {@link JsonText#SLACK} more.
     *
     * @return STRING, BOOLEAN, DATE, DOUBLE (in {@link #number}), INT64 (in {@link #integer}), or DECIMAL for a whole number that
     *     needs another look
     */
    ColumnType of(byte[] text, int from, int to) {
        if (from == to) {
            return ColumnType.STRING;
        }
        byte first = text[from];
        if (first == '-' || first >= '0' && first <= '9') {
            return numeric(text, from, to);
        }
        return isWord(text, from, to, "true") || isWord(text, from, to, "false")
                ? ColumnType.BOOLEAN
                : ColumnType.STRING;
    }

    long integer() {
        return integer;
    }

    NumberScan number() {
        return number;
    }

    private ColumnType numeric(byte[] text, int from, int to) {
        boolean negative = text[from] == '-';
        int first = negative ? from + 1 : from;
        int at = first;
        long value = 0;
        int digit;
        while (at < to && (digit = text[at] - '0') >= 0 && digit <= 9) {
            value = value * 10 + digit;
            at++;
        }
        int digits = at - first;
        if (at == to && digits > 0 && digits <= LONG_DIGITS && (text[first] != '0' || digits == 1)) {
            integer = negative ? -value : value;
            return ColumnType.INT64;
        }
        int length = to - from;
        if (at < to && text[at] == '-' && length >= INSTANT_LENGTH_MIN && length <= INSTANT_LENGTH_MAX) {
            return IsoDate.parse(text, from, to) == IsoDate.INVALID ? ColumnType.STRING : ColumnType.DATE;
        }
        if (number.scan(text, from) != null || number.end() != to) {
            return ColumnType.STRING;
        }
        if (number.isInteger()) {
            return ColumnType.DECIMAL;
        }
        return Double.isInfinite(DoubleText.parse(number, text)) ? ColumnType.STRING : ColumnType.DOUBLE;
    }

    /** Whether the text is the word, in lower case, upper case, or with a capital. */
    static boolean isWord(byte[] text, int from, int to, String word) {
        int length = word.length();
        if (to - from != length) {
            return false;
        }
        boolean capital = text[from] < 'a';
        boolean upper = length > 1 && text[from + 1] < 'a';
        for (int i = 0; i < length; i++) {
            int expected = word.charAt(i) - (i == 0 && capital || i > 0 && upper ? 'a' - 'A' : 0);
            if (text[from + i] != expected) {
                return false;
            }
        }
        return capital || !upper;
    }
}
