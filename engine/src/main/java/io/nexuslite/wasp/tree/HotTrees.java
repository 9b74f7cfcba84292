package io.nexuslite.wasp.tree;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.memory.Epochs;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.MemoryUse;
import io.nexuslite.memory.PageFrames;
import io.nexuslite.memory.Reclaimer;
import io.nexuslite.memory.SlabAllocator;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What all hot trees of a database share: page frames and their table, cells for older records, eviction, and what the one
 * writer works with.
 *
 * <p>{@link #evict} and the counters may be called by any thread.
 */
public final class HotTrees implements AutoCloseable {
    private static final int EVICTION_BATCH = 16;
    private static final int WAIT_ROUNDS = 200; // of 100 µs, for pins of readers to end
    private static final long WAIT_NANOS = 100_000;
    private static final int STASH_KEPT = 4;
    private static final int RETIRED_MAX = 64; // frames and cells, before somebody who needs a frame reclaims

    final PageFrames frames;
    final Epochs epochs;
    final SlabAllocator versions;
    final MemoryBudget budget;
    final VersionRetention retention;
    final FramePressure pressure;
    final int pageSize;
    final FrameTable table;
    final LongAdder pagesRead = new LongAdder();
    final Reclaimer frameReclaimer;
    final Reclaimer cellReclaimer;

    // of the one writer
    final TreeScratch writer = new TreeScratch();
    private final GrowableBuffer pageBuffer;
    private final GrowableBuffer mergeBuffer;
    final MemorySegment mergeKeys;

    // of the one checkpoint
    private final GrowableBuffer leafBuffer;
    private final GrowableBuffer imageBuffer;
    final MemorySegment checkpointLeaf;
    final MemorySegment checkpointImage;

    final MemorySegment writerPage;
    final LeafRebuild rebuild;
    private final int[] stash = new int[64];
    private int stashCount;

    private final ReentrantLock evicting = new ReentrantLock();
    private final LongAdder evicted = new LongAdder();
    private int hand; // guarded by evicting

    /** Shares what it is given and owns none of it. */
    public HotTrees(PageFrames frames, Epochs epochs, SlabAllocator versions, MemoryBudget budget,
            VersionRetention retention, FramePressure pressure) {
        this.frames = frames;
        this.epochs = epochs;
        this.versions = versions;
        this.budget = budget;
        this.retention = retention;
        this.pressure = pressure;
        pageSize = frames.pageSize();
        table = new FrameTable(budget, frames.frameCountMax());
        frameReclaimer = handle -> frames.release((int) handle);
        cellReclaimer = this::freeCell;
        pageBuffer = new GrowableBuffer(pageSize, pageSize);
        writerPage = pageBuffer.memory();
        int keysSize = (int) TreeScratch.keyPlace(TreeScratch.PLACE_SEPARATOR);
        mergeBuffer = new GrowableBuffer(keysSize, keysSize);
        mergeKeys = mergeBuffer.memory();
        leafBuffer = new GrowableBuffer(pageSize, pageSize);
        checkpointLeaf = leafBuffer.memory();
        imageBuffer = new GrowableBuffer(pageSize, pageSize);
        checkpointImage = imageBuffer.memory();
        rebuild = new LeafRebuild(this);
    }

    // ---- page frames

    MemorySegment memory(int frameIndex) {
        return frames.memory(frameIndex);
    }

    long page(int frameIndex) {
        return frames.offset(frameIndex);
    }

    /**
     * Takes a page frame, evicting if there is none. Called with no latch held and no pin.
     *
     * @throws MemoryBudgetExceededException if nothing can be evicted and waiting does not help
     */
    int acquireFrame() {
        if (epochs.retiredCount() > RETIRED_MAX) {
            epochs.collect();
        }
        for (int round = 1;; round++) {
            int frameIndex = frames.acquire();
            if (frameIndex != PageFrames.NOT_FOUND) {
                if (table.cover(frameIndex)) {
                    return frameIndex;
                }
                frames.release(frameIndex);
            }
            if (epochs.collect() > 0) {
                continue;
            }
            epochs.tryAdvance(); // moves the trim floor too, without which old records keep their frames
            if (epochs.retiredCount() == 0) {
                int count = evict(EVICTION_BATCH);
                if (count == 0 && round > 2) {
                    pressure.waitForClean();
                }
            } else if (round % WAIT_ROUNDS == 0) {
                pressure.waitForClean();
            } else {
                LockSupport.parkNanos(WAIT_NANOS); // pins of readers hold what was evicted
            }
        }
    }

    /** Gives back a frame that no reader has ever been able to reach. */
    void releaseFrame(int frameIndex) {
        frames.release(frameIndex);
    }

    /** Gives back a frame that was just made unreachable, once no reader can hold it. */
    void retireFrame(int frameIndex) {
        table.putOwner(frameIndex, null);
        epochs.retire(frameReclaimer, frameIndex);
    }

    /** Makes sure the writer has frames at hand for a change under the latch. */
    void stashFrames(int count) {
        while (stashCount < count) {
            stash[stashCount] = acquireFrame();
            stashCount++;
        }
    }

    int stashedFrames() {
        return stashCount;
    }

    int takeStashed() {
        return stash[--stashCount];
    }

    /** Gives back what a change did not need, but a few. */
    void trimStash() {
        while (stashCount > STASH_KEPT) {
            frames.release(takeStashed());
        }
    }

    // ---- cells of older records

    /** Takes a cell. Called with no latch held. */
    long allocateCell(int length) {
        for (int i = 0;; i++) {
            long handle = versions.allocate(length);
            if (handle != SlabAllocator.NOT_FOUND) {
                return handle;
            }
            if (epochs.collect() == 0 && i > 2) {
                throw new MemoryBudgetExceededException(MemoryUse.VERSION.name(), length, budget.limit());
            }
        }
    }

    void retireCell(long link) {
        epochs.retire(cellReclaimer, link & ~LeafFrame.LINK_CELL);
    }

    void freeCell(long handle) {
        long cell = SlabAllocator.offset(handle);
        int length = LeafFrame.RECORD_OFFSET + LeafFrame.recordLength(versions.memory(handle), cell);
        versions.free(handle, length);
    }

    MemorySegment cellMemory(long link) {
        return versions.memory(link & ~LeafFrame.LINK_CELL);
    }

    static long cellOffset(long link) {
        return SlabAllocator.offset(link & ~LeafFrame.LINK_CELL);
    }

    // ---- eviction

    /**
     * Gives clean page frames back, the ones not used lately first.
     *
     * @return how many, at most {@code frameCount}; they can be used again when no reader is pinned any more
     */
    public int evict(int frameCount) {
        evicting.lock();
        try {
            int count = 0;
            int end = frames.frameCount();
            for (long steps = 2L * end + 1; steps > 0 && count < frameCount; steps--) {
                hand = hand + 1 < end ? hand + 1 : 0;
                HotTree owner = table.owner(hand);
                if (owner == null) {
                    continue;
                }
                if (table.get(hand, FrameTable.REFERENCED) != 0) {
                    table.put(hand, FrameTable.REFERENCED, 0);
                } else if (owner.tryEvict(hand)) {
                    count++;
                }
            }
            evicted.add(count);
            return count;
        } finally {
            evicting.unlock();
        }
    }

    /** Page frames that hold what no checkpoint has written, counted by looking at all; a reading without latches. */
    public int dirtyFrames() {
        int count = 0;
        for (int i = 0, end = frames.frameCount(); i < end; i++) {
            HotTree owner = table.owner(i);
            count += owner != null && owner.looksDirty(i) ? 1 : 0;
        }
        return count;
    }

    public long framesEvicted() {
        return evicted.sum();
    }

    public long pagesRead() {
        return pagesRead.sum();
    }

    /** Gives the writer's memory back. All trees were dropped, and what was retired is reclaimed. */
    @Override
    public void close() {
        while (stashCount > 0) {
            frames.release(takeStashed());
        }
        writer.close();
        pageBuffer.close();
        mergeBuffer.close();
        leafBuffer.close();
        imageBuffer.close();
        table.close();
    }
}
