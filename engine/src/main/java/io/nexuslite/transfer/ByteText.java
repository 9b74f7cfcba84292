package io.nexuslite.transfer;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Text in UTF-8 that is put together in one array, which is reused. One thread at a time. */
final class ByteText {
    /** Bytes that may be written behind the length at any time. */
    static final int SLACK = 64;

    /** The array; another one after {@link #room}. */
    byte[] bytes = new byte[4096 + SLACK];
    int length;

    /** Makes room for {@code more} bytes and the slack. */
    void room(long more) {
        long needed = length + more + SLACK;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(needed, Math.min(2L * bytes.length, 1 << 30))));
        }
    }

    void put(byte c) {
        room(1);
        bytes[length++] = c;
    }

    void putAscii(CharSequence text) {
        int size = text.length();
        room(size);
        for (int i = 0; i < size; i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    void put(byte[] source, int from, int size) {
        room(size);
        System.arraycopy(source, from, bytes, length, size);
        length += size;
    }

    void put(MemorySegment source, long offset, int size) {
        room(size);
        MemorySegment.copy(source, BsonRow.BYTE, offset, bytes, length, size);
        length += size;
    }
}
