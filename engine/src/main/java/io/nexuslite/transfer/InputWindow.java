package io.nexuslite.transfer;

import io.nexuslite.error.IoFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A window on an input stream: the bytes from the current row on, with a zero behind them.
 *
 * <p>Grows up to its limit when a row is longer, and is reused otherwise. Owns the stream. One thread at a time.
 */
final class InputWindow implements AutoCloseable {
    /** What {@link #fill} did. */
    enum Fill {
        /** There are more bytes. */
        MORE,
        /** The input has ended. */
        ENDED,
        /** A row is as long as the window may be. */
        FULL
    }

    private final InputStream stream;
    private final String name;
    private final int capacityMax;

    /** The window; {@link JsonText#SLACK} bytes longer than its capacity. Another array after {@link #fill}. */
    byte[] bytes;
    /** First byte of the window. */
    int start;
    /** First byte behind it, which is zero. */
    int end;
    /** Position in the input of the byte at offset 0. */
    private long base;
    private boolean ended;

    InputWindow(InputStream stream, String name, int capacity, int capacityMax) {
        this.stream = stream;
        this.name = name;
        this.capacityMax = capacityMax;
        bytes = new byte[Math.min(capacity, capacityMax) + JsonText.SLACK];
    }

    /** Position in the input of the byte at {@code offset}. */
    long position(int offset) {
        return base + offset;
    }

    boolean isEnded() {
        return ended;
    }

    /**
     * Reads more bytes behind the window, of which at least one. Moves the window to the front: offsets shrink by what
     * {@link #start} was.
     */
    Fill fill() {
        if (ended) {
            return Fill.ENDED;
        }
        int capacity = bytes.length - JsonText.SLACK;
        if (start > 0) {
            System.arraycopy(bytes, start, bytes, 0, end - start);
            base += start;
            end -= start;
            start = 0;
        } else if (end == capacity) {
            if (capacity >= capacityMax) {
                return Fill.FULL;
            }
            capacity = (int) Math.min(capacityMax, 2L * capacity);
            bytes = Arrays.copyOf(bytes, capacity + JsonText.SLACK);
        }
        int read = read(end, capacity - end);
        if (read < 0) {
            ended = true;
        } else {
            end += read;
        }
        bytes[end] = 0;
        return read < 0 ? Fill.ENDED : Fill.MORE;
    }

    private int read(int offset, int length) {
        try {
            int read = stream.read(bytes, offset, length);
            if (read == 0) {
                throw new IOException("the stream gave no byte and no end");
            }
            return read;
        } catch (IOException e) {
            throw new IoFailedException("read", 0, name, base + offset, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new IoFailedException("close", 0, name, -1, String.valueOf(e.getMessage()), e);
        }
    }
}
