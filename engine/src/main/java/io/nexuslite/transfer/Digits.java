package io.nexuslite.transfer;

/** Whole numbers as decimal text. */
final class Digits {
    /** Most bytes of a long. */
    static final int LENGTH_MAX = 20;

    private Digits() {
    }

    /** Writes {@code value} and returns the offset behind it. */
    static int write(long value, byte[] target, int offset) {
        int at = offset;
        if (value < 0) {
            target[at++] = '-';
        }
        int end = at + count(value);
        long rest = value;
        for (int i = end - 1; i >= at; i--) {
            target[i] = (byte) ('0' + Math.abs((int) (rest % 10))); // also right for Long.MIN_VALUE
            rest /= 10;
        }
        return end;
    }

    /** Writes {@code value}, not negative, with at least {@code width} digits, and returns the offset behind it. */
    static int writePadded(int value, int width, byte[] target, int offset) {
        int end = offset + Math.max(width, count(value));
        int rest = value;
        for (int i = end - 1; i >= offset; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    private static int count(long value) {
        int count = 1;
        for (long rest = value / 10; rest != 0; rest /= 10) {
            count++;
        }
        return count;
    }
}
