package io.nexuslite.transfer;

import static io.nexuslite.transfer.BsonRow.BYTE;
import static io.nexuslite.transfer.BsonRow.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Strings and white space of JSON in a byte array, decoded into a {@link BsonRow}.
 *
 * <p>The array goes on at least {@value #SLACK} bytes behind the limit, and the byte at the limit is zero: since no zero is
 * allowed in JSON, loops stop there without looking at the limit, and report a fault at the limit. An array of bytes rather than
 * memory, because it is neither page nor document, and because reads of it need no check of a scope.
 */
final class JsonText {
    /** Bytes that may be read behind the limit. */
    static final int SLACK = 16;

    static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long SPACES = ' ' * ONES;

    final BsonRow row;
    private final TextFault fault = new TextFault();
    byte[] bytes;
    int limit;
    /** Whether a document ends with its line, so that a line feed is no white space. */
    boolean lines;
    /** Whether what is to be read ends at the limit, rather than what has been read so far. */
    boolean complete;
    /** Where the last text ends in the row. */
    private int textEnd;

    JsonText(BsonRow row) {
        this.row = row;
    }

    TextFault fault(int at, String what) {
        return fault.at(at, what);
    }

    /** First byte from {@code at} on that is no white space. */
    int skip(int at) {
        byte[] in = bytes;
        if (in[at] > ' ') {
            return at;
        }
        if (in[at] == ' ' && in[at + 1] > ' ') {
            return at + 1;
        }
        return skipSlow(at);
    }

    private int skipSlow(int from) {
        int at = from;
        while (true) {
            byte c = bytes[at];
            if (c != ' ' && c != '\t' && c != '\r' && (c != '\n' || lines)) {
                return at;
            }
            at++;
        }
    }

    /**
     * Bits of {@code word} that are set in the bytes that end a run of plain text: quote, backslash, control, beyond ASCII. The
     * lowest one is right; a borrow may have set others above it.
     */
    static long special(long word) {
        return ((word ^ QUOTES) - ONES | (word ^ BACKSLASHES) - ONES | word - SPACES | word) & HIGH_BITS;
    }

    /** As {@link #special}, but bytes beyond ASCII are plain. */
    static long quoteBackslashControl(long word) {
        return ((word ^ QUOTES) - ONES | (word ^ BACKSLASHES) - ONES | word - SPACES) & ~word & HIGH_BITS;
    }

    /** Where the text that {@link #text} has read last ends in the row. */
    int textEnd() {
        return textEnd;
    }

    /**
     * Decodes the string behind whose opening quote {@code from} stands into the row at {@code to}, which has room for as many
     * bytes as are left and a word.
     *
     * @return offset behind the closing quote
     */
    int text(int from, int to) {
        byte[] in = bytes;
        MemorySegment out = row.memory;
        int at = from;
        int end = to;
        while (true) {
            long word = (long) WORD.get(in, at);
            long special = special(word);
            out.set(LONG, end, word);
            if (special != 0) {
                int plain = Long.numberOfTrailingZeros(special) >>> 3;
                at += plain;
                end += plain;
                if (in[at] == '"') {
                    textEnd = end;
                    return at + 1;
                }
                return textSlow(at, end);
            }
            at += Long.BYTES;
            end += Long.BYTES;
        }
    }

    /** As {@link #text}, from a byte on that is not plain. */
    int textSlow(int from, int to) {
        byte[] in = bytes;
        MemorySegment out = row.memory;
        int at = from;
        int end = to;
        while (true) {
            byte c = in[at];
            if (c < 0) {
                int size = sequence(at);
                for (int i = 0; i < size; i++) {
                    out.set(BYTE, end + (long) i, in[at + i]);
                }
                at += size;
                end += size;
            } else if (c == '"') {
                textEnd = end;
                return at + 1;
            } else if (c == '\\') {
                at = escape(at + 1, end);
                end = textEnd;
            } else if (c < ' ') {
                throw fault(at, at >= limit || c == '\n' && lines
                        ? "expected the end of a string"
                        : "expected no control byte in a string");
            } else {
                long word = (long) WORD.get(in, at);
                long special = special(word);
                out.set(LONG, end, word);
                int plain = special == 0 ? Long.BYTES : Long.numberOfTrailingZeros(special) >>> 3;
                at += plain;
                end += plain;
            }
        }
    }

    private int sequence(int at) {
        int size = utf8Sequence(bytes, at);
        if (size < 0) {
            throw fault(at - 1 - size, "expected UTF-8");
        }
        return size;
    }

    /**
     * Bytes of the UTF-8 sequence at {@code at}, which does not start in ASCII. Table 3-7 of the Unicode Standard.
     *
     * @return the size; or, if it is none, {@code -1} less the number of bytes that are right
     */
    static int utf8Sequence(byte[] in, int at) {
        int first = in[at] & 0xFF;
        int second = in[at + 1] & 0xFF;
        int size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        int wrong = first < 0xC2 || first > 0xF4
                ? 0
                : second < low || second > high
                        ? 1
                        : size > 2 && (in[at + 2] & 0xC0) != 0x80 ? 2 : size > 3 && (in[at + 3] & 0xC0) != 0x80 ? 3 : 4;
        return wrong < size ? -1 - wrong : size;
    }

    /** Decodes what follows a backslash; the text then ends at {@link #textEnd}. */
    private int escape(int at, int to) {
        int c = bytes[at];
        int plain = switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> -1;
            default -> throw fault(at, "expected an escape");
        };
        if (plain >= 0) {
            row.memory.set(BYTE, to, (byte) plain);
            textEnd = to + 1;
            return at + 1;
        }
        int unit = hex4(at + 1);
        if (unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) {
            textEnd = encode(unit, to);
            return at + 5;
        }
        if (unit > Character.MAX_HIGH_SURROGATE) {
            throw fault(at - 1, "expected no second half of a surrogate pair without the first");
        }
        if (bytes[at + 5] != '\\' || bytes[at + 6] != 'u') {
            throw fault(bytes[at + 5] != '\\' ? at + 5 : at + 6, "expected the second half of a surrogate pair");
        }
        int other = hex4(at + 7);
        if (!Character.isLowSurrogate((char) other)) {
            throw fault(at + 5, "expected the second half of a surrogate pair");
        }
        textEnd = encode(Character.toCodePoint((char) unit, (char) other), to);
        return at + 11;
    }

    private int hex4(int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Hex.digit(bytes[i]);
            if (digit < 0) {
                throw fault(i, "expected a hexadecimal digit");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private int encode(int point, int to) {
        MemorySegment out = row.memory;
        long end = to;
        if (point < 0x80) {
            out.set(BYTE, end++, (byte) point);
        } else if (point < 0x800) {
            out.set(BYTE, end++, (byte) (0xC0 | point >> 6));
            out.set(BYTE, end++, (byte) (0x80 | point & 0x3F));
        } else {
            if (point < 0x10000) {
                out.set(BYTE, end++, (byte) (0xE0 | point >> 12));
            } else {
                out.set(BYTE, end++, (byte) (0xF0 | point >> 18));
                out.set(BYTE, end++, (byte) (0x80 | point >> 12 & 0x3F));
            }
            out.set(BYTE, end++, (byte) (0x80 | point >> 6 & 0x3F));
            out.set(BYTE, end++, (byte) (0x80 | point & 0x3F));
        }
        return (int) end;
    }
}
