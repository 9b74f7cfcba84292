package io.nexuslite.wasp.space;

import io.nexuslite.format.Crc32c;
import io.nexuslite.format.FileLayout;
import io.nexuslite.io.StoreFile;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads and writes the self-checksummed 4 KiB blocks of the first MiB. One thread at a time. */
final class Blocks implements AutoCloseable {
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int CHECKSUM_OFFSET = FileLayout.BLOCK_SIZE - Integer.BYTES;

    private final NativeBuffer buffer = new NativeBuffer(FileLayout.BLOCK_SIZE);
    private final Crc32c crc = new Crc32c();

    /** The block, zeroed, to be filled and written. */
    MemorySegment clear() {
        return buffer.memory().fill((byte) 0);
    }

    /** Puts the checksum in its place and writes the block. */
    void write(StoreFile file, long position) {
        MemorySegment block = buffer.memory();
        block.set(INT, CHECKSUM_OFFSET, crc.of(block, 0, CHECKSUM_OFFSET));
        file.write(position, block, 0, FileLayout.BLOCK_SIZE);
    }

    /** Reads the block; {@code null} if the file ends before it or the checksum is wrong. Valid until the next call. */
    MemorySegment read(StoreFile file, long position) {
        MemorySegment block = clear();
        int length = file.read(position, block, 0, FileLayout.BLOCK_SIZE);
        if (length != FileLayout.BLOCK_SIZE || block.get(INT, CHECKSUM_OFFSET) != crc.of(block, 0, CHECKSUM_OFFSET)) {
            return null;
        }
        return block;
    }

    /** Whether the block, sound or not, begins with a magic number. */
    boolean startsWith(StoreFile file, long position, long magic) {
        MemorySegment block = clear();
        file.read(position, block, 0, FileLayout.BLOCK_SIZE);
        return block.get(LONG, 0) == magic;
    }

    /** Writes zeros. */
    void erase(StoreFile file, long position) {
        file.write(position, clear(), 0, FileLayout.BLOCK_SIZE);
    }

    @Override
    public void close() {
        buffer.close();
    }
}
