package io.nexuslite.check;

import io.nexuslite.format.FileLayout;
import io.nexuslite.format.LogGroupLayout;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;

/** What the parts of one check share. One thread. */
final class CheckScope implements AutoCloseable {
    final CheckedFile file;
    final int pageSize;
    final Manifest manifest;
    final CheckCounts counts;
    final PageAccount account;
    /** First page that may be allocated. */
    final long firstPage;
    /** First page that the manifest does not account for, or that the file does not hold. */
    final long endPage;
    /** Trees as the tree table and the catalog know them. */
    final TreeIds treeIds;
    private NativeBuffer large = new NativeBuffer(FileLayout.PAGE_SIZE_MAX);
    /** Part of a tree could not be read, so what it names cannot be known. */
    boolean incomplete;
    /** Whether the walk notes whose pages are whose. */
    boolean claiming = true;

    CheckScope(CheckedFile file, int pageSize, Manifest manifest, CheckCounts counts, PageAccount account) {
        this.file = file;
        this.pageSize = pageSize;
        this.manifest = manifest;
        this.counts = counts;
        this.account = account;
        firstPage = FileLayout.PAGES_POSITION / pageSize;
        endPage = endPage(file, pageSize, manifest);
        treeIds = new TreeIds(manifest.nextTreeId());
    }

    static long endPage(CheckedFile file, int pageSize, Manifest manifest) {
        return Math.clamp(manifest.filePages(), 0, file.size() / pageSize);
    }

    /** The one large piece of memory: for a value or a log group. Valid until the next call. */
    MemorySegment largeMemory(int bytes) {
        if (large.memory().byteSize() < bytes) {
            large.close(); // first, so that the bound on memory holds
            large = new NativeBuffer(Math.min(LogGroupLayout.LENGTH_MAX, Integer.highestOneBit(bytes - 1) << 1));
        }
        return large.memory();
    }

    @Override
    public void close() {
        large.close();
    }

    long position(long page) {
        return page * pageSize;
    }
}
