package io.nexuslite.transfer;

import static io.nexuslite.transfer.BsonRow.BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Base 64 of RFC 4648, section 4. */
final class Base64Text {
    private static final byte[] DIGITS = new byte[64];
    private static final byte[] VALUES = new byte[256];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < 64; i++) {
            int c = i < 26 ? 'A' + i : i < 52 ? 'a' + i - 26 : i < 62 ? '0' + i - 52 : i == 62 ? '+' : '/';
            DIGITS[i] = (byte) c;
            VALUES[c] = (byte) i;
        }
    }

    private Base64Text() {
    }

    /**
     * Decodes text in place: {@code to} lies before {@code from}. Padding may be missing, but not be wrong.
     *
     * @return bytes decoded, or -1 if that is no base 64
     */
    static int decode(MemorySegment memory, long from, int length, long to) {
        int digits = length;
        if ((length & 3) == 0) {
            for (int i = 0; i < 2 && digits > 0 && memory.get(BYTE, from + digits - 1) == '='; i++) {
                digits--;
            }
        }
        int rest = digits & 3;
        if (rest == 1) {
            return -1;
        }
        long end = to;
        int at = 0;
        for (; at + 4 <= digits; at += 4) {
            int bits = value(memory, from + at) << 18 | value(memory, from + at + 1) << 12
                    | value(memory, from + at + 2) << 6 | value(memory, from + at + 3);
            if (bits < 0) {
                return -1;
            }
            memory.set(BYTE, end++, (byte) (bits >> 16));
            memory.set(BYTE, end++, (byte) (bits >> 8));
            memory.set(BYTE, end++, (byte) bits);
        }
        if (rest != 0) {
            int bits = value(memory, from + at) << 18 | value(memory, from + at + 1) << 12
                    | (rest == 3 ? value(memory, from + at + 2) << 6 : 0);
            if (bits < 0) {
                return -1;
            }
            memory.set(BYTE, end++, (byte) (bits >> 16));
            if (rest == 3) {
                memory.set(BYTE, end++, (byte) (bits >> 8));
            }
        }
        return (int) (end - to);
    }

    private static int value(MemorySegment memory, long at) {
        return VALUES[memory.get(BYTE, at) & 0xFF];
    }

    /** Encodes with padding and returns the offset behind the text. */
    static int encode(MemorySegment memory, long from, int length, byte[] target, int offset) {
        int at = offset;
        int done = 0;
        for (; done + 3 <= length; done += 3) {
            int bits = (memory.get(BYTE, from + done) & 0xFF) << 16 | (memory.get(BYTE, from + done + 1) & 0xFF) << 8
                    | memory.get(BYTE, from + done + 2) & 0xFF;
            target[at++] = DIGITS[bits >> 18];
            target[at++] = DIGITS[bits >> 12 & 63];
            target[at++] = DIGITS[bits >> 6 & 63];
            target[at++] = DIGITS[bits & 63];
        }
        int rest = length - done;
        if (rest > 0) {
            int bits = (memory.get(BYTE, from + done) & 0xFF) << 16
                    | (rest == 2 ? (memory.get(BYTE, from + done + 1) & 0xFF) << 8 : 0);
            target[at++] = DIGITS[bits >> 18];
            target[at++] = DIGITS[bits >> 12 & 63];
            target[at++] = rest == 2 ? DIGITS[bits >> 6 & 63] : (byte) '=';
            target[at++] = '=';
        }
        return at;
    }
}
