package io.nexuslite.cache;

import io.nexuslite.memory.Epochs;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.SlabAllocator;
import java.lang.foreign.MemorySegment;

/**
 * The cells of entries: takes them from the slabs, makes room by evicting, and gives them back.
 *
 * <p>An entry of up to {@value CacheCell#CELL_MAX} bytes is one cell; a longer one is a chain of such cells, so that all entries live in slabs of one
 * size, and any slab can serve any length once it is empty.
 *
 * <p><b>Sizes that shift.</b> Sampled eviction frees cells here and there, and seldom a whole slab: a cache full of short entries would have none for long
 * ones. So who finds no cell evicts some by sample, which serves where sizes stay, and else empties a slab: it gives out no more cells, all its entries are taken out, and it is cut anew. Of a few
 * slabs, chosen by chance, it is the one with the fewest bytes in use.
 *
 * <p><b>Progress.</b> Nobody waits: who finds no room in {@value #ROOM_ROUNDS} rounds, or only cells that readers still hold, gives up.
 * <p><b>Reclamation.</b> What is found in a slab is followed only under the lock of its bucket, if the bucket holds it as that very word: what
 * stands in a cell that is free, being filled, or the middle of another, names no entry of that bucket, or one that is there.
 */
final class CacheMemory {
    private static final int ROOM_ROUNDS = 16;
    private static final int ROOM_EVICTIONS = 8;
    private static final int SAMPLED_ROUNDS = 2; // then a slab goes as a whole
    private static final int SAME_SIZES = 16; // so many shortages in a row that evictions by sample served
    private static final int EMPTYINGS_AFTER_SHIFT = 32; // slabs emptied before samples are tried again
    private static final int HEADROOM_SHIFT = 5; // a thirty-second is never used: for cells not yet reclaimed
    private static final int SHORTAGE_SHIFT = 8;
    private static final int RAISE_SHIFT = 14;
    private static final int SLABS_LOOKED_AT = 8;
    private static final int RETIRED_SHIFT = 4; // a sixteenth of the capacity

    private static final int SKETCH_SHIFT = 5;
    private static final int SKETCH_CELLS_MAX = 1 << 12;

    private final CacheCore core;
    private final MemoryBudget budget;
    private final SlabAllocator slabs;
    private final Epochs epochs;
    private long random;
    private int servedBySample; // shortages in a row; threads that meet at these two may lose one
    private int emptyingsToDo;
    private volatile long ceiling = Long.MAX_VALUE;
    private volatile long sketchBytes;
    private volatile int sketchCells;

    CacheMemory(CacheCore core, MemoryBudget budget, SlabAllocator slabs, Epochs epochs, long seed) {
        this.core = core;
        this.budget = budget;
        this.slabs = slabs;
        this.epochs = epochs;
        random = seed | 1;
    }

    MemorySegment memory(long handle) {
        return slabs.memory(handle);
    }

    /** Cells for an entry, chained if they are several; {@link SlabAllocator#NOT_FOUND} if there is no room. The caller fills them. */
    long allocate(long hash, int payload, long now) {
        long head = allocateCell(CacheCell.headLength(payload), now);
        if (head == SlabAllocator.NOT_FOUND || !CacheCell.isChained(payload)) {
            return head;
        }
        long last = head;
        CacheCell.putNext(slabs.memory(head), SlabAllocator.offset(head), true, CacheIndex.NONE);
        for (int left = payload - CacheCell.HEAD_ROOM; left > 0; left -= CacheCell.PART_ROOM) {
            long part = allocateCell(CacheCell.partLength(left), now);
            if (part == SlabAllocator.NOT_FOUND) {
                freeParts(CacheCell.next(slabs.memory(head), SlabAllocator.offset(head), true), payload);
                slabs.free(head, CacheCell.CELL_MAX);
                return SlabAllocator.NOT_FOUND;
            }
            MemorySegment memory = slabs.memory(part);
            CacheCell.fillPart(memory, SlabAllocator.offset(part), hash, head);
            CacheCell.putNext(memory, SlabAllocator.offset(part), false, CacheIndex.NONE);
            CacheCell.putNext(slabs.memory(last), SlabAllocator.offset(last), last == head, part);
            last = part;
        }
        return head;
    }

    /** Gives the cells of an entry back that nobody can see. */
    void free(long head, int payload) {
        if (CacheCell.isChained(payload)) {
            freeParts(CacheCell.next(slabs.memory(head), SlabAllocator.offset(head), true), payload);
        }
        slabs.free(head, CacheCell.headLength(payload));
    }

    private void freeParts(long first, int payload) {
        int left = payload - CacheCell.HEAD_ROOM;
        for (long part = first; part != CacheIndex.NONE; left -= CacheCell.PART_ROOM) {
            long next = CacheCell.next(slabs.memory(part), SlabAllocator.offset(part), false);
            slabs.free(part, CacheCell.partLength(left));
            part = next;
        }
    }

    /** Copies {@code length} bytes to an entry, from {@code position} of its key and value on. */
    void copyIn(long head, int payload, int position, MemorySegment source, long sourceOffset, int length) {
        copy(head, payload, position, source, sourceOffset, length, true);
    }

    /** Copies {@code length} bytes of an entry, from {@code position} of its key and value on. */
    void copyOut(long head, int payload, int position, MemorySegment target, long targetOffset, int length) {
        copy(head, payload, position, target, targetOffset, length, false);
    }

    private void copy(long head, int payload, int position, MemorySegment other, long otherOffset, int length,
            boolean in) {
        boolean chained = CacheCell.isChained(payload);
        long cell = head;
        long data = SlabAllocator.offset(head) + CacheCell.dataStart(chained);
        int room = chained ? CacheCell.HEAD_ROOM : payload;
        int skip = position;
        long at = otherOffset;
        int left = length;
        while (true) {
            MemorySegment memory = slabs.memory(cell);
            int count = Math.min(left, room - skip);
            if (count > 0) {
                if (in) {
                    MemorySegment.copy(other, at, memory, data + skip, count);
                } else {
                    MemorySegment.copy(memory, data + skip, other, at, count);
                }
                at += count;
                left -= count;
            }
            if (left == 0) {
                return;
            }
            skip = Math.max(0, skip - room);
            cell = CacheCell.next(memory, SlabAllocator.offset(cell), cell == head);
            data = SlabAllocator.offset(cell) + CacheCell.PART_HEADER_SIZE;
            room = CacheCell.PART_ROOM;
        }
    }

    // ---- room

    /** One cell of at most {@value CacheCell#CELL_MAX} bytes, or a whole slab; {@link SlabAllocator#NOT_FOUND} if there is no room. */
    long allocateCell(int length, long now) {
        long handle = slabs.allocate(length);
        for (int round = 0; handle == SlabAllocator.NOT_FOUND && round < ROOM_ROUNDS; round++) {
            if (epochs.collect() > 0) {
                handle = slabs.allocate(length);
                continue;
            }
            if (core.retiredBytes() > budget.limit() >>> RETIRED_SHIFT) {
                return SlabAllocator.NOT_FOUND; // readers hold much: more evictions would empty the cache, and help nobody
            }
            boolean expiredOnly = core.mode() == EvictionMode.TTL_ONLY;
            if (expiredOnly || round < SAMPLED_ROUNDS && emptyingsToDo == 0) {
                long before = core.usedBytes();
                if (core.evictor().evictByHelper(ROOM_EVICTIONS, now) == 0 && expiredOnly) {
                    return SlabAllocator.NOT_FOUND;
                }
                epochs.collect();
                handle = slabs.allocate(length);
                noteSample(handle != SlabAllocator.NOT_FOUND
                        && before - core.usedBytes() <= 2L * ROOM_EVICTIONS * SlabAllocator.cellSize(length));
            } else {
                emptyingsToDo = Math.max(0, emptyingsToDo - 1);
                handle = allocateByEmptying(length, now, round);
            }
        }
        return handle;
    }

    /**
     * A sketch of a 32nd to a 64th of the capacity, or {@code null} if there is no room. Its cells stay with the cache.
     */
    FrequencySketch newSketch(long now) {
        long wanted = Long.highestOneBit(budget.limit() >>> SKETCH_SHIFT);
        int bytes = wanted < SlabAllocator.SLAB_SIZE ? CacheCell.CELL_MAX : SlabAllocator.SLAB_SIZE;
        long[] handles = new long[Math.clamp(wanted / bytes, 1, SKETCH_CELLS_MAX)];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = allocateCell(bytes, now);
            if (handles[i] == SlabAllocator.NOT_FOUND) {
                for (int taken = 0; taken < i; taken++) {
                    slabs.free(handles[taken], bytes);
                }
                return null;
            }
        }
        sketchBytes = (long) handles.length * bytes;
        sketchCells = handles.length;
        return new FrequencySketch(slabs, handles, bytes);
    }

    /** Bytes of the sketch. */
    long sketchBytes() {
        return sketchBytes;
    }

    int sketchCells() {
        return sketchCells;
    }

    /**
     * Bytes that entries and index may use: less than the capacity, since slabs are partly used. How much less is learnt: where
     * sizes stay, a shortage lowers it below what was in use then, and time raises it again, so that sampled eviction keeps ahead of
     * shortages. Where sizes shift it says nothing: what is in use then is low because cells of old sizes are free.
     */
    long usableBytes() {
        long limit = budget.limit();
        return Math.min(limit - (limit >>> HEADROOM_SHIFT), Math.max(ceiling, limit >>> 1));
    }

    /** Called every few puts. */
    void raiseCeiling() {
        long limit = budget.limit();
        long now = ceiling;
        if (now < limit) {
            ceiling = now + (limit >>> RAISE_SHIFT) + 1; // lost additions of others are of no account
        }
    }

    /** What evicting a sample gave: a cell, for entries not much longer than what was wanted; or else sizes have shifted. */
    private void noteSample(boolean served) {
        if (!served) {
            emptyingsToDo = EMPTYINGS_AFTER_SHIFT;
            servedBySample = 0;
            ceiling = Long.MAX_VALUE;
        } else if (++servedBySample > SAME_SIZES) {
            long limit = budget.limit();
            ceiling = Math.max(Math.min(ceiling, core.usedBytes()) - (limit >>> SHORTAGE_SHIFT), limit >>> 1);
        }
    }

    /** Whether memory for a chunk of the index is there, or was made. */
    boolean makeRoom(int bytes, long now) {
        if (budget.limit() - budget.total() >= bytes) {
            return true;
        }
        long handle = core.mode() == EvictionMode.TTL_ONLY || core.retiredBytes() > budget.limit() >>> RETIRED_SHIFT
                ? SlabAllocator.NOT_FOUND
                : allocateByEmptying(bytes, now, 0);
        if (handle != SlabAllocator.NOT_FOUND) {
            slabs.free(handle, bytes); // stays cut for one cell of that size, which the chunk takes
        }
        return handle != SlabAllocator.NOT_FOUND;
    }

    private long allocateByEmptying(int length, long now, int round) {
        int slab = choose(Math.max(1, SLABS_LOOKED_AT >> round));
        if (slab < 0 || !slabs.beginDrain(slab)) {
            return slabs.allocate(length);
        }
        try {
            int cellSize = slabs.cellSizeOf(slab);
            for (int at = 0; cellSize > 0 && at + cellSize <= SlabAllocator.SLAB_SIZE; at += cellSize) {
                takeOut(SlabAllocator.handle(slab, at), now);
            }
            epochs.collect();
            return slabs.allocate(length);
        } finally {
            slabs.endDrain(slab);
        }
    }

    /** Fewer choices with each round: the slab with the fewest bytes may be one that overflow buckets of the index keep from being emptied. */
    private int choose(int choices) {
        int count = slabs.slabCount();
        int best = -1;
        int bestBytes = Integer.MAX_VALUE;
        for (int i = 0; i < choices && count > 0; i++) {
            int slab = (int) (nextRandom() >>> 33) % count;
            int cellSize = slabs.cellSizeOf(slab);
            int bytes = cellSize * slabs.heldCellsOf(slab);
            if (cellSize > 0 && bytes < bestBytes) {
                best = slab;
                bestBytes = bytes;
            }
        }
        return best;
    }

    /** Threads that meet here may get the same number; then one of them finds the slab drained, and tries again. */
    private long nextRandom() {
        long next = random;
        next ^= next << 13; // Marsaglia's xorshift64, 13/7/17
        next ^= next >>> 7;
        next ^= next << 17;
        random = next;
        return next;
    }

    /** Evicts the entry whose head or part the cell is, if it is one. */
    private void takeOut(long handle, long now) {
        MemorySegment memory = slabs.memory(handle);
        long cell = SlabAllocator.offset(handle);
        long hash = CacheCell.hash(memory, cell);
        if (!core.takeForRoom(hash, CacheIndex.word(hash, handle), now)) {
            long owner = CacheCell.partOwner(memory, cell) & CacheIndex.HANDLE_MASK;
            core.takeForRoom(hash, CacheIndex.word(hash, owner), now);
        }
    }
}
