package io.nexuslite.wasp.tree;

import java.lang.foreign.MemorySegment;

/** Changes to the shape of a tree in memory: children put in and taken out, inner pages split. Under the latch. */
final class TreeStructure {
    private TreeStructure() {
    }

    /** Page frames that putting {@code children} new leaves beside one may need for inner pages. */
    static int framesFor(HotTree tree, int children) {
        return children == 0 ? 0 : children * (level(tree, tree.rootFrame) + 1);
    }

    private static int level(HotTree tree, int frameIndex) {
        return LeafImage.level(tree.trees.memory(frameIndex), tree.trees.page(frameIndex));
    }

    /** Puts a new leaf into an empty tree. */
    static void plantRoot(HotTree tree, int frameIndex) {
        LeafImage.init(tree.trees.memory(frameIndex), tree.trees.page(frameIndex), tree.trees.pageSize,
                LeafImage.kindOf(
                        tree.isDocument()),
                tree.treeId(), 0, 0, null, 0, 0);
        tree.trees.table.putOwner(frameIndex, tree);
        tree.trees.table.put(frameIndex, FrameTable.LEAF_ID, tree.nextLeafId++);
        tree.rootFrame = frameIndex;
        tree.checkpoint().structureChanged();
    }

    /** Puts a frame where another one is. */
    static void replace(HotTree tree, int oldFrame, int newFrame) {
        FrameTable table = tree.trees.table;
        int parent = (int) table.get(oldFrame, FrameTable.PARENT);
        table.put(newFrame, FrameTable.PARENT, parent);
        if (parent == FrameTable.NONE) {
            tree.rootFrame = newFrame;
        } else {
            MemorySegment memory = tree.trees.memory(parent);
            long page = tree.trees.page(parent);
            InnerFrame.putChildFrame(memory, page, InnerFrame.indexOfFrame(memory, page, oldFrame), newFrame);
        }
    }

    /** Puts a child behind another one. Page frames for inner pages that must be split come from the stash. */
    static void insertAfter(HotTree tree, int left, int newFrame, MemorySegment separator, long separatorOffset,
            int separatorLength) {
        forgetImages(tree, left);
        insertChild(tree, left, newFrame, separator, separatorOffset, separatorLength);
    }

    private static void insertChild(HotTree tree, int left, int newFrame, MemorySegment separator,
            long separatorOffset, int separatorLength) {
        HotTrees trees = tree.trees;
        int parent = roomBeside(tree, left, InnerImage.entrySize(separatorLength));
        MemorySegment memory = trees.memory(parent);
        long page = trees.page(parent);
        int index = InnerFrame.indexOfFrame(memory, page, left) + 1;
        InnerFrame.insert(memory, page, index, separator, separatorOffset, separatorLength);
        InnerFrame.putChildFrame(memory, page, index, newFrame);
        trees.table.put(newFrame, FrameTable.PARENT, parent);
    }

    /** Makes room in the parent of a frame, splitting it if it must be; returns the parent that the frame has then. */
    private static int roomBeside(HotTree tree, int child, int needed) {
        HotTrees trees = tree.trees;
        while (true) {
            int parent = (int) trees.table.get(child, FrameTable.PARENT);
            if (parent == FrameTable.NONE) {
                parent = growRoot(tree, child);
            }
            MemorySegment memory = trees.memory(parent);
            long page = trees.page(parent);
            if (InnerFrame.freeBytes(memory, page) >= needed) {
                return parent;
            }
            if (InnerFrame.usedBytes(memory, page) + needed <= InnerImage.capacity(trees.pageSize)) {
                InnerFrame.compact(memory, page, trees.pageSize, trees.writerPage);
                return parent;
            }
            split(tree, parent, InnerFrame.indexOfFrame(memory, page, child));
        }
    }

    private static int growRoot(HotTree tree, int child) {
        HotTrees trees = tree.trees;
        int root = trees.takeStashed();
        MemorySegment memory = trees.memory(root);
        long page = trees.page(root);
        InnerFrame.init(memory, page, trees.pageSize, level(tree, child) + 1);
        InnerFrame.insert(memory, page, 0, memory, page, 0);
        InnerFrame.putChildFrame(memory, page, 0, child);
        trees.table.putOwner(root, tree);
        trees.table.put(child, FrameTable.PARENT, root);
        tree.rootFrame = root;
        return root;
    }

    /** Splits an inner page; a change at its end leaves the left half full. */
    private static void split(HotTree tree, int inner, int at) {
        HotTrees trees = tree.trees;
        MemorySegment memory = trees.memory(inner);
        long page = trees.page(inner);
        int count = InnerFrame.childCount(memory, page);
        int from = at == count - 1 ? at : middle(memory, page, count);
        int length = InnerFrame.separatorLength(memory, InnerFrame.separator(memory, page, count, from));
        int parent = roomBeside(tree, inner, InnerImage.entrySize(length));
        int right = trees.takeStashed();
        MemorySegment rightMemory = trees.memory(right);
        long rightPage = trees.page(right);
        InnerFrame.init(rightMemory, rightPage, trees.pageSize, LeafImage.level(memory, page));
        trees.table.putOwner(right, tree);
        MemorySegment parentMemory = trees.memory(parent);
        long parentPage = trees.page(parent);
        int index = InnerFrame.indexOfFrame(parentMemory, parentPage, inner) + 1;
        InnerFrame.insert(parentMemory, parentPage, index, memory, InnerFrame.separator(memory, page, count, from),
                length);
        InnerFrame.putChildFrame(parentMemory, parentPage, index, right);
        trees.table.put(right, FrameTable.PARENT, parent);
        InnerFrame.moveTail(memory, page, from, rightMemory, rightPage);
        adopt(tree, right);
    }

    private static int middle(MemorySegment memory, long page, int count) {
        int half = InnerFrame.usedBytes(memory, page) / 2;
        int left = 0;
        int index = 0;
        while (index < count - 1 && left < half) {
            left += InnerImage.entrySize(InnerFrame.separatorLength(memory, InnerFrame.separator(memory, page, count,
                    index)));
            index++;
        }
        return Math.max(1, index);
    }

    /** Tells the children of an inner page that lie in memory who their parent is. */
    private static void adopt(HotTree tree, int inner) {
        MemorySegment memory = tree.trees.memory(inner);
        long page = tree.trees.page(inner);
        for (int i = 0, count = InnerFrame.childCount(memory, page); i < count; i++) {
            int child = InnerFrame.childFrame(memory, page, i);
            if (child != FrameTable.NONE) {
                tree.trees.table.put(child, FrameTable.PARENT, inner);
            }
        }
    }

    /** Takes a frame out and retires it, with all pages above it that it was the only child of; its neighbour takes the range over. */
    static void remove(HotTree tree, int frameIndex) {
        HotTrees trees = tree.trees;
        forgetImages(tree, frameIndex);
        int child = frameIndex;
        while (true) {
            int parent = (int) trees.table.get(child, FrameTable.PARENT);
            MemorySegment memory = trees.memory(parent);
            long page = trees.page(parent);
            int index = InnerFrame.indexOfFrame(memory, page, child);
            boolean last = InnerFrame.childCount(memory, page) == 1;
            if (!last) {
                InnerFrame.remove(memory, page, index);
            }
            trees.retireFrame(child);
            if (!last) {
                break;
            }
            child = parent;
        }
        shrinkRoot(tree);
    }

    /** Takes roots with one child away. */
    private static void shrinkRoot(HotTree tree) {
        HotTrees trees = tree.trees;
        while (level(tree, tree.rootFrame) > 0) {
            int root = tree.rootFrame;
            MemorySegment memory = trees.memory(root);
            long page = trees.page(root);
            int child = InnerFrame.childFrame(memory, page, 0);
            if (InnerFrame.childCount(memory, page) > 1) {
                return;
            }
            if (child == FrameTable.NONE) {
                tree.rootPointer.load(memory, InnerFrame.childOffset(page, 0));
                tree.rootFrame = FrameTable.NONE;
                trees.retireFrame(root);
                return;
            }
            trees.table.put(child, FrameTable.PARENT, FrameTable.NONE);
            tree.rootFrame = child;
            trees.retireFrame(root);
        }
    }

    /** Finds the lower and upper fence of a child of an inner frame; the scratch gets them. */
    static void fences(HotTree tree, int inner, int index, TreeScratch scratch) {
        scratch.clearFences();
        int frameIndex = inner;
        int at = index;
        while (frameIndex != FrameTable.NONE && (scratch.lowLength < 0 || scratch.highLength < 0)) {
            MemorySegment memory = tree.trees.memory(frameIndex);
            long page = tree.trees.page(frameIndex);
            int count = InnerFrame.childCount(memory, page);
            if (scratch.lowLength < 0 && at > 0) {
                scratch.lowMemory = memory;
                scratch.lowOffset = InnerFrame.separator(memory, page, count, at);
                scratch.lowLength = InnerFrame.separatorLength(memory, scratch.lowOffset);
            }
            if (scratch.highLength < 0 && at + 1 < count) {
                scratch.highMemory = memory;
                scratch.highOffset = InnerFrame.separator(memory, page, count, at + 1);
                scratch.highLength = InnerFrame.separatorLength(memory, scratch.highOffset);
            }
            int parent = (int) tree.trees.table.get(frameIndex, FrameTable.PARENT);
            at = parent == FrameTable.NONE
                    ? 0
                    : InnerFrame.indexOfFrame(tree.trees.memory(parent), tree.trees.page(parent), frameIndex);
            frameIndex = parent;
        }
    }

    /** A leaf is no longer what its image on disk holds: neither are the pages above it. */
    static void forgetImages(HotTree tree, int frameIndex) {
        FrameTable table = tree.trees.table;
        for (int at = frameIndex; at != FrameTable.NONE; at = (int) table.get(at, FrameTable.PARENT)) {
            table.put(at, FrameTable.IMAGE_POINTER, 0);
        }
        tree.checkpoint().structureChanged();
    }

    /** Retires a frame, what is below it, and the cells of its records. */
    static void retireAll(HotTree tree, int frameIndex) {
        HotTrees trees = tree.trees;
        MemorySegment memory = trees.memory(frameIndex);
        long page = trees.page(frameIndex);
        if (LeafImage.level(memory, page) == 0) {
            retireCells(tree, frameIndex);
        } else {
            for (int i = 0, count = InnerFrame.childCount(memory, page); i < count; i++) {
                int child = InnerFrame.childFrame(memory, page, i);
                if (child != FrameTable.NONE) {
                    retireAll(tree, child);
                }
            }
        }
        trees.retireFrame(frameIndex);
    }

    /** Retires the cells that the records of a leaf lead to. */
    static void retireCells(HotTree tree, int frameIndex) {
        HotTrees trees = tree.trees;
        MemorySegment memory = trees.memory(frameIndex);
        long page = trees.page(frameIndex);
        int count = LeafImage.slotCount(memory, page);
        int prefixLength = LeafImage.prefixLength(memory, page);
        for (int i = 0; i < count; i++) {
            long link = LeafImage.slot(memory, page, prefixLength, count, i);
            while (link != LeafFrame.LINK_NONE) {
                long next = LeafFrame.LINK_NONE;
                if (LeafFrame.isCell(link)) {
                    next = LeafFrame.linkAcquire(trees.cellMemory(link), HotTrees.cellOffset(link));
                    trees.retireCell(link);
                } else if (LeafFrame.isAppended((int) link)) {
                    next = LeafFrame.linkAcquire(memory, page + LeafFrame.offsetOf((int) link));
                }
                link = next;
            }
        }
    }
}
