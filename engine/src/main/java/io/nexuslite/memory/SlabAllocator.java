package io.nexuslite.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cells of native memory for things of any length from 1 byte to 32 MiB, reserved from a budget under one {@link MemoryUse}.
 *
 * <p>A cell is named by a handle of 48 bits: index of its slab, and offset in it. Slabs of 64 KiB serve cells up to 8 KiB; a larger
 * cell has a slab of its own. Memory is type-stable: it stays mapped until {@link #close}, and a slab changes its cell size only when all of
 * its cells are free. An empty 64 KiB slab serves any class again; a large one keeps its size, and serves shorter lengths (of the
 * eight classes below) when the budget is used up.
 *
 * <p><b>State.</b> {@link SlabStripe}s with magazines of free cells, {@link SlabDepot}s with the slabs of a class, the table of slabs;
 * each under its spin lock, in this order; depots upwards. Threads, virtual ones too, choose a stripe by their id and take the next
 * if it is locked.
 * <p><b>Invariants.</b> (I1) A cell is held by one caller, or in one magazine, or free in its slab. (I2) The bytes of all slabs are reserved.
 * <p><b>Ordering.</b> All words are guarded by locks, save {@code memories}, whose elements are stored before a handle that names them can
 * leave {@link #allocate}: a handle that was loaded with acquire from where its owner released it may be followed at once.
 * <p><b>Progress.</b> Nobody parks, nor leaves its carrier with a lock ({@link SpinLocks}). Native memory is allocated with no lock held; that takes
 * long, so cells are allocated before any latch is taken. Threads that lack a cell of one class at the same time may each add a slab. Freeing
 * never allocates native memory.
 * <p><b>Reclamation.</b> A cell that readers may still see is retired through {@link Epochs} and freed by its {@link Reclaimer}.
 */
public final class SlabAllocator implements AutoCloseable {
    /** No cell: the budget is used up. */
    public static final long NOT_FOUND = -1;

    /** Longest cell, in bytes. */
    public static final int LENGTH_MAX = SizeClasses.LENGTH_MAX;

    /** Bytes of a slab that is cut into cells of one size. */
    public static final int SLAB_SIZE = 64 * 1024;

    /** Longest cell that shares a slab with others: larger ones would waste too much at its end. */
    public static final int SHARED_LENGTH_MAX = 8 * 1024;

    private static final int OFFSET_BITS = 24; // in units of 16 bytes: 256 MiB
    private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;
    private static final int SLAB_COUNT_MAX = 1 << 24;
    private static final int ALIGNMENT = 64;
    private static final int STRIPES = 8;
    private static final int TABLE_LOCK = SizeClasses.COUNT; // behind those of the depots

    private final MemoryBudget budget;
    private final MemoryUse use;
    private final boolean checked;
    private final Arena arena = Arena.ofShared();
    private final SpinLocks stripeLocks = new SpinLocks(STRIPES);
    final SpinLocks depotLocks = new SpinLocks(SizeClasses.COUNT + 1);
    private final SlabStripe[] stripes = new SlabStripe[STRIPES];
    private final SlabDepot[] depots = new SlabDepot[SizeClasses.COUNT];

    private MemorySegment[] memories = new MemorySegment[16]; // written under the table lock, like all below
    private Slab[] slabs = new Slab[16];
    private Slab.Ledger[] ledgers = new Slab.Ledger[0];
    private int slabCount;
    private Slab empty; // list of slabs of SLAB_SIZE that belong to no class
    private long reservedBytes;
    private boolean closed;

    /** An allocator without memory yet, checked if assertions are on. */
    public SlabAllocator(MemoryBudget budget, MemoryUse use) {
        this(budget, use, SlabAllocator.class.desiredAssertionStatus());
    }

    /** @param checked whether each call verifies that no cell is given out or freed twice, at the price of a lock */
    public SlabAllocator(MemoryBudget budget, MemoryUse use, boolean checked) {
        this.budget = budget;
        this.use = use;
        this.checked = checked;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new SlabStripe();
        }
        for (int i = 0; i < depots.length; i++) {
            depots[i] = new SlabDepot(this, i);
        }
    }

    /** Native memory that holds a cell, and others beside it; the cell starts at {@link #offset}. Owned by the allocator. */
    public MemorySegment memory(long handle) {
        return memories[(int) (handle >>> OFFSET_BITS)];
    }

    /** Where a cell starts within {@link #memory}: a multiple of 16. */
    public static long offset(long handle) {
        return (handle & OFFSET_MASK) * SizeClasses.GRANULE;
    }

    /** The cell that starts at {@code offset} of the slab numbered {@code slabIndex}. */
    public static long handle(int slabIndex, long offset) {
        return (long) slabIndex << OFFSET_BITS | offset / SizeClasses.GRANULE;
    }

    /**
     * Gives out a cell of at least {@code length} bytes, with whatever it held last.
     *
     * @param length 1 to {@link #LENGTH_MAX}
     * @return its handle of 48 bits, or {@link #NOT_FOUND} if the budget is used up
     */
    public long allocate(int length) {
        if (length <= 0 || length > LENGTH_MAX) {
            throw new IllegalArgumentException("length must be 1 to " + LENGTH_MAX + ": " + length);
        }
        int sizeClass = SizeClasses.of(length);
        long handle = allocateIn(sizeClass, length);
        if (handle == NOT_FOUND) {
            handle = allocateShort(sizeClass, length);
        }
        if (checked && handle != NOT_FOUND) {
            ledger(handle).hold(offset(handle), Long.toHexString(handle));
        }
        return handle;
    }

    /**
     * Takes a cell back.
     *
     * @param length what it was allocated with
     */
    public void free(long handle, int length) {
        Slab slab = slab(handle);
        int sizeClass = slab.sizeClass; // stays while the caller's cell is held; larger than that of length after a shortage
        if (length <= 0 || length > SizeClasses.cellSize(sizeClass)) {
            throw new IllegalArgumentException(
                    "length does not belong to cell " + Long.toHexString(handle) + ": " + length);
        }
        if (checked) {
            ledger(handle).drop(offset(handle), Long.toHexString(handle));
        }
        int index = stripeLocks.lockAny(Epochs.stripeOfThread(), STRIPES);
        try {
            SlabStripe stripe = stripes[index];
            stripe.cells[sizeClass]--;
            stripe.usedBytes[sizeClass] -= length;
            if (slab.draining || !stripe.push(sizeClass, handle)) {
                giveBack(stripe, sizeClass, handle);
            }
        } finally {
            stripeLocks.unlock(index);
        }
    }

    // ---- emptying slabs, for an owner who can take cells away from their holders

    /** Slabs so far, numbered from 0. */
    public int slabCount() {
        depotLocks.lock(TABLE_LOCK);
        int count = slabCount;
        depotLocks.unlock(TABLE_LOCK);
        return count;
    }

    /** Bytes of a cell of a slab of {@link #SLAB_SIZE}, or 0 if it is not cut, or for one cell only. A hint: the next moment may change it. */
    public int cellSizeOf(int slabIndex) {
        Slab slab = slabs[slabIndex];
        return slab.inDepot && slab.cellSize() <= SHARED_LENGTH_MAX ? slab.cellSize() : 0;
    }

    /** Cells of a slab that are given out or in magazines; a hint as {@link #cellSizeOf}. */
    public int heldCellsOf(int slabIndex) {
        return slabs[slabIndex].heldCount();
    }

    /**
     * Gives out no cell of a slab until {@link #endDrain}, which the caller must call if this returns true. When the last of its
     * cells was freed, the slab serves any size.
     *
     * @return false if it is not cut, or drained by another
     */
    public boolean beginDrain(int slabIndex) {
        Slab slab = slabs[slabIndex];
        int sizeClass = slab.sizeClass;
        depotLocks.lock(sizeClass);
        try {
            return depots[sizeClass].beginDrain(slab);
        } finally {
            depotLocks.unlock(sizeClass);
        }
    }

    /** Ends what {@link #beginDrain} began. */
    public void endDrain(int slabIndex) {
        Slab slab = slabs[slabIndex];
        int sizeClass = slab.sizeClass;
        depotLocks.lock(sizeClass);
        try {
            depots[sizeClass].endDrain(slab);
        } finally {
            depotLocks.unlock(sizeClass);
        }
    }

    /** Bytes that a cell of {@link #allocate} for {@code length} bytes usually has. */
    public static int cellSize(int length) {
        return SizeClasses.cellSize(SizeClasses.of(length));
    }

    /** Bytes of all slabs. */
    public long reservedBytes() {
        depotLocks.lock(TABLE_LOCK);
        try {
            return reservedBytes;
        } finally {
            depotLocks.unlock(TABLE_LOCK);
        }
    }

    /** Cells and bytes over all size classes. */
    public SlabStatistics statistics() {
        long cells = 0;
        long usedBytes = 0;
        long cellBytes = 0;
        for (SlabStatistics one : classStatistics()) {
            cells += one.cells();
            usedBytes += one.usedBytes();
            cellBytes += one.cellBytes();
        }
        return new SlabStatistics(use, 0, cells, usedBytes, cellBytes, reservedBytes());
    }

    /** Cells and bytes of each size class that has slabs or ever gave out a cell that is held. */
    public List<SlabStatistics> classStatistics() {
        long[] cells = new long[SizeClasses.COUNT];
        long[] usedBytes = new long[SizeClasses.COUNT];
        for (int i = 0; i < STRIPES; i++) {
            stripeLocks.lock(i);
            try {
                for (int c = 0; c < SizeClasses.COUNT; c++) {
                    cells[c] += stripes[i].cells[c];
                    usedBytes[c] += stripes[i].usedBytes[c];
                }
            } finally {
                stripeLocks.unlock(i);
            }
        }
        List<SlabStatistics> result = new ArrayList<>();
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            depotLocks.lock(c);
            long reserved = depots[c].reservedBytes;
            depotLocks.unlock(c);
            if (reserved != 0 || cells[c] != 0) {
                int cellSize = SizeClasses.cellSize(c);
                result.add(new SlabStatistics(use, cellSize, cells[c], usedBytes[c], cells[c] * cellSize, reserved));
            }
        }
        return result;
    }

    /** Frees all memory and its reservation, cells that are still held included; idempotent. No other thread uses it any more. */
    @Override
    public void close() {
        long bytes;
        depotLocks.lock(TABLE_LOCK);
        try {
            if (closed) {
                return;
            }
            closed = true;
            bytes = reservedBytes;
            reservedBytes = 0;
        } finally {
            depotLocks.unlock(TABLE_LOCK);
        }
        arena.close();
        budget.release(use, bytes);
    }

    private long allocateIn(int sizeClass, int length) {
        long handle = takeOne(sizeClass, length, null);
        if (handle == NOT_FOUND) {
            Slab added = addSlab(sizeClass);
            handle = added == null ? NOT_FOUND : takeOne(sizeClass, length, added);
        }
        return handle;
    }

    /** A cell from the stripe or the depot, to which {@code added} is added first, unless it is {@code null}. */
    private long takeOne(int sizeClass, int length, Slab added) {
        int index = stripeLocks.lockAny(Epochs.stripeOfThread(), STRIPES);
        try {
            SlabStripe stripe = stripes[index];
            long handle = added == null ? stripe.pop(sizeClass) : NOT_FOUND;
            if (handle == NOT_FOUND) {
                handle = refill(stripe, sizeClass, added);
            }
            if (handle != NOT_FOUND) {
                stripe.cells[sizeClass]++;
                stripe.usedBytes[sizeClass] += length;
            }
            return handle;
        } finally {
            stripeLocks.unlock(index);
        }
    }

    /** The budget refused: looks into other stripes' magazines, then into larger classes. */
    private long allocateShort(int sizeClass, int length) {
        for (int i = 0; i < STRIPES; i++) {
            stripeLocks.lock(i);
            try {
                emptyMagazines(stripes[i]);
            } finally {
                stripeLocks.unlock(i);
            }
        }
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            depotLocks.lock(c);
            try {
                depots[c].trim();
            } finally {
                depotLocks.unlock(c);
            }
        }
        long handle = allocateIn(sizeClass, length);
        for (int c = sizeClass + 1; handle == NOT_FOUND && c < Math.min(sizeClass + 9, SizeClasses.COUNT); c++) {
            handle = takeFrom(c);
            if (handle != NOT_FOUND) {
                int index = stripeLocks.lockAny(Epochs.stripeOfThread(), STRIPES);
                stripes[index].cells[c]++;
                stripes[index].usedBytes[c] += length;
                stripeLocks.unlock(index);
            }
        }
        return handle;
    }

    /** Takes one cell for the caller and half a magazine more from the depot, to which {@code added} comes first. */
    private long refill(SlabStripe stripe, int sizeClass, Slab added) {
        SlabDepot depot = depots[sizeClass];
        depotLocks.lockInner(sizeClass);
        try {
            if (added != null) {
                depot.add(added);
            }
            long handle = depot.take();
            boolean more = handle != NOT_FOUND;
            for (int i = SlabStripe.capacity(sizeClass) / 2; more && i > 0 && !stripe.isFull(sizeClass); i--) {
                long spare = depot.take();
                more = spare != NOT_FOUND && stripe.push(sizeClass, spare);
            }
            return handle;
        } finally {
            depotLocks.unlock(sizeClass);
        }
    }

    private long takeFrom(int sizeClass) {
        depotLocks.lock(sizeClass);
        try {
            return depots[sizeClass].take();
        } finally {
            depotLocks.unlock(sizeClass);
        }
    }

    /** The magazine is full, or the slab drains: this cell and half of the magazine go to their slabs. */
    private void giveBack(SlabStripe stripe, int sizeClass, long handle) {
        depotLocks.lockInner(sizeClass);
        try {
            SlabDepot depot = depots[sizeClass];
            depot.giveBack(slab(handle), offset(handle));
            for (int i = SlabStripe.capacity(sizeClass) / 2; i > 0 && stripe.length(sizeClass) > 0; i--) {
                long spare = stripe.pop(sizeClass);
                depot.giveBack(slab(spare), offset(spare));
            }
        } finally {
            depotLocks.unlock(sizeClass);
        }
    }

    private void emptyMagazines(SlabStripe stripe) {
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            if (stripe.length(c) > 0) {
                depotLocks.lockInner(c);
                try {
                    for (long handle = stripe.pop(c); handle != NOT_FOUND; handle = stripe.pop(c)) {
                        depots[c].giveBack(slab(handle), offset(handle));
                    }
                } finally {
                    depotLocks.unlock(c);
                }
            }
        }
    }

    private Slab slab(long handle) {
        int slabIndex = (int) (handle >>> OFFSET_BITS);
        Slab[] table = slabs;
        if (handle < 0 || slabIndex >= table.length || table[slabIndex] == null) {
            throw new IllegalArgumentException("no such cell: " + Long.toHexString(handle));
        }
        return table[slabIndex];
    }

    private Slab.Ledger ledger(long handle) {
        return ledgers[(int) (handle >>> OFFSET_BITS)];
    }

    /** A slab cut for a class, which is the caller's to add to the depot; {@code null} if the budget is used up. No lock is held. */
    private Slab addSlab(int sizeClass) {
        int cellSize = SizeClasses.cellSize(sizeClass);
        int bytes = cellSize <= SHARED_LENGTH_MAX ? SLAB_SIZE : cellSize;
        Slab slab = bytes == SLAB_SIZE ? takeEmptySlab() : null;
        if (slab == null && budget.tryReserve(use, bytes)) {
            slab = newSlab(bytes);
        }
        if (slab != null) {
            slab.cut(sizeClass);
        }
        return slab;
    }

    private Slab takeEmptySlab() {
        depotLocks.lock(TABLE_LOCK);
        Slab slab = empty;
        if (slab != null) {
            empty = slab.next;
            slab.next = null;
        }
        depotLocks.unlock(TABLE_LOCK);
        return slab;
    }

    /** Takes a slab of {@link #SLAB_SIZE} back for any class. Called under the lock of a depot. */
    void addEmptySlab(Slab slab) {
        depotLocks.lockInner(TABLE_LOCK);
        slab.next = empty;
        empty = slab;
        depotLocks.unlock(TABLE_LOCK);
    }

    /** A slab of reserved bytes, which are given back if there is none: the allocator is closed, or has too many. */
    private Slab newSlab(int bytes) {
        Slab slab = null;
        try {
            slab = mayAddSlab() ? addToTable(arena.allocate(bytes, ALIGNMENT)) : null;
            return slab;
        } finally {
            if (slab == null) {
                budget.release(use, bytes);
            }
        }
    }

    private boolean mayAddSlab() {
        depotLocks.lock(TABLE_LOCK);
        boolean result = !closed && slabCount < SLAB_COUNT_MAX;
        depotLocks.unlock(TABLE_LOCK);
        return result;
    }

    private Slab addToTable(MemorySegment memory) {
        depotLocks.lock(TABLE_LOCK);
        try {
            if (slabCount == SLAB_COUNT_MAX) {
                return null;
            }
            if (slabCount == slabs.length) {
                int length = slabCount * 2;
                MemorySegment[] newMemories = Arrays.copyOf(memories, length);
                slabs = Arrays.copyOf(slabs, length);
                memories = newMemories;
            }
            if (checked && ledgers.length < slabs.length) {
                Slab.Ledger[] longer = Arrays.copyOf(ledgers, slabs.length);
                for (int i = ledgers.length; i < longer.length; i++) {
                    longer[i] = new Slab.Ledger();
                }
                ledgers = longer;
            }
            Slab slab = new Slab(slabCount, memory);
            memories[slabCount] = memory;
            slabs[slabCount] = slab;
            slabCount++;
            reservedBytes += memory.byteSize();
            return slab;
        } finally {
            depotLocks.unlock(TABLE_LOCK);
        }
    }
}
