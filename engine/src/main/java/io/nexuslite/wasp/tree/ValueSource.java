package io.nexuslite.wasp.tree;

import io.nexuslite.format.Crc32c;
import java.lang.foreign.MemorySegment;

/** Reads value extents from the database file. Any thread, many at once; may block. */
public interface ValueSource {
    /**
     * Reads the {@link PagePointer#length} bytes of an extent and checks them against the pointer.
     *
     * @throws io.nexuslite.error.CorruptionException if the checksum differs
     * @throws io.nexuslite.error.IoFailedException if the file cannot be read
     */
    void readExtent(PagePointer extent, MemorySegment target, long offset, Crc32c crc);
}
