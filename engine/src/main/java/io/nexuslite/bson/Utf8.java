package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;
import static io.nexuslite.bson.BsonBytes.LONG;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** UTF-8 as Unicode defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
    /** Result of {@link #encode} for text that UTF-8 cannot hold. */
    static final int INVALID = -1;

    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {
    }

    /** Index of the first unpaired surrogate (or NUL, if it is refused), or -1. */
    static int firstInvalid(CharSequence text, boolean refuseNul) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == 0 && refuseNul) {
                return i;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c) || i + 1 == length
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    /** Bytes that {@code text} takes; an unpaired surrogate counts as 3. */
    static long encodedLength(CharSequence text) {
        int length = text.length();
        long bytes = length;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x800) {
                bytes += 2;
                if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++; // a pair is two chars and four bytes
                }
            } else if (c >= 0x80) {
                bytes++;
            }
        }
        return bytes;
    }

    /**
     * Writes {@code text} and returns its bytes, or {@link #INVALID} on an unpaired surrogate (or NUL, if it is refused).
     * There is room for three bytes a char, or for what {@link #encodedLength} says.
     */
    static int encode(CharSequence text, boolean refuseNul, MemorySegment target, long offset) {
        int length = text.length();
        long at = offset;
        int i = 0;
        for (; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || c == 0 && refuseNul) {
                break;
            }
            target.set(BYTE, at++, (byte) c);
        }
        return i == length ? length : encodeSlow(text, i, refuseNul, target, offset, at);
    }

    private static int encodeSlow(CharSequence text, int from, boolean refuseNul, MemorySegment target, long offset,
            long start) {
        int length = text.length();
        long at = start;
        for (int i = from; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                if (c == 0 && refuseNul) {
                    return INVALID;
                }
                target.set(BYTE, at++, (byte) c);
            } else if (c < 0x800) {
                target.set(BYTE, at++, (byte) (0xC0 | c >> 6));
                target.set(BYTE, at++, (byte) (0x80 | c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                target.set(BYTE, at++, (byte) (0xE0 | c >> 12));
                target.set(BYTE, at++, (byte) (0x80 | c >> 6 & 0x3F));
                target.set(BYTE, at++, (byte) (0x80 | c & 0x3F));
            } else {
                i++;
                if (!Character.isHighSurrogate(c) || i == length || !Character.isLowSurrogate(text.charAt(i))) {
                    return INVALID;
                }
                int point = Character.toCodePoint(c, text.charAt(i));
                target.set(BYTE, at++, (byte) (0xF0 | point >> 18));
                target.set(BYTE, at++, (byte) (0x80 | point >> 12 & 0x3F));
                target.set(BYTE, at++, (byte) (0x80 | point >> 6 & 0x3F));
                target.set(BYTE, at++, (byte) (0x80 | point & 0x3F));
            }
        }
        return (int) (at - offset);
    }

    /** The text of bytes that are valid UTF-8. Allocates. */
    static String decode(MemorySegment memory, long offset, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(memory, BYTE, offset, bytes, 0, length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Offset in {@code [offset, end)} of the first byte of a sequence that is not valid UTF-8, or -1. */
    static long firstInvalid(MemorySegment memory, long offset, long end) {
        long at = offset;
        while (at < end) {
            if (end - at >= Long.BYTES && (memory.get(LONG, at) & HIGH_BITS) == 0) {
                at += Long.BYTES;
                continue;
            }
            int size = sequenceLength(memory, at, end);
            if (size == 0) {
                return at;
            }
            at += size;
        }
        return -1;
    }

    /** Bytes of the well-formed sequence at {@code at}, or 0. Table 3-7 of the Unicode Standard. */
    private static int sequenceLength(MemorySegment memory, long at, long end) {
        int first = memory.get(BYTE, at) & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        int size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (end - at < size) {
            return 0;
        }
        int second = memory.get(BYTE, at + 1) & 0xFF;
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = 2; i < size; i++) {
            if ((memory.get(BYTE, at + i) & 0xC0) != 0x80) {
                return 0;
            }
        }
        return size;
    }
}
