package io.nexuslite.wasp;

import io.nexuslite.memory.NativeBuffer;
import io.nexuslite.wasp.space.PageSpace;
import io.nexuslite.wasp.space.SpaceMap;
import io.nexuslite.wasp.tree.PagePointer;
import io.nexuslite.wasp.tree.PageWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The pages of one manifest to be: what was allocated for it, what it no longer names. Pages with neighbouring numbers go to the
 * file in one write. One thread at a time.
 *
 * <p>Nothing here touches the space map's account before {@link #flipped}, save that allocated pages are no longer free; {@link
 * #abandon} gives them back.
 */
final class CheckpointBuild implements PageWriter, AutoCloseable {
    private static final int RUN_BYTES = 1024 * 1024;

    private final PageSpace space;
    private final long manifestNumber;
    private final int pageSize;
    private final NativeBuffer run = new NativeBuffer(RUN_BYTES);
    private long runPage;
    private int runLength;
    private final List<Long> allocated = new ArrayList<>();
    private final List<SpaceMap.Retired> retired = new ArrayList<>();
    private final Set<Long> kept = new HashSet<>();

    CheckpointBuild(PageSpace space, long manifestNumber) {
        this.space = space;
        this.manifestNumber = manifestNumber;
        this.pageSize = space.file().pageSize();
    }

    @Override
    public long birthManifest() {
        return manifestNumber;
    }

    @Override
    public long allocatePage() {
        long page = space.allocate(1, true);
        allocated.add(page);
        return page;
    }

    /** Makes a page pending that was allocated and is not needed after all: it stays out of what is free now. */
    void retireUnwritten(long page) {
        retired.add(new SpaceMap.Retired(page, 1, manifestNumber));
    }

    @Override
    public void writePage(long pageNumber, MemorySegment image, long offset) {
        boolean follows = pageNumber == runPage + runLength / pageSize;
        if (!follows || runLength == RUN_BYTES) {
            writeRun();
            runPage = pageNumber;
        }
        MemorySegment.copy(image, offset, run.memory(), runLength, pageSize);
        runLength += pageSize;
    }

    /** Hands what is left in the buffer to the file. */
    void writeRun() {
        if (runLength > 0) {
            space.file().write(runPage, run.memory(), 0, runLength);
            runLength = 0;
        }
    }

    @Override
    public void free(PagePointer pointer) {
        retired.add(new SpaceMap.Retired(pointer.pageNumber(), (pointer.length() + pageSize - 1) / pageSize,
                pointer.birthManifest()));
    }

    @Override
    public void keepExtent(PagePointer extent) {
        kept.add(extent.pageNumber());
    }

    int pageCount() {
        return allocated.size();
    }

    /** What the manifest will tell of the file's pages, if it is written now. */
    SpaceMap.Account account(long csn) {
        return space.map().account(manifestNumber, csn, retired, kept);
    }

    /** Cuts free pages at the end of the file out of the account. */
    void cutTail() {
        space.map().cutTail();
    }

    /** The manifest is durable. */
    void flipped(long csn) {
        space.map().flipped(manifestNumber, csn, retired, kept);
    }

    /** The manifest will never be: its pages are free again. */
    void abandon() {
        for (long page : allocated) {
            space.map().giveBack(page, 1);
        }
        allocated.clear();
    }

    @Override
    public void close() {
        run.close();
    }
}
