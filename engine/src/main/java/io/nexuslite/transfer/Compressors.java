package io.nexuslite.transfer;

import io.nexuslite.error.IoFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ServiceLoader;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The compressors at hand: the engine's own for gzip, and those that are found as services. */
final class Compressors {
    private static final int BUFFER_SIZE = 64 * 1024;

    private Compressors() {
    }

    /** @throws IoFailedException if nothing here can */
    static StreamCompressor of(Compression compression, String name) {
        if (compression == Compression.GZIP) {
            return new Gzip();
        }
        for (StreamCompressor found : ServiceLoader.load(StreamCompressor.class, Compressors.class.getClassLoader())) {
            if (found.compression() == compression) {
                return found;
            }
        }
        String library = compression == Compression.ZSTD ? "com.github.luben:zstd-jni" : "at.yawk.lz4:lz4-java";
        throw new IoFailedException("open", 0, name, -1, "nothing on the class path reads " + compression.label()
                + ": add io.nexuslite:nexuslite-tools with " + library + ", or a service "
                + StreamCompressor.class.getName(),
                null);
    }

    /** The JDK's. It reads members one behind the other. */
    private static final class Gzip implements StreamCompressor {
        @Override
        public Compression compression() {
            return Compression.GZIP;
        }

        @Override
        public InputStream decompress(InputStream source) throws IOException {
            return new GZIPInputStream(source, BUFFER_SIZE);
        }

        @Override
        public OutputStream compress(OutputStream target) throws IOException {
            return new GZIPOutputStream(target, BUFFER_SIZE);
        }
    }
}
