package io.nexuslite.transfer;

import io.nexuslite.error.IoFailedException;
import java.io.IOException;
import java.io.OutputStream;

/** Where an export's bytes go: a file that appears when it is complete, or a stream. Owns it. One thread at a time. */
final class Output implements AutoCloseable {
    private final AtomicFile file;
    private final OutputStream stream;
    private final String name;
    private long bytes;
    private boolean closed;

    private Output(AtomicFile file, OutputStream stream, String name) {
        this.file = file;
        this.stream = stream;
        this.name = name;
    }

    static Output of(AtomicFile file, String name) {
        return new Output(file, null, name);
    }

    static Output of(OutputStream stream, String name) {
        return new Output(null, stream, name);
    }

    /** Bytes written so far. */
    long bytes() {
        return bytes;
    }

    void write(byte[] source, int offset, int length) {
        bytes += length;
        if (stream == null) {
            file.write(source, offset, length);
            return;
        }
        try {
            stream.write(source, offset, length);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Makes all of it stay. Once; afterwards only {@link #close}. */
    void commit() {
        if (stream != null) {
            try {
                stream.flush();
            } catch (IOException e) {
                throw failed(e);
            }
        }
        if (file != null) {
            file.commit();
        }
    }

    /** Lets go of it, and of what a file holds that was not committed; idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (file != null) {
            file.close();
            return;
        }
        try {
            stream.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private IoFailedException failed(IOException cause) {
        return new IoFailedException("write", 0, name, bytes, String.valueOf(cause.getMessage()), cause);
    }
}
