package io.nexuslite.transfer;

import java.io.InputStream;

/** A stream that gives its bytes in pieces of chosen lengths, the last of which repeats. */
final class Chunks extends InputStream {
    private final byte[] data;
    private final int[] sizes;
    private int at;
    private int piece;
    boolean closed;

    Chunks(byte[] data, int... sizes) {
        this.data = data;
        this.sizes = sizes.length == 0 ? new int[]{Integer.MAX_VALUE} : sizes;
    }

    @Override
    public int read() {
        return at == data.length ? -1 : data[at++] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (at == data.length) {
            return -1;
        }
        int size = Math.min(Math.min(length, data.length - at), sizes[Math.min(piece++, sizes.length - 1)]);
        System.arraycopy(data, at, target, offset, size);
        at += size;
        return size;
    }

    @Override
    public void close() {
        closed = true;
    }
}
