package io.nexuslite.format;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C over native memory, without garbage as long as it stays with one segment: the JDK's checksum takes a
 * {@link ByteBuffer}, and the view of the last segment is kept.
 *
 * <p>Not for memory that is mapped from a file: the JDK's intrinsic turns a fault there into the death of the process.
 * One thread at a time.
 */
public final class Crc32c {
    private final CRC32C crc = new CRC32C();
    private MemorySegment viewed;
    private ByteBuffer view;

    /** Checksum of {@code length} bytes at {@code offset}. */
    public int of(MemorySegment memory, long offset, int length) {
        if (memory != viewed) {
            view = memory.asByteBuffer();
            viewed = memory;
        }
        crc.reset();
        view.limit((int) offset + length).position((int) offset);
        crc.update(view);
        return (int) crc.getValue();
    }
}
