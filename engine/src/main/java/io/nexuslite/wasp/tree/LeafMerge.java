package io.nexuslite.wasp.tree;

import static io.nexuslite.wasp.tree.FrameTable.NONE;

import io.nexuslite.error.NexusLiteException;
import java.lang.foreign.MemorySegment;

/** Merges leaves that were noted as empty or nearly so with a neighbour. The writer's. */
final class LeafMerge {
    private static final int DONE = 0; // outcomes of an attempt under the latch
    private static final int PAGE_MISSING = 1;
    private static final int NEIGHBOUR_MISSING = 2;
    private static final int FRAMES_MISSING = 3;
    private static final int CELLS_MISSING = 4;

    private static final int LOADS_MAX = 16;

    private static final int NEITHER = 0;
    private static final int LEFT = 1;
    private static final int RIGHT = 2;

    private static final int PLACE_LOW = 1; // in this class's own keys
    private static final int PLACE_FENCE = 2;

    private final HotTree tree;
    private final HotTrees trees;
    private final TreeScratch scratch;
    private final LeafRebuild rebuild;
    private int lowLength;
    private int fenceLength;
    private int fenceMode;

    LeafMerge(HotTree tree) {
        this.tree = tree;
        trees = tree.trees;
        scratch = trees.writer;
        rebuild = trees.rebuild;
    }

    /** One step beside other work, whose success does not depend on it. */
    void tidyQuietly() {
        try {
            tidy(1);
        } catch (NexusLiteException e) {
            // no frame or a damaged page: who needs it himself is told
        }
    }

    /** Looks at leaves that were noted; returns how many. */
    int tidy(int leavesMax) {
        int count = 0;
        while (count < leavesMax) {
            byte[] low = tree.checkpoint().pollSmall();
            if (low == null) {
                break;
            }
            MemorySegment.copy(low, 0, trees.mergeKeys, Bytes.BYTE, TreeScratch.keyPlace(PLACE_LOW), low.length);
            lowLength = low.length;
            count++;
            tidyOne();
        }
        return count;
    }

    private void tidyOne() {
        scratch.loads = 0;
        try {
            while (scratch.loads < LOADS_MAX) { // more: the two leaves do not fit in memory at once, and may stay as they are
                int outcome;
                long stamp = tree.latch.writeLock();
                try {
                    outcome = tryTidy();
                } catch (RuntimeException e) {
                    throw tree.damaged(e);
                } finally {
                    tree.latch.unlockWrite(stamp);
                }
                switch (outcome) {
                    case DONE -> {
                        return;
                    }
                    case PAGE_MISSING -> tree.load(scratch, trees.mergeKeys, TreeScratch.keyPlace(PLACE_LOW),
                            lowLength, HotTree.AT);
                    case NEIGHBOUR_MISSING -> tree.load(scratch, trees.mergeKeys, TreeScratch.keyPlace(PLACE_FENCE),
                            fenceLength, fenceMode);
                    case FRAMES_MISSING -> trees.stashFrames(1);
                    default -> rebuild.cells.fill();
                }
            }
        } finally {
            rebuild.cells.release();
            trees.trimStash();
        }
    }

    private int tryTidy() {
        int frameIndex = tree.descend(scratch, trees.mergeKeys, TreeScratch.keyPlace(PLACE_LOW), lowLength, HotTree.AT);
        if (frameIndex == HotTree.MISSING) {
            return PAGE_MISSING;
        }
        FrameTable table = trees.table;
        if (frameIndex == HotTree.EMPTY || table.get(frameIndex, FrameTable.PARENT) == NONE
                || table.get(frameIndex, FrameTable.PENDING_COUNT) != 0) {
            return DONE;
        }
        int side = chooseFence(frameIndex);
        if (side == NEITHER) {
            return DONE;
        }
        boolean left = side == LEFT;
        rebuild.begin(tree);
        rebuild.collect(frameIndex);
        boolean empty = rebuild.items.count == 0;
        int neighbour = tree.descend(scratch, trees.mergeKeys, TreeScratch.keyPlace(PLACE_FENCE), fenceLength,
                fenceMode);
        if (neighbour == HotTree.MISSING) {
            return NEIGHBOUR_MISSING;
        }
        if (empty) {
            removeEmpty(frameIndex, neighbour);
            return DONE;
        }
        if (table.get(neighbour, FrameTable.PARENT) != table.get(frameIndex, FrameTable.PARENT)
                || table.get(neighbour, FrameTable.PENDING_COUNT) != 0) {
            return DONE;
        }
        return merge(left ? neighbour : frameIndex, left ? frameIndex : neighbour);
    }

    /** Copies the fence towards the neighbour that takes the range over when the leaf goes; {@link #NEITHER} if the tree is one leaf. */
    private int chooseFence(int frameIndex) {
        int child = frameIndex;
        int parent = (int) trees.table.get(child, FrameTable.PARENT);
        while (InnerFrame.childCount(trees.memory(parent), trees.page(parent)) == 1) {
            child = parent;
            parent = (int) trees.table.get(child, FrameTable.PARENT);
            if (parent == NONE) {
                return NEITHER;
            }
        }
        boolean left = InnerFrame.indexOfFrame(trees.memory(parent), trees.page(parent), child) > 0;
        fenceMode = left ? HotTree.BEFORE : HotTree.AT;
        fenceLength = left ? scratch.lowLength : scratch.highLength;
        MemorySegment.copy(left ? scratch.lowMemory : scratch.highMemory, left
                ? scratch.lowOffset
                : scratch.highOffset, trees.mergeKeys, TreeScratch.keyPlace(PLACE_FENCE), fenceLength);
        return left ? LEFT : RIGHT;
    }

    private void removeEmpty(int frameIndex, int neighbour) {
        mergeWords(frameIndex, neighbour, neighbour);
        TreeStructure.forgetImages(tree, neighbour);
        TreeStructure.remove(tree, frameIndex);
        rebuild.retireDead();
    }

    private void mergeWords(int first, int second, int target) {
        FrameTable table = trees.table;
        for (int word : new int[]{FrameTable.DIRTY_CSN, FrameTable.IMAGE_CSN, FrameTable.OLD_EXTENTS}) {
            table.put(target, word, Math.max(table.get(first, word), table.get(second, word)));
        }
        table.put(target, FrameTable.LEAF_ID, tree.nextLeafId++);
        table.put(target, FrameTable.RUN, 0);
    }

    private int merge(int left, int right) {
        rebuild.begin(tree);
        rebuild.collect(left);
        rebuild.collect(right);
        rebuild.measure();
        rebuild.single();
        if (rebuild.items.count == 0 || rebuild.sizeOf(0, rebuild.items.count) > trees.pageSize * 3L / 4) {
            return DONE;
        }
        if (trees.stashedFrames() < 1) {
            return FRAMES_MISSING;
        }
        if (!rebuild.cells.isEnough()) {
            return CELLS_MISSING;
        }
        int merged = trees.takeStashed();
        rebuild.write(0, merged);
        trees.table.putOwner(merged, tree);
        mergeWords(left, right, merged);
        TreeStructure.replace(tree, left, merged);
        TreeStructure.forgetImages(tree, merged);
        TreeStructure.remove(tree, right);
        rebuild.retireDead();
        trees.retireFrame(left);
        return DONE;
    }
}
