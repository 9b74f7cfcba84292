package io.nexuslite.tools;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.nexuslite.transfer.Compression;
import io.nexuslite.transfer.StreamCompressor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Zstandard by its reference library. A frame whose window is above 128 MiB is refused, so memory is bounded. */
public final class ZstdStreams implements StreamCompressor {
    private static final int WINDOW_BITS_MAX = 27;
    private static final int LEVEL = 3;

    /** Called by the service loader. */
    public ZstdStreams() {
    }

    @Override
    public Compression compression() {
        return Compression.ZSTD;
    }

    @Override
    public InputStream decompress(InputStream source) throws IOException {
        return new ZstdInputStreamNoFinalizer(source).setLongMax(WINDOW_BITS_MAX);
    }

    @Override
    public OutputStream compress(OutputStream target) throws IOException {
        return new ZstdOutputStreamNoFinalizer(target, LEVEL).setChecksum(true);
    }
}
