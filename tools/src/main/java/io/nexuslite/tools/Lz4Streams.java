package io.nexuslite.tools;

import io.nexuslite.transfer.Compression;
import io.nexuslite.transfer.StreamCompressor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;

/** LZ4 frames: written by lz4-java, read by {@link Lz4FrameInput}, which takes what the library does not. */
public final class Lz4Streams implements StreamCompressor {
    /** Called by the service loader. */
    public Lz4Streams() {
    }

    @Override
    public Compression compression() {
        return Compression.LZ4;
    }

    @Override
    public InputStream decompress(InputStream source) {
        return new Lz4FrameInput(source);
    }

    @Override
    public OutputStream compress(OutputStream target) throws IOException {
        return new LZ4FrameOutputStream(target, BLOCKSIZE.SIZE_1MB, -1L, LZ4Factory.safeInstance().fastCompressor(),
                XXHashFactory.safeInstance().hash32(), FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_CHECKSUM);
    }
}
