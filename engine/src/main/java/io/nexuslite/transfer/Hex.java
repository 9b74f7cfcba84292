package io.nexuslite.transfer;

/** Hexadecimal digits. */
final class Hex {
    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e',
            'f'};

    private Hex() {
    }

    /** Value of a digit in either case, or -1. */
    static int digit(byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** The lower case digit of the lowest four bits. */
    static byte of(int value) {
        return DIGITS[value & 15];
    }
}
