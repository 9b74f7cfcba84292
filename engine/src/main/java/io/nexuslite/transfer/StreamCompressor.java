package io.nexuslite.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Reads and writes one kind of {@link Compression}. The engine itself knows {@code GZIP}; others are services of this type, which
 * the command line's jar has, and anybody may offer. Stateless; any thread.
 */
public interface StreamCompressor {
    /** What it reads and writes. */
    Compression compression();

    /**
     * Decompresses. Memory is bounded whatever the stream holds; what is damaged is an {@link IOException}, and so is an end that
     * comes too early.
     *
     * @param source closed with the stream that is returned
     */
    InputStream decompress(InputStream source) throws IOException;

    /**
     * Compresses.
     *
     * @param target gets all of it when the stream that is returned is closed, and is closed then as well
     */
    OutputStream compress(OutputStream target) throws IOException;
}
