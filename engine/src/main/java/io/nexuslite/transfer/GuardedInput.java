package io.nexuslite.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A decompressed stream that ends with an error where it grows out of all proportion to what it was made of. Owns the stream. */
final class GuardedInput extends FilterInputStream {
    /** Bytes up to which nobody minds. */
    private static final long FREE_BYTES = 64L << 20;

    private final Counted source;
    private final int expansionMax;
    private final long bytesMax;
    private long bytes;

    private GuardedInput(InputStream stream, Counted source, int expansionMax, long bytesMax) {
        super(stream);
        this.source = source;
        this.expansionMax = expansionMax;
        this.bytesMax = bytesMax;
    }

    static InputStream open(StreamCompressor compressor, InputStream source, ImportOptions options) throws IOException {
        Counted counted = new Counted(source);
        return new GuardedInput(compressor.decompress(counted), counted, options.expansionMax(),
                options.decompressedBytesMax());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read;
        do {
            read = in.read(target, offset, length);
        } while (read == 0 && length > 0);
        bytes += Math.max(0, read);
        if (bytes > bytesMax) {
            throw new IOException("decompressed to more than the " + bytesMax + " bytes that are allowed");
        }
        if (bytes > FREE_BYTES && bytes / expansionMax > source.bytes) {
            throw new IOException(
                    "decompressed to " + bytes + " bytes from " + source.bytes + ", more than " + expansionMax
                            + " times as many: allow for it if it is meant so");
        }
        return read;
    }

    /** Counts what is read. */
    private static final class Counted extends FilterInputStream {
        private long bytes;

        Counted(InputStream source) {
            super(source);
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            bytes += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = in.read(target, offset, length);
            bytes += Math.max(0, read);
            return read;
        }
    }
}
