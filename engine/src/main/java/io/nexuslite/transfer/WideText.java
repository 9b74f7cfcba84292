package io.nexuslite.transfer;

import java.io.IOException;
import java.io.InputStream;

/**
 * UTF-16 or UTF-32 as UTF-8, byte order mark included. What is no character becomes a byte that UTF-8 never has, so that whoever
 * reads it refuses its row and knows the place. Owns the stream.
 */
final class WideText extends InputStream {
    /** What the units of a text are. */
    enum Encoding {
        UTF_16LE(2, true), UTF_16BE(2, false), UTF_32LE(4, true), UTF_32BE(4, false);

        private final int size;
        private final boolean little;

        Encoding(int size, boolean little) {
            this.size = size;
            this.little = little;
        }
    }

    private static final int WRONG = -1;
    private static final int NONE = -2;
    private static final byte WRONG_BYTE = (byte) 0xFF;

    private final InputStream stream;
    private final Encoding encoding;
    private final byte[] in = new byte[64 * 1024];
    private int inAt;
    private int inEnd;
    /** A code point's bytes that have not been handed out. */
    private final byte[] out = new byte[4];
    private int outAt;
    private int outEnd;

    WideText(InputStream stream, Encoding encoding) {
        this.stream = stream;
        this.encoding = encoding;
    }

    /** The encoding that a text's first bytes show, by its mark or by the zeros of ASCII; {@code null} for UTF-8 and all else. */
    static Encoding of(byte[] head, int length) {
        if (length >= 4 && head[0] == (byte) 0xFF && head[1] == (byte) 0xFE && head[2] == 0 && head[3] == 0) {
            return Encoding.UTF_32LE;
        }
        if (length >= 4 && head[0] == 0 && head[1] == 0 && head[2] == (byte) 0xFE && head[3] == (byte) 0xFF) {
            return Encoding.UTF_32BE;
        }
        if (length >= 2 && head[0] == (byte) 0xFF && head[1] == (byte) 0xFE) {
            return Encoding.UTF_16LE;
        }
        if (length >= 2 && head[0] == (byte) 0xFE && head[1] == (byte) 0xFF) {
            return Encoding.UTF_16BE;
        }
        for (Encoding encoding : new Encoding[]{Encoding.UTF_32LE, Encoding.UTF_32BE, Encoding.UTF_16LE,
                Encoding.UTF_16BE}) {
            if (length >= 2 * encoding.size && asciiCount(head, 2, encoding) == 2) {
                // most of a text is ASCII; other bytes seldom hold so many zeros in just these places
                int characters = length / encoding.size;
                return 2 * asciiCount(head, characters, encoding) >= characters ? encoding : null;
            }
        }
        return null;
    }

    /** How many of the first characters are ASCII, and none of its controls but those of text. */
    private static int asciiCount(byte[] head, int characters, Encoding encoding) {
        int count = 0;
        for (int character = 0; character < characters; character++) {
            int low = character * encoding.size + (encoding.little ? 0 : encoding.size - 1);
            boolean ascii = head[low] >= ' ' || head[low] == '\t' || head[low] == '\n' || head[low] == '\r';
            for (int i = character * encoding.size; i < (character + 1) * encoding.size; i++) {
                ascii &= i == low || head[i] == 0;
            }
            count += ascii ? 1 : 0;
        }
        return count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (outAt == outEnd) {
                if (done > 0 && inEnd - inAt < 2 * Integer.BYTES) {
                    return done; // rather than wait for more
                }
                int point = point();
                if (point == NONE) {
                    return done == 0 ? -1 : done;
                }
                encode(point);
            }
            target[offset + done++] = out[outAt++];
        }
        return done;
    }

    private int point() throws IOException {
        int unit = unit();
        if (encoding.size == 4) {
            return unit == NONE || unit >= 0 && unit <= Character.MAX_CODE_POINT
                    && (unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) ? unit : WRONG;
        }
        if (unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) {
            return unit;
        }
        if (unit > Character.MAX_HIGH_SURROGATE) {
            return WRONG;
        }
        int low = unit();
        if (low < Character.MIN_LOW_SURROGATE || low > Character.MAX_LOW_SURROGATE) {
            if (low >= 0) {
                inAt -= 2; // it may be a character by itself; where the array was filled anew, it is at its front
            }
            return WRONG;
        }
        return Character.toCodePoint((char) unit, (char) low);
    }

    /** The next unit; {@code NONE} at the end, {@code WRONG} if that comes within one. */
    private int unit() throws IOException {
        int size = encoding.size;
        if (inEnd - inAt < size) {
            System.arraycopy(in, inAt, in, 0, inEnd - inAt);
            inEnd -= inAt;
            inAt = 0;
            int read = 0;
            while (inEnd < size && (read = stream.read(in, inEnd, in.length - inEnd)) >= 0) {
                inEnd += read;
            }
            if (inEnd < size) {
                boolean some = inEnd > 0;
                inEnd = 0;
                return some ? WRONG : NONE;
            }
        }
        int value = 0;
        for (int i = 0; i < size; i++) {
            value = value << Byte.SIZE | in[encoding.little ? inAt + size - 1 - i : inAt + i] & 0xFF;
        }
        inAt += size;
        return size == 4 && value < 0 ? WRONG : value;
    }

    private void encode(int point) {
        outAt = 0;
        if (point == WRONG) {
            out[0] = WRONG_BYTE;
            outEnd = 1;
        } else if (point < 0x80) {
            out[0] = (byte) point;
            outEnd = 1;
        } else if (point < 0x800) {
            out[0] = (byte) (0xC0 | point >> 6);
            out[1] = (byte) (0x80 | point & 0x3F);
            outEnd = 2;
        } else if (point < 0x10000) {
            out[0] = (byte) (0xE0 | point >> 12);
            out[1] = (byte) (0x80 | point >> 6 & 0x3F);
            out[2] = (byte) (0x80 | point & 0x3F);
            outEnd = 3;
        } else {
            out[0] = (byte) (0xF0 | point >> 18);
            out[1] = (byte) (0x80 | point >> 12 & 0x3F);
            out[2] = (byte) (0x80 | point >> 6 & 0x3F);
            out[3] = (byte) (0x80 | point & 0x3F);
            outEnd = 4;
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
