package io.nexuslite.format;

import static io.nexuslite.format.PointerLayout.BIRTH_MANIFEST_OFFSET;
import static io.nexuslite.format.PointerLayout.CHECKSUM_OFFSET;
import static io.nexuslite.format.PointerLayout.CODEC_SHIFT;
import static io.nexuslite.format.PointerLayout.KIND_SHIFT;
import static io.nexuslite.format.PointerLayout.LENGTH_OFFSET;
import static io.nexuslite.format.PointerLayout.PAGE_AND_KIND_OFFSET;
import static io.nexuslite.format.PointerLayout.PAGE_NUMBER_MASK;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A pointer to a page or an extent, as {@link PointerLayout} puts it down.
 *
 * @param pageNumber first page of the target; 0 only in {@link #NONE}
 * @param kind one of the kinds of {@link PageLayout}
 * @param codec how the bytes are stored
 * @param birthManifest manifest in which the target was written
 * @param checksum CRC32C of the target's bytes
 * @param length bytes of the target as stored
 */
public record Pointer(long pageNumber, byte kind, byte codec, long birthManifest, int checksum, int length) {
    /** Points to nothing: an empty tree. */
    public static final Pointer NONE = new Pointer(0, (byte) 0, (byte) 0, 0, 0, 0);

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public static Pointer read(MemorySegment memory, long offset) {
        long word = memory.get(LONG, offset + PAGE_AND_KIND_OFFSET);
        return new Pointer(word & PAGE_NUMBER_MASK, (byte) (word >>> KIND_SHIFT), (byte) (word >>> CODEC_SHIFT),
                memory.get(LONG, offset + BIRTH_MANIFEST_OFFSET), memory.get(INT, offset + CHECKSUM_OFFSET),
                memory.get(INT, offset + LENGTH_OFFSET));
    }

    public void write(MemorySegment memory, long offset) {
        long word = pageNumber | (codec & 0xFFL) << CODEC_SHIFT | (kind & 0xFFL) << KIND_SHIFT;
        memory.set(LONG, offset + PAGE_AND_KIND_OFFSET, word);
        memory.set(LONG, offset + BIRTH_MANIFEST_OFFSET, birthManifest);
        memory.set(INT, offset + CHECKSUM_OFFSET, checksum);
        memory.set(INT, offset + LENGTH_OFFSET, length);
    }

    /** True if there is no target. */
    public boolean isNone() {
        return pageNumber == 0;
    }

    /** Pages that the target occupies. */
    public long pages(int pageSize) {
        return (Integer.toUnsignedLong(length) + pageSize - 1) / pageSize;
    }
}
