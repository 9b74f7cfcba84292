package io.nexuslite.cache;

import io.nexuslite.memory.SlabAllocator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;

/**
 * About how often a hash was seen of late, 0 to {@value #COUNT_MAX}: a count-min sketch (Cormode and Muthukrishnan, 2005) of four-bit counters
 * that age, as an admission filter (Einziger, Friedman and Manes, "TinyLFU: A Highly Efficient Cache Admission Policy", ACM Transactions on
 * Storage 13:4, 2017). The four counters of a hash stand in one block of 64 bytes, so an addition costs one cache line.
 *
 * <p><b>State.</b> Words of sixteen counters in cells of the slabs, read and written opaque; additions that meet may be lost.
 * <p><b>Aging.</b> TinyLFU halves all counters after a sample of ten additions for each counter of a row. Here each addition halves the
 * next block with such a chance that the whole sketch is halved once in a sample: nobody pays for all of it at once.
 */
final class FrequencySketch {
    static final int COUNT_MAX = 15;

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final int BLOCK_SIZE = 64;
    private static final int ROWS = 4;
    private static final int ADDITIONS_PER_COUNTER = 10;
    private static final int COUNTERS_PER_WORD = 16;
    private static final int ROW_COUNTERS_PER_BLOCK = BLOCK_SIZE / Long.BYTES * COUNTERS_PER_WORD / ROWS;
    private static final int ADDITIONS_PER_AGING = ADDITIONS_PER_COUNTER * ROW_COUNTERS_PER_BLOCK;
    private static final long HALVES = 0x7777_7777_7777_7777L;

    private final MemorySegment[] memories;
    private final long[] offsets;
    private final int blocksShift; // blocks of one cell, as a power of two
    private final int blockMask; // of all
    private int cursor; // of aging: threads that meet here age a block twice, or none

    /** A sketch over cells of {@code bytes} bytes each; the number of cells and their size are powers of two. */
    FrequencySketch(SlabAllocator slabs, long[] handles, int bytes) {
        memories = new MemorySegment[handles.length];
        offsets = new long[handles.length];
        for (int i = 0; i < handles.length; i++) {
            memories[i] = slabs.memory(handles[i]);
            offsets[i] = SlabAllocator.offset(handles[i]);
            memories[i].asSlice(offsets[i], bytes).fill((byte) 0);
        }
        blocksShift = Integer.numberOfTrailingZeros(bytes / BLOCK_SIZE);
        blockMask = (handles.length << blocksShift) - 1;
    }

    /** Counts a hash once more. */
    void add(long hash) {
        long mixed = mix(hash);
        int block = (int) (mixed >>> 32) & blockMask;
        for (int row = 0; row < ROWS; row++) {
            int choice = (int) (mixed >>> row * 8) & 0xff;
            long at = at(block, row, choice);
            int shift = (choice >>> 1 & COUNTERS_PER_WORD - 1) * 4;
            MemorySegment memory = memory(block);
            long word = (long) WORD.getOpaque(memory, at);
            if ((word >>> shift & COUNT_MAX) != COUNT_MAX) {
                WORD.setOpaque(memory, at, word + (1L << shift));
            }
        }
        if (ThreadLocalRandom.current().nextInt(ADDITIONS_PER_AGING) == 0) {
            age();
        }
    }

    int frequency(long hash) {
        long mixed = mix(hash);
        int block = (int) (mixed >>> 32) & blockMask;
        int least = COUNT_MAX;
        for (int row = 0; row < ROWS; row++) {
            int choice = (int) (mixed >>> row * 8) & 0xff;
            int shift = (choice >>> 1 & COUNTERS_PER_WORD - 1) * 4;
            long word = (long) WORD.getOpaque(memory(block), at(block, row, choice));
            least = Math.min(least, (int) (word >>> shift) & COUNT_MAX);
        }
        return least;
    }

    /** Halves the counters of the next block. */
    void age() {
        int block = cursor++ & blockMask;
        MemorySegment memory = memory(block);
        long first = at(block, 0, 0);
        for (long at = first; at < first + BLOCK_SIZE; at += Long.BYTES) {
            WORD.setOpaque(memory, at, (long) WORD.getOpaque(memory, at) >>> 1 & HALVES);
        }
    }

    int blocks() {
        return blockMask + 1;
    }

    private MemorySegment memory(int block) {
        return memories[block >>> blocksShift];
    }

    /** Each row has two words of a block. */
    private long at(int block, int row, int choice) {
        return offsets[block >>> blocksShift] + (long) (block & (1 << blocksShift) - 1) * BLOCK_SIZE
                + (row * 2 + (choice & 1)) * Long.BYTES;
    }

    /** The index uses the low and the high bits as they are: here all bits reach the middle (the finalizer of splitmix64). */
    private static long mix(long hash) {
        long mixed = (hash ^ hash >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }
}
