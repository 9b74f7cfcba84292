package io.nexuslite.wasp.tree;

import static io.nexuslite.wasp.tree.FrameTable.NONE;

import io.nexuslite.format.RecordLayout;
import java.lang.foreign.MemorySegment;

/** Takes clean page frames out of a tree: their parent points to the disk again. */
final class Eviction {
    static final int DONE = 0; // outcomes
    static final int BUSY = 1;
    static final int HELD = 2; // clean, but for older records that somebody may need

    private Eviction() {
    }

    /** Evicts a frame if it still belongs to the tree and is clean. No latch is held. */
    static int tryEvict(HotTree tree, int frameIndex) {
        FrameTable table = tree.trees.table;
        if (table.get(frameIndex, FrameTable.IMAGE_POINTER) == 0
                ? LeafImage.level(tree.trees.memory(frameIndex), tree.trees.page(frameIndex)) == 0
                : tree.looksDirty(frameIndex)) {
            return BUSY; // a look without the latch spares it
        }
        long stamp = tree.latch.tryWriteLock();
        if (stamp == 0) {
            return BUSY;
        }
        try {
            if (table.owner(frameIndex) != tree || isStray(tree, frameIndex) || !isClean(tree, frameIndex)) {
                return BUSY;
            }
            if (!needsNoOlder(tree, frameIndex)) {
                return HELD;
            }
            takeOut(tree, frameIndex);
            return DONE;
        } finally {
            tree.latch.unlockWrite(stamp);
        }
    }

    /** Whether an inner frame could leave if it had a page; the next checkpoint writes one. */
    private static boolean isStray(HotTree tree, int frameIndex) {
        MemorySegment memory = tree.trees.memory(frameIndex);
        long page = tree.trees.page(frameIndex);
        boolean stray = tree.trees.table.get(frameIndex, FrameTable.IMAGE_POINTER) == 0 && LeafImage.level(memory,
                page) > 0 && !hasChildInMemory(memory, page);
        if (stray) {
            tree.checkpoint().structureChanged();
        }
        return stray;
    }

    private static boolean isClean(HotTree tree, int frameIndex) {
        FrameTable table = tree.trees.table;
        if (table.get(frameIndex, FrameTable.IMAGE_POINTER) == 0
                || table.get(frameIndex, FrameTable.IMAGE_SEQUENCE) > tree.checkpoint().doneSequence()
                || table.get(frameIndex, FrameTable.DIRTY_CSN) > table.get(frameIndex, FrameTable.IMAGE_CSN)
                || table.get(frameIndex, FrameTable.PENDING_COUNT) != 0) {
            return false;
        }
        MemorySegment memory = tree.trees.memory(frameIndex);
        long page = tree.trees.page(frameIndex);
        return LeafImage.level(memory, page) == 0 || !hasChildInMemory(memory, page);
    }

    /** Whether a child of an inner frame lies in memory. */
    static boolean hasChildInMemory(MemorySegment memory, long page) {
        for (int i = 0, count = InnerFrame.childCount(memory, page); i < count; i++) {
            if (InnerFrame.childFrame(memory, page, i) != NONE) {
                return true;
            }
        }
        return false;
    }

    /** Whether nobody can need a record of the leaf that its image does not hold: older ones, and tombstones. */
    private static boolean needsNoOlder(HotTree tree, int frameIndex) {
        VersionRetention retention = tree.trees.retention;
        MemorySegment memory = tree.trees.memory(frameIndex);
        long page = tree.trees.page(frameIndex);
        if (LeafImage.level(memory, page) > 0) {
            return true;
        }
        int count = LeafImage.slotCount(memory, page);
        int prefixLength = LeafImage.prefixLength(memory, page);
        for (int i = 0; i < count; i++) {
            int slot = LeafImage.slot(memory, page, prefixLength, count, i);
            if (!LeafFrame.isAppended(slot)) {
                continue;
            }
            long appended = page + LeafFrame.offsetOf(slot);
            long newer = LeafFrame.csnAcquire(memory, appended);
            if ((memory.get(Bytes.BYTE, appended + LeafFrame.RECORD_OFFSET)
                    & RecordLayout.FLAG_TOMBSTONE) != 0 && !retention.tombstoneDead(newer)) {
                return false;
            }
            if (!olderAreDead(tree, memory, page, LeafFrame.linkAcquire(memory, appended), newer)) {
                return false;
            }
        }
        return true;
    }

    private static boolean olderAreDead(HotTree tree, MemorySegment memory, long page, long first, long newest) {
        long newer = newest;
        long link = first;
        while (link != LeafFrame.LINK_NONE) {
            long csn;
            long next = LeafFrame.LINK_NONE;
            if (LeafFrame.isCell(link)) {
                MemorySegment cell = tree.trees.cellMemory(link);
                csn = LeafFrame.csnAcquire(cell, HotTrees.cellOffset(link));
                next = LeafFrame.linkAcquire(cell, HotTrees.cellOffset(link));
            } else if (LeafFrame.isAppended((int) link)) {
                csn = LeafFrame.csnAcquire(memory, page + LeafFrame.offsetOf((int) link));
                next = LeafFrame.linkAcquire(memory, page + LeafFrame.offsetOf((int) link));
            } else {
                csn = 0; // the oldest of all; its own number needs no parsing to be sure
            }
            if (!tree.trees.retention.isDead(csn, newer)) {
                return false;
            }
            newer = csn;
            link = next;
        }
        return true;
    }

    private static void takeOut(HotTree tree, int frameIndex) {
        HotTrees trees = tree.trees;
        FrameTable table = trees.table;
        int parent = (int) table.get(frameIndex, FrameTable.PARENT);
        if (LeafImage.level(trees.memory(frameIndex), trees.page(frameIndex)) == 0) {
            TreeStructure.retireCells(tree, frameIndex);
        }
        PagePointer pointer = tree.evictedPointer;
        table.imagePointer(frameIndex, pointer);
        if (parent == NONE) {
            tree.rootFrame = NONE;
            tree.rootPointer.set(pointer);
        } else {
            MemorySegment memory = trees.memory(parent);
            long page = trees.page(parent);
            int index = InnerFrame.indexOfFrame(memory, page, frameIndex);
            pointer.store(memory, InnerFrame.childOffset(page, index));
        }
        trees.retireFrame(frameIndex);
    }
}
