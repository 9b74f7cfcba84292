package io.nexuslite.memory;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Cells for things shorter than half a page, cut from page frames that the owner lends when none is free, and gets back when their last
 * cell is freed. So what records outside of pages need and what pages need is one pool, and no share of a budget lies idle for either.
 *
 * <p>A cell is named by a handle of 48 bits: index of its page frame, and offset in that frame's memory. A frame serves one cell size of
 * {@link SizeClasses} at a time. At most one frame without cells is kept, for the next class that asks.
 *
 * <p><b>State.</b> A {@link Slab} for each frame that was ever lent, by frame index; for each size class a list of slabs with free cells;
 * counts. All of it under one spin lock: one writer allocates, and those who reclaim free.
 * <p><b>Invariants.</b> (I1) A cell is held by one caller, or free in its slab. (I2) A lent frame counts for the use of the cells in the
 * budget, not as {@link MemoryUse#PAGE}. (I3) A frame goes back only when no cell of it is held.
 * <p><b>Reclamation.</b> A cell that readers may still see is retired through {@link Epochs} and freed by its {@link Reclaimer}; its memory stays
 * mapped, as the page frames do.
 */
public final class FrameCells implements AutoCloseable {
    /** No cell: a page frame must be lent. */
    public static final long NOT_FOUND = -1;

    private static final int OFFSET_BITS = 24; // in units of 16 bytes
    private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;
    private static final int LOCK = 0;

    private final PageFrames frames;
    private final MemoryBudget budget;
    private final MemoryUse use;
    private final boolean checked;
    private final int lengthMax;
    private final int classCount;
    private final SpinLocks lock = new SpinLocks(1);

    private Slab[] slabs = new Slab[64]; // by frame index
    private Slab.Ledger[] ledgers = new Slab.Ledger[0];
    private final Slab[] withFree; // by size class: lists
    private Slab spare; // without cells
    private final long[] cells;
    private final long[] usedBytes;
    private final long[] frameCounts;
    private long lentFrames; // the spare one included

    /**
     * Cells without memory yet, checked if assertions are on.
     *
     * @param frames whose frames are lent
     * @param budget that of the frames
     * @param use what lent frames count for
     */
    public FrameCells(PageFrames frames, MemoryBudget budget, MemoryUse use) {
        this.frames = frames;
        this.budget = budget;
        this.use = use;
        checked = FrameCells.class.desiredAssertionStatus();
        lengthMax = frames.pageSize() / 2;
        classCount = SizeClasses.of(lengthMax) + 1;
        withFree = new Slab[classCount];
        cells = new long[classCount];
        usedBytes = new long[classCount];
        frameCounts = new long[classCount];
    }

    /** Native memory that holds a cell, and others beside it; the cell starts at {@link #offset}. Owned by the page frames. */
    public MemorySegment memory(long handle) {
        return frames.memory((int) (handle >>> OFFSET_BITS));
    }

    /** Where a cell starts within {@link #memory}: a multiple of 16. */
    public static long offset(long handle) {
        return (handle & OFFSET_MASK) * SizeClasses.GRANULE;
    }

    /** Longest cell, in bytes: half a page. */
    public int lengthMax() {
        return lengthMax;
    }

    /**
     * Gives out a cell of at least {@code length} bytes, with whatever it held last.
     *
     * @param length 1 to {@link #lengthMax}
     * @return its handle of 48 bits, or {@link #NOT_FOUND} if a frame must be lent
     */
    public long allocate(int length) {
        requireLength(length);
        int sizeClass = SizeClasses.of(length);
        lock.lock(LOCK);
        try {
            if (withFree[sizeClass] == null && spare != null) {
                Slab slab = spare;
                spare = null;
                slab.cut(sizeClass);
                frameCounts[sizeClass]++;
                link(slab);
            }
            return withFree[sizeClass] == null ? NOT_FOUND : take(withFree[sizeClass], length);
        } finally {
            lock.unlock(LOCK);
        }
    }

    /** As {@link #allocate}, also a cell of a larger class: when no frame can be lent. */
    public long allocateAny(int length) {
        long handle = allocate(length);
        if (handle != NOT_FOUND) {
            return handle;
        }
        lock.lock(LOCK);
        try {
            for (int c = SizeClasses.of(length) + 1; c < classCount; c++) {
                if (withFree[c] != null) {
                    return take(withFree[c], length);
                }
            }
            return NOT_FOUND;
        } finally {
            lock.unlock(LOCK);
        }
    }

    private void requireLength(int length) {
        if (length <= 0 || length > lengthMax) {
            throw new IllegalArgumentException("length must be 1 to " + lengthMax + ": " + length);
        }
    }

    private long take(Slab slab, int length) {
        long offset = slab.take();
        if (slab.isFull()) {
            unlink(slab);
        }
        cells[slab.sizeClass]++;
        usedBytes[slab.sizeClass] += length;
        long handle = (long) slab.slabIndex << OFFSET_BITS | offset / SizeClasses.GRANULE;
        if (checked) {
            ledgers[slab.slabIndex].hold(offset, Long.toHexString(handle));
        }
        return handle;
    }

    /**
     * Takes a cell back.
     *
     * @param length what it was allocated with
     */
    public void free(long handle, int length) {
        requireLength(length);
        int frameIndex = (int) (handle >>> OFFSET_BITS);
        Slab emptied = null;
        lock.lock(LOCK);
        try {
            Slab slab = handle < 0 || frameIndex >= slabs.length ? null : slabs[frameIndex];
            if (slab == null || SizeClasses.cellSize(slab.sizeClass) < length) {
                throw new IllegalArgumentException("no such cell: " + Long.toHexString(handle));
            }
            if (checked) {
                ledgers[frameIndex].drop(offset(handle), Long.toHexString(handle));
            }
            cells[slab.sizeClass]--;
            usedBytes[slab.sizeClass] -= length;
            boolean wasFull = slab.isFull();
            slab.giveBack(offset(handle));
            if (wasFull) {
                link(slab);
            }
            if (slab.isEmpty()) {
                unlink(slab);
                frameCounts[slab.sizeClass]--;
                if (spare == null) {
                    spare = slab;
                } else {
                    emptied = slab;
                    lentFrames--;
                }
            }
        } finally {
            lock.unlock(LOCK);
        }
        if (emptied != null) {
            giveBack(emptied);
        }
    }

    /** Lends a page frame that the caller has acquired, for the cells to come. */
    public void lend(int frameIndex) {
        budget.transfer(MemoryUse.PAGE, use, frames.pageSize());
        Slab surplus;
        lock.lock(LOCK);
        try {
            cover(frameIndex);
            surplus = spare;
            spare = slabs[frameIndex];
            lentFrames += surplus == null ? 1 : 0;
        } finally {
            lock.unlock(LOCK);
        }
        if (surplus != null) {
            giveBack(surplus);
        }
    }

    private void cover(int frameIndex) {
        if (frameIndex >= slabs.length) {
            slabs = Arrays.copyOf(slabs, Math.max(frameIndex + 1, 2 * slabs.length));
        }
        if (checked && ledgers.length < slabs.length) {
            ledgers = Arrays.copyOf(ledgers, slabs.length);
        }
        if (slabs[frameIndex] == null) {
            slabs[frameIndex] = new Slab(frameIndex, frames.memory(frameIndex), frames.offset(frameIndex), frames
                    .pageSize());
            if (checked) {
                ledgers[frameIndex] = new Slab.Ledger();
            }
        }
    }

    /** Gives the frame that holds no cell back, if there is one; returns whether there was. */
    public boolean trim() {
        Slab slab;
        lock.lock(LOCK);
        try {
            slab = spare;
            spare = null;
            lentFrames -= slab == null ? 0 : 1;
        } finally {
            lock.unlock(LOCK);
        }
        if (slab != null) {
            giveBack(slab);
        }
        return slab != null;
    }

    private void giveBack(Slab slab) {
        budget.transfer(use, MemoryUse.PAGE, frames.pageSize());
        frames.release(slab.slabIndex);
    }

    /** Page frames that are lent at this moment. */
    public long lentFrames() {
        lock.lock(LOCK);
        try {
            return lentFrames;
        } finally {
            lock.unlock(LOCK);
        }
    }

    /** Cells and bytes over all size classes. */
    public SlabStatistics statistics() {
        lock.lock(LOCK);
        try {
            long cellSum = 0;
            long usedSum = 0;
            long cellBytes = 0;
            for (int c = 0; c < classCount; c++) {
                cellSum += cells[c];
                usedSum += usedBytes[c];
                cellBytes += cells[c] * SizeClasses.cellSize(c);
            }
            return new SlabStatistics(use, 0, cellSum, usedSum, cellBytes, lentFrames * frames.pageSize());
        } finally {
            lock.unlock(LOCK);
        }
    }

    private void link(Slab slab) {
        int c = slab.sizeClass;
        slab.previous = null;
        slab.next = withFree[c];
        if (withFree[c] != null) {
            withFree[c].previous = slab;
        }
        withFree[c] = slab;
    }

    private void unlink(Slab slab) {
        if (slab.previous != null) {
            slab.previous.next = slab.next;
        } else if (withFree[slab.sizeClass] == slab) {
            withFree[slab.sizeClass] = slab.next;
        }
        if (slab.next != null) {
            slab.next.previous = slab.previous;
        }
        slab.previous = null;
        slab.next = null;
    }

    /** Gives all frames back, those with cells that are still held included; idempotent. Nobody uses the cells any more. */
    @Override
    public void close() {
        long lent;
        lock.lock(LOCK);
        try {
            lent = lentFrames;
            lentFrames = 0;
            spare = null;
            Arrays.fill(withFree, null);
        } finally {
            lock.unlock(LOCK);
        }
        budget.transfer(use, MemoryUse.PAGE, lent * frames.pageSize()); // the frames' owner frees their memory
    }
}
