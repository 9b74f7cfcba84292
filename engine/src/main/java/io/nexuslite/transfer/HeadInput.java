package io.nexuslite.transfer;

import java.io.IOException;
import java.io.InputStream;

/** A stream whose first bytes can be looked at before they are read. Owns the stream. */
final class HeadInput extends InputStream {
    private final InputStream stream;
    private final byte[] head;
    private int length;
    private int at;
    /** What went wrong behind the head; thrown when it is its turn. */
    private IOException failure;

    /** Reads up to {@code size} bytes ahead. */
    HeadInput(InputStream stream, int size) {
        this.stream = stream;
        head = new byte[size + JsonText.SLACK];
        try {
            int read;
            while (length < size && (read = stream.read(head, length, size - length)) >= 0) {
                length += read;
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    /** The first bytes, {@link #headLength} of them and some zeros. */
    byte[] head() {
        return head;
    }

    int headLength() {
        return length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        if (at == length) {
            if (failure != null) {
                throw failure;
            }
            return stream.read(target, offset, count);
        }
        int part = Math.min(count, length - at);
        System.arraycopy(head, at, target, offset, part);
        at += part;
        return part;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
