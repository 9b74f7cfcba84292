package io.nexuslite.wasp;

import io.nexuslite.format.Crc32c;
import io.nexuslite.format.Pointer;
import io.nexuslite.wasp.space.DatabaseFile;
import io.nexuslite.wasp.tree.PageCheck;
import io.nexuslite.wasp.tree.PagePointer;
import io.nexuslite.wasp.tree.PageReader;
import io.nexuslite.wasp.tree.ValueSource;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;

/** Reads pages and extents of the database file for the trees. Any thread. */
final class DatabasePages implements PageReader, ValueSource {
    private final DatabaseFile file;
    private final LongAdder pagesRead = new LongAdder();

    DatabasePages(DatabaseFile file) {
        this.file = file;
    }

    @Override
    public void readPage(PagePointer pointer, int treeId, MemorySegment target, long offset, Crc32c crc) {
        PageCheck.requirePagePointer(pointer, treeId, file.pageSize(), fileName());
        file.read(pointer.pageNumber(), target, offset, pointer.length());
        PageCheck.requirePage(pointer, treeId, target, offset, file.pageSize(), crc, fileName());
        pagesRead.increment();
    }

    @Override
    public void readExtent(PagePointer extent, MemorySegment target, long offset, Crc32c crc) {
        file.read(extent.pageNumber(), target, offset, extent.length());
        PageCheck.requireExtent(extent, target, offset, file.pageSize(), crc, fileName());
    }

    static Pointer immutable(PagePointer pointer) {
        return pointer.isNone()
                ? Pointer.NONE
                : new Pointer(pointer.pageNumber(), pointer.kind(), pointer.codec(), pointer.birthManifest(),
                        pointer.checksum(),
                        pointer.length());
    }

    static PagePointer mutable(Pointer pointer) {
        return pointer.isNone()
                ? new PagePointer()
                : new PagePointer().set(pointer.kind(), pointer.pageNumber(), pointer.birthManifest(),
                        pointer.checksum(),
                        pointer.length());
    }

    @Override
    public String fileName() {
        return file.path().toString();
    }

    @Override
    public int pageSize() {
        return file.pageSize();
    }

    long pagesRead() {
        return pagesRead.sum();
    }
}
