package io.nexuslite.transfer;

import io.nexuslite.error.IoFailedException;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Where an export's bytes go: a file that appears when it is complete, or a stream; compressed on the way or not. Owns it. One
 * thread at a time.
 */
final class Output implements AutoCloseable {
    private final AtomicFile file;
    private final OutputStream stream;
    /** What compresses into file or stream, or {@code null}. */
    private final OutputStream compressing;
    private final String name;
    private long bytes;
    private boolean closed;

    private Output(AtomicFile file, OutputStream stream, StreamCompressor compressor, String name) {
        this.file = file;
        this.stream = stream;
        this.name = name;
        try {
            compressing = compressor == null ? null : compressor.compress(new Target());
        } catch (IOException e) {
            IoFailedException failed = failed(e);
            try {
                close();
            } catch (IoFailedException again) {
                failed.addSuppressed(again);
            }
            throw failed;
        }
    }

    /** @param compressor may be {@code null} */
    static Output of(AtomicFile file, StreamCompressor compressor, String name) {
        return new Output(file, null, compressor, name);
    }

    /** @param compressor may be {@code null} */
    static Output of(OutputStream stream, StreamCompressor compressor, String name) {
        return new Output(null, stream, compressor, name);
    }

    /** Bytes written so far, before they were compressed. */
    long bytes() {
        return bytes;
    }

    void write(byte[] source, int offset, int length) {
        bytes += length;
        if (file != null && compressing == null) {
            file.write(source, offset, length);
            return;
        }
        try {
            (compressing != null ? compressing : stream).write(source, offset, length);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Makes all of it stay. Once; afterwards only {@link #close}. */
    void commit() {
        try {
            if (compressing != null) {
                compressing.close();
            }
            if (stream != null) {
                stream.flush();
            }
        } catch (IOException e) {
            throw failed(e);
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
        try {
            if (compressing != null) {
                compressing.close(); // gives memory back; a file that was not committed is gone all the same
            }
        } catch (IOException e) {
            if (file == null) {
                throw failed(e);
            }
        } finally {
            closeTarget();
        }
    }

    private void closeTarget() {
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

    /** File or stream as what a compressor writes to; does not end with it. */
    private final class Target extends OutputStream {
        private boolean ended;

        @Override
        public void write(int value) throws IOException {
            write(new byte[]{(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            if (ended) {
                return;
            }
            if (file != null) {
                file.write(source, offset, length);
            } else {
                stream.write(source, offset, length);
            }
        }

        @Override
        public void close() {
            ended = true;
        }
    }
}
