package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PageLayout.HEADER_SIZE;
import static io.nexuslite.wasp.tree.FrameTable.NONE;

import io.nexuslite.format.RecordLayout;
import io.nexuslite.store.Key;
import java.lang.foreign.MemorySegment;

/** Changes of one tree. The engine's one writer calls it, with no pin. */
final class TreeWriter {
    private static final int DONE = 0; // outcomes of an attempt under the latch
    private static final int PAGE_MISSING = 1;
    private static final int FRAMES_MISSING = 2;
    private static final int CELLS_MISSING = 3;

    private static final int RUN_MIN = 8; // keys in a row, after which the next is expected behind them
    private static final int PLACE_KEY = 1; // in the scratch memory, for merges; rebuilds use it only after the search

    private final HotTree tree;
    private final HotTrees trees;
    private final TreeScratch scratch;
    private final LeafRebuild rebuild;
    private final LeafMerge merge;
    private int framesWanted;

    TreeWriter(HotTree tree) {
        this.tree = tree;
        trees = tree.trees;
        scratch = trees.writer;
        rebuild = trees.rebuild;
        merge = new LeafMerge(tree);
    }

    // ---- insert

    void insertPending(Key key, MemorySegment record, long offset, int length) {
        RecordCodec.requireFitting(tree.isDocument(), scratch.record, record, offset, length, key.length(),
                trees.pageSize);
        if (tree.checkpoint().hasSmall()) {
            merge.tidyQuietly();
        }
        scratch.loads = 0;
        try {
            while (true) {
                int outcome;
                long stamp = tree.latch.writeLock();
                try {
                    outcome = tryInsert(key, record, offset, length);
                } finally {
                    tree.latch.unlockWrite(stamp);
                }
                if (outcome == DONE) {
                    return;
                }
                provide(outcome, key);
            }
        } finally {
            rebuild.cells.release();
            trees.trimStash();
        }
    }

    private void provide(int outcome, Key key) {
        switch (outcome) {
            case PAGE_MISSING -> tree.load(scratch, key.memory(), key.offset(), key.length(), HotTree.AT);
            case FRAMES_MISSING -> trees.stashFrames(framesWanted);
            default -> rebuild.cells.fill();
        }
    }

    private int tryInsert(Key key, MemorySegment record, long offset, int length) {
        while (true) {
            int frameIndex = tree.descend(scratch, key.memory(), key.offset(), key.length(), HotTree.AT);
            if (frameIndex == HotTree.MISSING) {
                return PAGE_MISSING;
            }
            if (frameIndex == HotTree.EMPTY) {
                if (isStashShort(1)) {
                    return FRAMES_MISSING;
                }
                TreeStructure.plantRoot(tree, trees.takeStashed());
                continue;
            }
            int index = find(frameIndex, key);
            if (index >= 0 && isPending(trees.memory(frameIndex), trees.page(frameIndex), slotAt(trees.memory(
                    frameIndex), trees.page(frameIndex), index))) {
                throw new IllegalStateException("the key has a pending record already");
            }
            if (append(frameIndex, index, key, record, offset, length)) {
                return DONE;
            }
            int outcome = makeRoom(frameIndex, index, key, length);
            if (outcome != DONE) {
                return outcome;
            }
        }
    }

    private boolean isStashShort(int frames) {
        framesWanted = frames;
        return trees.stashedFrames() < frames;
    }

    private int find(int frameIndex, Key key) {
        try {
            return LeafFrame.find(trees.memory(frameIndex), trees.page(frameIndex), trees.pageSize, tree.isDocument(),
                    key.memory(), key.offset(), key.length(), scratch);
        } catch (RuntimeException e) {
            throw tree.damaged(e);
        }
    }

    /** Appends a pending record if there is room and, for a new key, it shares the leaf's prefix. */
    private boolean append(int frameIndex, int index, Key key, MemorySegment record, long offset, int length) {
        MemorySegment memory = trees.memory(frameIndex);
        long page = trees.page(frameIndex);
        FrameTable table = trees.table;
        int prefixLength = LeafImage.prefixLength(memory, page);
        int count = LeafImage.slotCount(memory, page);
        if (index >= 0) {
            int older = LeafImage.slot(memory, page, prefixLength, count, index);
            if (!LeafFrame.fits(memory, page, length, false)) {
                return false;
            }
            int slot = LeafFrame.append(memory, page, HotTree.PENDING, older, record, offset, length);
            LeafImage.putSlot(memory, page, prefixLength, count, index, slot);
        } else {
            boolean sharesPrefix = key.length() >= prefixLength && MemorySegment.mismatch(key.memory(), key.offset(),
                    key.offset() + prefixLength, memory, page + HEADER_SIZE, page + HEADER_SIZE + prefixLength) < 0;
            if (!sharesPrefix || !LeafFrame.fits(memory, page, length, true)) {
                return false;
            }
            int slot = LeafFrame.append(memory, page, HotTree.PENDING, LeafFrame.LINK_NONE, record, offset, length);
            LeafFrame.insertSlot(memory, page, -1 - index, Bytes.head(key.memory(), key.offset() + prefixLength, key
                    .length() - prefixLength), slot);
            table.add(frameIndex, FrameTable.STRUCTURE_WORD, 1);
            noteRun(frameIndex, -1 - index);
        }
        table.add(frameIndex, FrameTable.PAGE_WORD, 1);
        table.add(frameIndex, FrameTable.PENDING_COUNT, 1);
        table.touch(frameIndex);
        return true;
    }

    private static boolean isPending(MemorySegment memory, long page, int slot) {
        return LeafFrame.isAppended(slot)
                && LeafFrame.csnAcquire(memory, page + LeafFrame.offsetOf(slot)) == HotTree.PENDING;
    }

    private void noteRun(int frameIndex, int index) {
        long run = trees.table.get(frameIndex, FrameTable.RUN);
        boolean follows = index == (run & 0xFFFF) + 1;
        trees.table.put(frameIndex, FrameTable.RUN, (follows ? (run >>> Short.SIZE) + 1 : 0) << Short.SIZE | index);
    }

    /** Writes a full leaf anew, into one page frame or several. */
    private int makeRoom(int frameIndex, int index, Key key, int length) {
        boolean last = scratch.highLength == TreeScratch.UNBOUNDED;
        try {
            rebuild.begin(tree);
            rebuild.collect(frameIndex);
            rebuild.measure();
            int coming = rebuild.expect(key.memory(), key.offset(), key.length(), length);
            boolean ascending = index < 0 && (last && coming == rebuild.items.count - 1
                    || trees.table.get(frameIndex, FrameTable.RUN) >>> Short.SIZE >= RUN_MIN);
            int parts = rebuild.divide(coming, ascending);
            if (isStashShort(parts + TreeStructure.framesFor(tree, parts - 1))) {
                return FRAMES_MISSING;
            }
        } catch (RuntimeException e) {
            throw tree.damaged(e);
        }
        if (!rebuild.cells.isEnough()) {
            return CELLS_MISSING;
        }
        putParts(frameIndex);
        return DONE;
    }

    /** Puts the parts of a rebuild in the place of the old leaf. Nothing here can fail. */
    private void putParts(int old) {
        FrameTable table = trees.table;
        int parts = rebuild.partCount();
        int left = NONE;
        for (int part = 0; part < parts; part++) {
            int frameIndex = trees.takeStashed();
            int pendingCount = rebuild.write(part, frameIndex);
            table.putOwner(frameIndex, tree);
            table.put(frameIndex, FrameTable.PENDING_COUNT, pendingCount);
            table.put(frameIndex, FrameTable.DIRTY_CSN, table.get(old, FrameTable.DIRTY_CSN));
            table.put(frameIndex, FrameTable.IMAGE_CSN, table.get(old, FrameTable.IMAGE_CSN));
            table.put(frameIndex, FrameTable.OLD_EXTENTS, table.get(old, FrameTable.OLD_EXTENTS));
            if (part == 0) {
                TreeStructure.replace(tree, old, frameIndex);
                inherit(old, frameIndex, parts == 1);
            } else {
                table.put(frameIndex, FrameTable.LEAF_ID, tree.nextLeafId++);
                int length = rebuild.separatorOf(part);
                TreeStructure.insertAfter(tree, left, frameIndex, scratch.keyMemory, TreeScratch.keyPlace(
                        TreeScratch.PLACE_SEPARATOR), length);
            }
            left = frameIndex;
        }
        rebuild.retireDead();
        trees.retireFrame(old);
    }

    private void inherit(int old, int frameIndex, boolean whole) {
        FrameTable table = trees.table;
        table.put(frameIndex, FrameTable.STRUCTURE_WORD, table.get(old, FrameTable.STRUCTURE_WORD));
        if (!whole) {
            table.put(frameIndex, FrameTable.LEAF_ID, tree.nextLeafId++);
            return;
        }
        for (int word = FrameTable.IMAGE_POINTER; word <= FrameTable.LEAF_ID; word++) {
            table.put(frameIndex, word, table.get(old, word));
        }
        table.put(frameIndex, FrameTable.RUN, table.get(old, FrameTable.RUN));
    }

    // ---- stamp and abort: the leaf of a pending record is in memory

    void stamp(Key key, long csn) {
        long stamp = tree.latch.writeLock();
        try {
            int frameIndex = tree.descend(scratch, key.memory(), key.offset(), key.length(), HotTree.AT);
            int index = frameIndex < 0 ? -1 : find(frameIndex, key);
            if (index < 0) {
                throw new IllegalStateException("no pending record to stamp");
            }
            MemorySegment memory = trees.memory(frameIndex);
            long page = trees.page(frameIndex);
            int slot = slotAt(memory, page, index);
            if (!isPending(memory, page, slot)) {
                throw new IllegalStateException("the newest record of the key is not pending");
            }
            long appended = page + LeafFrame.offsetOf(slot);
            int older = (int) LeafFrame.linkAcquire(memory, appended);
            boolean isLive = !isTombstone(memory, appended + LeafFrame.RECORD_OFFSET);
            boolean wasLive = older != LeafFrame.LINK_NONE && !isTombstone(memory, page + LeafFrame.offsetOf(older)
                    + (LeafFrame.isAppended(older) ? LeafFrame.RECORD_OFFSET : 0));
            LeafFrame.putCsnRelease(memory, appended, csn);
            FrameTable table = trees.table;
            table.put(frameIndex, FrameTable.DIRTY_CSN, Math.max(csn, table.get(frameIndex, FrameTable.DIRTY_CSN)));
            table.add(frameIndex, FrameTable.PENDING_COUNT, -1);
            table.add(frameIndex, FrameTable.PAGE_WORD, 1);
            tree.checkpoint().stamped(csn);
            tree.recordCount += (isLive ? 1 : 0) - (wasLive ? 1 : 0);
        } finally {
            tree.latch.unlockWrite(stamp);
        }
    }

    private static int slotAt(MemorySegment memory, long page, int index) {
        return LeafImage.slot(memory, page, LeafImage.prefixLength(memory, page), LeafImage.slotCount(memory, page),
                index);
    }

    private static boolean isTombstone(MemorySegment memory, long record) {
        return (memory.get(Bytes.BYTE, record) & RecordLayout.FLAG_TOMBSTONE) != 0;
    }

    void abortPending(Key key) {
        long stamp = tree.latch.writeLock();
        try {
            int frameIndex = tree.descend(scratch, key.memory(), key.offset(), key.length(), HotTree.AT);
            int index = frameIndex < 0 ? -1 : find(frameIndex, key);
            if (index < 0) {
                return;
            }
            MemorySegment memory = trees.memory(frameIndex);
            long page = trees.page(frameIndex);
            int slot = slotAt(memory, page, index);
            if (!isPending(memory, page, slot)) {
                return;
            }
            int older = (int) LeafFrame.linkAcquire(memory, page + LeafFrame.offsetOf(slot));
            if (older == LeafFrame.LINK_NONE) {
                LeafFrame.removeSlot(memory, page, index);
                trees.table.add(frameIndex, FrameTable.STRUCTURE_WORD, 1);
            } else {
                LeafImage.putSlot(memory, page, LeafImage.prefixLength(memory, page), LeafImage.slotCount(memory,
                        page), index, older);
            }
            trees.table.add(frameIndex, FrameTable.PENDING_COUNT, -1);
            trees.table.add(frameIndex, FrameTable.PAGE_WORD, 1);
        } finally {
            tree.latch.unlockWrite(stamp);
        }
    }

    // ---- validation

    long newestCsn(Key key) {
        scratch.loads = 0;
        while (true) {
            long stamp = tree.latch.readLock();
            try {
                int frameIndex = tree.descend(scratch, key.memory(), key.offset(), key.length(), HotTree.AT);
                if (frameIndex != HotTree.MISSING) {
                    int index = frameIndex < 0 ? -1 : find(frameIndex, key);
                    return index < 0 ? 0 : stampedCsn(frameIndex, index);
                }
            } finally {
                tree.latch.unlockRead(stamp);
            }
            tree.load(scratch, key.memory(), key.offset(), key.length(), HotTree.AT);
        }
    }

    /** Newest number of a slot's records but a pending one; 0 if there is none. */
    private long stampedCsn(int frameIndex, int index) {
        MemorySegment memory = trees.memory(frameIndex);
        long page = trees.page(frameIndex);
        int slot = slotAt(memory, page, index);
        if (isPending(memory, page, slot)) {
            slot = (int) LeafFrame.linkAcquire(memory, page + LeafFrame.offsetOf(slot));
        }
        if (slot == LeafFrame.LINK_NONE) {
            return 0;
        }
        if (LeafFrame.isAppended(slot)) {
            return LeafFrame.csnAcquire(memory, page + LeafFrame.offsetOf(slot));
        }
        LeafFrame.parse(memory, page, trees.pageSize, tree.isDocument(), slot, scratch.record);
        return scratch.record.csn;
    }

    boolean changedSince(Key low, Key high, long csn) {
        MemorySegment from = low == null ? scratch.keyMemory : low.memory();
        long fromOffset = low == null ? TreeScratch.keyPlace(PLACE_KEY) : low.offset();
        int fromLength = low == null ? 0 : low.length();
        scratch.loads = 0;
        while (true) {
            boolean missing = false;
            long stamp = tree.latch.readLock();
            try {
                int frameIndex = tree.descend(scratch, from, fromOffset, fromLength, HotTree.AT);
                if (frameIndex == HotTree.EMPTY) {
                    return false;
                }
                boolean unread = frameIndex == HotTree.MISSING;
                boolean mayHave = unread
                        ? tree.checkpoint().doneCsn() > csn
                        : mayHaveNewer(frameIndex, csn);
                missing = unread && mayHave;
                if (!missing) {
                    if (mayHave && leafChanged(frameIndex, low, high, csn)) {
                        return true;
                    }
                    if (scratch.highLength == TreeScratch.UNBOUNDED || high != null && Bytes.compare(
                            scratch.highMemory, scratch.highOffset, scratch.highLength, high.memory(), high.offset(),
                            high.length()) > 0) {
                        return false;
                    }
                    scratch.loads = 0; // of the next leaf
                    from = scratch.keyMemory;
                    fromOffset = TreeScratch.keyPlace(PLACE_KEY);
                    fromLength = scratch.highLength;
                    MemorySegment.copy(scratch.highMemory, scratch.highOffset, from, fromOffset, fromLength);
                }
            } catch (RuntimeException e) {
                throw tree.damaged(e);
            } finally {
                tree.latch.unlockRead(stamp);
            }
            if (missing) {
                tree.load(scratch, from, fromOffset, fromLength, HotTree.AT);
            }
        }
    }

    private boolean mayHaveNewer(int frameIndex, long csn) {
        return trees.table.get(frameIndex, FrameTable.DIRTY_CSN) > csn
                || trees.table.get(frameIndex, FrameTable.IMAGE_CSN) > csn;
    }

    private boolean leafChanged(int frameIndex, Key low, Key high, long csn) {
        MemorySegment memory = trees.memory(frameIndex);
        long page = trees.page(frameIndex);
        int from = low == null ? 0 : find(frameIndex, low);
        int to = high == null ? LeafImage.slotCount(memory, page) : find(frameIndex, high);
        to = high == null ? to : to < 0 ? -1 - to : to + 1;
        for (int i = from < 0 ? -1 - from : from; i < to; i++) {
            if (stampedCsn(frameIndex, i) > csn) {
                return true;
            }
        }
        return false;
    }

    int tidy(int leavesMax) {
        return merge.tidy(leavesMax);
    }
}
