package io.nexuslite.wasp.tree;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.memory.Epochs;
import io.nexuslite.memory.FrameCells;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.PageFrames;
import io.nexuslite.memory.Reclaimer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
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
    private static final int PIN_ROUNDS_MAX = 20_000; // then a reader keeps its view for as long as it likes
    private static final long PIN_WAIT_NANOS = 100_000;
    private static final int STASH_KEPT = 4;
    private static final int RETIRED_MAX = 64; // frames and cells, before somebody who needs a frame reclaims

    final PageFrames frames;
    final Epochs epochs;
    final FrameCells versions;
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
    private final ArrayDeque<Integer> uncovered = new ArrayDeque<>(); // guarded by itself
    private final int[] stash = new int[64];
    private int stashCount;

    private final ReentrantLock evicting = new ReentrantLock();
    private final LongAdder evicted = new LongAdder();
    private int hand; // guarded by evicting
    private volatile int heldForOlder; // frames that the last pass met and left for their older records alone

    /** Shares what it is given and owns none of it. */
    public HotTrees(PageFrames frames, Epochs epochs, FrameCells versions, MemoryBudget budget,
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
        int pinRounds = 0;
        int vainRounds = 0;
        while (true) {
            int frameIndex = acquireCovered();
            if (frameIndex != PageFrames.NOT_FOUND) {
                return frameIndex;
            }
            if (epochs.collect() > 0 || versions.trim()) {
                continue;
            }
            epochs.tryAdvance(); // moves the trim floor too, without which old records keep their frames
            if (epochs.retiredCount() > 0 && pinRounds < PIN_ROUNDS_MAX) {
                pinRounds++;
                LockSupport.parkNanos(PIN_WAIT_NANOS); // readers that are pinned hold what was evicted, but not for long
            } else if (evict(EVICTION_BATCH) == 0 && ++vainRounds > 2) {
                pressure.waitForClean(false);
            }
        }
    }

    /** A free frame that the frame table has words for. One for whose words there is no memory waits until there is. */
    private int acquireCovered() {
        while (true) {
            int frameIndex = PageFrames.NOT_FOUND;
            synchronized (uncovered) {
                if (!uncovered.isEmpty() && table.cover(uncovered.peek())) {
                    frameIndex = uncovered.pop();
                }
            }
            if (frameIndex != PageFrames.NOT_FOUND) {
                return frameIndex;
            }
            frameIndex = frames.acquire();
            if (frameIndex == PageFrames.NOT_FOUND || table.cover(frameIndex)) {
                return frameIndex;
            }
            synchronized (uncovered) {
                uncovered.push(frameIndex);
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

    /**
     * Takes a cell, in a page frame if there is none: so that older records and pages share one pool, and go through the same pressure. Called
     * with no latch held and no pin.
     *
     * @throws MemoryBudgetExceededException as {@link #acquireFrame}
     */
    long allocateCell(int length) {
        while (true) {
            long handle = versions.allocate(length);
            if (handle != FrameCells.NOT_FOUND) {
                return handle;
            }
            try {
                versions.lend(acquireFrame());
            } catch (MemoryBudgetExceededException full) {
                handle = versions.allocateAny(length);
                if (handle == FrameCells.NOT_FOUND) {
                    throw full;
                }
                return handle;
            }
        }
    }

    void retireCell(long link) {
        epochs.retire(cellReclaimer, link & ~LeafFrame.LINK_CELL);
    }

    void freeCell(long handle) {
        long cell = FrameCells.offset(handle);
        int length = LeafFrame.RECORD_OFFSET + LeafFrame.recordLength(versions.memory(handle), cell);
        versions.free(handle, length);
    }

    MemorySegment cellMemory(long link) {
        return versions.memory(link & ~LeafFrame.LINK_CELL);
    }

    static long cellOffset(long link) {
        return FrameCells.offset(link & ~LeafFrame.LINK_CELL);
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
            int held = 0;
            int end = frames.frameCount();
            for (long steps = 2L * end + 1; steps > 0 && count < frameCount; steps--) {
                hand = hand + 1 < end ? hand + 1 : 0;
                HotTree owner = table.owner(hand);
                if (owner == null) {
                    continue;
                }
                if (table.get(hand, FrameTable.REFERENCED) != 0) {
                    table.put(hand, FrameTable.REFERENCED, 0);
                    continue;
                }
                int outcome = Eviction.tryEvict(owner, hand);
                count += outcome == Eviction.DONE ? 1 : 0;
                held += outcome == Eviction.HELD ? 1 : 0;
            }
            heldForOlder = Math.min(held, end); // the hand goes round twice
            evicted.add(count);
            return count;
        } finally {
            evicting.unlock();
        }
    }

    /**
     * Whether older records that somebody may need keep memory from being used again, as the last {@link #evict} saw it; false if most of what
     * is missing waits for pins.
     */
    public boolean holdsOlder() {
        return heldForOlder + versions.lentFrames() > epochs.retiredCount();
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
        uncovered.forEach(frames::release);
        uncovered.clear();
        writer.close();
        pageBuffer.close();
        mergeBuffer.close();
        leafBuffer.close();
        imageBuffer.close();
        table.close();
    }
}
