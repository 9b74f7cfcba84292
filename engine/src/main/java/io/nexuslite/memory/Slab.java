package io.nexuslite.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * One reservation cut into equal cells. All methods are called under the lock of the depot of its size class.
 *
 * <p>State: cells from {@code untouched} on were never given out; those given back form a list, whose links stand in their first
 * 4 bytes; the rest is given out. A checked slab also has a bit for each cell.
 */
final class Slab {
    private static final int NONE = -1;

    final int slabIndex;
    final MemorySegment memory;
    int sizeClass;
    Slab previous; // neighbours in the depot's list of slabs with free cells
    Slab next;
    boolean inDepot; // whether it is cut and counts to the depot of its class
    boolean draining; // gives out no more cells; read without the lock as a hint

    private final long base; // of the slab in its memory
    private final long size;
    private int cellSize;
    private int cellCount;
    private int freeCount;
    private int freeHead;
    private int untouched;

    /** A slab that is the whole of its memory. */
    Slab(int slabIndex, MemorySegment memory) {
        this(slabIndex, memory, 0, memory.byteSize());
    }

    /** A slab of {@code size} bytes from {@code base} on. */
    Slab(int slabIndex, MemorySegment memory, long base, long size) {
        this.slabIndex = slabIndex;
        this.memory = memory;
        this.base = base;
        this.size = size;
    }

    /** Cuts the whole slab anew; nothing of it may be given out. */
    void cut(int newSizeClass) {
        sizeClass = newSizeClass;
        cellSize = SizeClasses.cellSize(newSizeClass);
        cellCount = (int) (size / cellSize);
        freeCount = cellCount;
        freeHead = NONE;
        untouched = 0;
    }

    boolean isEmpty() {
        return freeCount == cellCount;
    }

    boolean isFull() {
        return freeCount == 0;
    }

    /** Offset of a free cell, which is given out. The slab is not full. */
    long take() {
        freeCount--;
        if (freeHead == NONE) {
            return base + (long) untouched++ * cellSize;
        }
        long offset = base + (long) freeHead * cellSize;
        freeHead = memory.get(ValueLayout.JAVA_INT, offset);
        return offset;
    }

    void giveBack(long offset) {
        int cell = (int) ((offset - base) / cellSize);
        if ((offset - base) % cellSize != 0 || cell >= untouched || freeCount == cellCount) {
            throw new IllegalStateException("slab " + slabIndex + " has not given out offset " + offset);
        }
        memory.set(ValueLayout.JAVA_INT, offset, freeHead);
        freeHead = cell;
        freeCount++;
    }

    int cellSize() {
        return cellSize;
    }

    int heldCount() {
        return cellCount - freeCount;
    }

    /** Which cells callers hold, for the checks of a debugging allocator: guarded by itself. */
    static final class Ledger {
        private final BitSet held = new BitSet();

        synchronized void hold(long offset, Object where) {
            int cell = (int) (offset / SizeClasses.GRANULE);
            if (held.get(cell)) {
                throw new IllegalStateException("a cell is given out twice: " + where);
            }
            held.set(cell);
        }

        synchronized void drop(long offset, Object where) {
            int cell = (int) (offset / SizeClasses.GRANULE);
            if (!held.get(cell)) {
                throw new IllegalStateException("a cell is freed twice: " + where);
            }
            held.clear(cell);
        }
    }
}
