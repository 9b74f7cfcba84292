package io.nexuslite.wasp.tree;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/** Passes everything on, and remembers the value extents that new leaves name. */
final class ExtentNotes implements PageWriter {
    private final PageWriter target;
    private final Set<Long> kept;

    ExtentNotes(PageWriter target, Set<Long> kept) {
        this.target = target;
        this.kept = kept;
    }

    @Override
    public long birthManifest() {
        return target.birthManifest();
    }

    @Override
    public long allocatePage() {
        return target.allocatePage();
    }

    @Override
    public void writePage(long pageNumber, MemorySegment image, long offset) {
        target.writePage(pageNumber, image, offset);
    }

    @Override
    public void free(PagePointer pointer) {
        target.free(pointer);
    }

    @Override
    public void keepExtent(PagePointer extent) {
        kept.add(extent.pageNumber());
        target.keepExtent(extent);
    }
}
