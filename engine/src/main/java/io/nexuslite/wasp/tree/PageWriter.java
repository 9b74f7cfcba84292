package io.nexuslite.wasp.tree;

import java.lang.foreign.MemorySegment;

/**
 * Where a checkpoint puts its pages. One thread at a time. Nothing counts before the manifest is flipped: after a failure the
 * engine forgets all that it was told.
 */
public interface PageWriter {
    /** Manifest that the pages will belong to. */
    long birthManifest();

    /**
     * Gives out the number of a free page.
     *
     * @throws io.nexuslite.error.StorageFullException if there is none
     */
    long allocatePage();

    /** Writes a finished image, one page long; the memory is borrowed for the call. */
    void writePage(long pageNumber, MemorySegment image, long offset);

    /** A page or value extent that the last root named and the new one does not. Each is told once; the carrier is reused. */
    void free(PagePointer pointer);

    /**
     * A value extent that a newly written leaf names; it may have been named before. An extent that the log has named, with a commit
     * up to the checkpoint's, and that no leaf names now is garbage from birth: the engine finds it by these calls.
     */
    void keepExtent(PagePointer extent);
}
