package io.nexuslite.wasp.tree;

import static io.nexuslite.wasp.tree.FrameTable.NONE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What a checkpoint has to do with inner page frames: it never writes them, but their place must be taken by a page when all below them has
 * left memory. So the pages on disk are cut where frames begin ({@link #cuts}), and a frame is told the page that covers exactly its range
 * ({@link #adopt}), if there is one. What the page holds there and then does not matter: as long as the frame has no child in memory, the last
 * checkpoint that is done holds every record of the range, and what changes one takes the pointer away from all frames above it.
 */
final class InnerShape {
    private static final byte[] FIRST = {};

    private final HotTree tree;
    private final HotTrees trees;
    private long sequence;
    private long csn;

    InnerShape(HotTree tree) {
        this.tree = tree;
        trees = tree.trees;
    }

    /** Lower fences of all children of inner frames whose pages will be written; no latch is held. */
    InnerCuts cuts() {
        InnerCuts cuts = new InnerCuts();
        long stamp = tree.latch.readLock();
        try {
            if (tree.rootFrame != NONE) {
                addCuts(tree.rootFrame, FIRST, null, cuts);
            }
            return cuts;
        } finally {
            tree.latch.unlockRead(stamp);
        }
    }

    private void addCuts(int frameIndex, byte[] low, byte[] high, InnerCuts cuts) {
        MemorySegment memory = trees.memory(frameIndex);
        long page = trees.page(frameIndex);
        int level = LeafImage.level(memory, page);
        if (level == 0 || trees.table.get(frameIndex, FrameTable.IMAGE_POINTER) != 0) {
            return;
        }
        if (!Eviction.hasChildInMemory(memory, page)) {
            cuts.addStray(level, low, high);
        }
        if (level == 1) {
            return;
        }
        int count = InnerFrame.childCount(memory, page);
        byte[] childLow = low;
        for (int i = 0; i < count; i++) {
            byte[] childHigh = i + 1 < count ? separator(memory, page, count, i + 1) : high;
            cuts.add(level - 1, childLow);
            int child = InnerFrame.childFrame(memory, page, i);
            if (child != NONE) {
                addCuts(child, childLow, childHigh, cuts);
            }
            childLow = childHigh;
        }
    }

    private static byte[] separator(MemorySegment memory, long page, int count, int index) {
        long separator = InnerFrame.separator(memory, page, count, index);
        return Bytes.copyOf(memory, separator, InnerFrame.separatorLength(memory, separator));
    }

    /**
     * Tells inner frames the pages that were written for their ranges. They count when the checkpoint is done. No latch is held.
     *
     * @param root what was written, not none
     * @param images that wrote it
     */
    void adopt(PagePointer root, ImageTree images, long writtenSequence, long writtenCsn) {
        sequence = writtenSequence;
        csn = writtenCsn;
        long stamp = tree.latch.writeLock();
        try {
            if (tree.rootFrame == NONE || LeafImage.level(trees.memory(tree.rootFrame), trees.page(
                    tree.rootFrame)) == 0 || trees.table.get(tree.rootFrame, FrameTable.IMAGE_POINTER) != 0) {
                return;
            }
            adoptFrame(tree.rootFrame, root, images); // of whatever level: it covers everything
        } finally {
            tree.latch.unlockWrite(stamp);
        }
    }

    private void put(int frameIndex, PagePointer pointer) {
        trees.table.putImagePointer(frameIndex, pointer);
        trees.table.put(frameIndex, FrameTable.IMAGE_CSN, csn);
        trees.table.put(frameIndex, FrameTable.IMAGE_SEQUENCE, sequence);
    }

    /**
     * Tells a frame the page of its range, once all frames below it have one: so that none without is below one that has, where the next
     * checkpoint would not look for it. Returns whether the frame has a page then.
     */
    private boolean adoptFrame(int frameIndex, PagePointer pointer, ImageTree images) {
        MemorySegment memory = trees.memory(frameIndex);
        long page = trees.page(frameIndex);
        int level = LeafImage.level(memory, page);
        InnerEntry[] entries = images.written(pointer, level);
        int count = InnerFrame.childCount(memory, page);
        boolean all = true;
        int at = 0;
        for (int i = 0; level > 1 && i < count; i++) {
            int child = InnerFrame.childFrame(memory, page, i);
            if (child == NONE || trees.table.get(child, FrameTable.IMAGE_POINTER) != 0) {
                continue;
            }
            at = entries == null || i == 0 ? 0 : find(entries, at, separator(memory, page, count, i));
            all &= entries != null && at < entries.length && isSame(entries, at, memory, page, count, i)
                    && isSame(entries, at + 1, memory, page, count, i + 1)
                    && images.written(entries[at].pointer, level - 1) != null
                    && adoptFrame(child, entries[at].pointer, images);
        }
        if (all) {
            put(frameIndex, pointer);
        }
        return all;
    }

    /** Index of the first entry from {@code from} on that is not below a key. */
    private static int find(InnerEntry[] entries, int from, byte[] key) {
        int at = from;
        while (at < entries.length && (at == 0 || Arrays.compareUnsigned(entries[at].separator, key) < 0)) {
            at++;
        }
        return at;
    }

    /** Whether an entry and a child begin at the same key; both may be the one behind the last. */
    private static boolean isSame(InnerEntry[] entries, int at, MemorySegment memory, long page, int count, int index) {
        if (at == 0 || index == 0 || at == entries.length || index == count) {
            return at == 0 && index == 0 || at == entries.length && index == count;
        }
        return Arrays.equals(entries[at].separator, separator(memory, page, count, index));
    }
}
