package io.nexuslite.wasp.tree;

import io.nexuslite.format.Crc32c;
import java.lang.foreign.MemorySegment;

/** Reads pages of trees from the database file. Any thread, many at once; may block. */
public interface PageReader {
    /**
     * Reads a page and checks it against its pointer; {@link PageCheck} has the checks.
     *
     * @param pointer not none
     * @param target native memory with room for a page at {@code offset}
     * @param crc the caller's
     * @throws io.nexuslite.error.CorruptionException if checksum, length or identity differ
     * @throws io.nexuslite.error.IoFailedException if the file cannot be read
     */
    void readPage(PagePointer pointer, int treeId, MemorySegment target, long offset, Crc32c crc);

    /** Name of the file, for errors about bytes whose checksum was right. */
    String fileName();

    int pageSize();
}
