package io.nexuslite.wasp.tree;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.format.PageLayout;
import java.lang.foreign.MemorySegment;

/**
 * Brings pages of one tree into page frames. A page is read into a frame that nobody sees, with no latch held; the frame is put in
 * only where the pointer still stands, so that of two readers of one page the second throws its frame away.
 */
final class PageLoader {
    private final HotTree tree;
    private final HotTrees trees;

    PageLoader(HotTree tree) {
        this.tree = tree;
        this.trees = tree.trees;
    }

    /** Reads the page that a descent to the key has missed ({@link TreeScratch#pointer}) and puts it in. */
    void load(TreeScratch scratch, MemorySegment key, long keyOffset, int keyLength, int mode) {
        PagePointer pointer = scratch.loading.set(scratch.pointer);
        int level = scratch.missingLevel;
        int frameIndex = trees.acquireFrame();
        boolean hasExtents;
        try {
            hasExtents = read(pointer, level, frameIndex, scratch);
        } catch (RuntimeException | Error e) {
            trees.releaseFrame(frameIndex);
            if (e instanceof CorruptionException && !isStillMissing(scratch, key, keyOffset, keyLength, mode)) {
                return; // the page was replaced, and its place used again, while we read
            }
            throw e;
        }
        boolean installed;
        long stamp = tree.latch.writeLock();
        try {
            installed = install(pointer, frameIndex, scratch, key, keyOffset, keyLength, mode, hasExtents);
        } finally {
            tree.latch.unlockWrite(stamp);
        }
        if (!installed) {
            trees.releaseFrame(frameIndex);
        }
    }

    private boolean isStillMissing(TreeScratch scratch, MemorySegment key, long keyOffset, int keyLength, int mode) {
        long stamp = tree.latch.readLock();
        try {
            return tree.descend(scratch, key, keyOffset, keyLength, mode) == HotTree.MISSING
                    && scratch.pointer.isSame(scratch.loading);
        } finally {
            tree.latch.unlockRead(stamp);
        }
    }

    /** Reads and checks a page and makes a frame of it; returns whether it names value extents. */
    private boolean read(PagePointer pointer, int level, int frameIndex, TreeScratch scratch) {
        MemorySegment memory = trees.memory(frameIndex);
        long page = trees.page(frameIndex);
        tree.pages.readPage(pointer, tree.treeId(), memory, page, scratch.crc);
        trees.pagesRead.increment();
        try {
            if (pointer.kind() == LeafImage.kindOf(tree.isDocument()) && level <= 0) {
                return LeafImage.requireWellFormed(memory, page, trees.pageSize, tree.isDocument(), scratch.record);
            }
            if (pointer.kind() != PageLayout.KIND_INNER || level == 0) {
                throw new MalformedRecordException("page of kind " + pointer.kind() + " at level " + level);
            }
            InnerImage.requireWellFormed(memory, page, trees.pageSize, level);
            InnerFrame.fromImage(memory, page);
            return false;
        } catch (MalformedRecordException | IndexOutOfBoundsException e) {
            throw PageCheck.malformed("Page breaks a rule of the format: " + e.getMessage(), pointer, tree.treeId(),
                    tree.pages);
        }
    }

    private boolean install(PagePointer pointer, int frameIndex, TreeScratch scratch, MemorySegment key, long keyOffset,
            int keyLength, int mode, boolean hasExtents) {
        if (tree.descend(scratch, key, keyOffset, keyLength, mode) != HotTree.MISSING
                || !scratch.pointer.isSame(pointer)) {
            return false;
        }
        FrameTable table = trees.table;
        int parent = scratch.missingParent;
        table.putOwner(frameIndex, tree);
        table.put(frameIndex, FrameTable.PARENT, parent);
        table.putImagePointer(frameIndex, pointer);
        table.put(frameIndex, FrameTable.IMAGE_CSN, tree.checkpoint().doneCsn());
        table.put(frameIndex, FrameTable.LEAF_ID, tree.nextLeafId++);
        table.put(frameIndex, FrameTable.OLD_EXTENTS, hasExtents ? 1 : 0);
        MemorySegment loaded = trees.memory(frameIndex);
        if (LeafImage.level(loaded, trees.page(frameIndex)) == 0
                && LeafImage.slotCount(loaded, trees.page(frameIndex)) == 0) {
            tree.checkpoint().noteSmall(scratch);
        }
        if (parent == FrameTable.NONE) {
            tree.rootFrame = frameIndex;
        } else {
            InnerFrame.putChildFrame(trees.memory(parent), trees.page(parent), scratch.missingIndex, frameIndex);
        }
        return true;
    }
}
