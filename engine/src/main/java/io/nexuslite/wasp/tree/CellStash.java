package io.nexuslite.wasp.tree;

import java.util.Arrays;

/** Slab cells that the writer took before the latch, for older records of a leaf that is written anew. */
final class CellStash {
    private final HotTrees trees;
    private int wantedCount;
    private int[] wanted = new int[16];
    private int count;
    private long[] handles = new long[16];
    private int[] lengths = new int[16];

    CellStash(HotTrees trees) {
        this.trees = trees;
    }

    void clearWanted() {
        wantedCount = 0;
    }

    void want(int length) {
        if (wantedCount == wanted.length) {
            wanted = Arrays.copyOf(wanted, 2 * wantedCount);
        }
        wanted[wantedCount++] = length;
    }

    /** Whether there is a cell for each that is wanted. */
    boolean isEnough() {
        Arrays.sort(wanted, 0, wantedCount);
        int used = 0; // both are sorted: what is wanted is a part of what was wanted before
        for (int i = 0; i < count && used < wantedCount; i++) {
            used += lengths[i] == wanted[used] ? 1 : 0;
        }
        return used == wantedCount;
    }

    /** Takes the cells that are wanted; no latch is held. */
    void fill() {
        release();
        while (count < wantedCount) {
            if (count == handles.length) {
                handles = Arrays.copyOf(handles, 2 * count);
                lengths = Arrays.copyOf(lengths, 2 * count);
            }
            handles[count] = trees.allocateCell(wanted[count]);
            lengths[count] = wanted[count];
            count++;
        }
    }

    /** A cell of exactly that length; the caller has seen that there are enough. */
    long take(int length) {
        for (int i = 0; i < count; i++) {
            if (lengths[i] == length) {
                long handle = handles[i];
                count--;
                System.arraycopy(handles, i + 1, handles, i, count - i);
                System.arraycopy(lengths, i + 1, lengths, i, count - i);
                return handle;
            }
        }
        throw new IllegalStateException("no cell of " + length + " bytes was taken");
    }

    /** Gives back what was not used; no latch is held. */
    void release() {
        while (count > 0) {
            count--;
            trees.versions.free(handles[count], lengths[count]);
        }
    }
}
