package io.nexuslite.wasp.tree;

import static io.nexuslite.wasp.tree.FrameTable.NONE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes what changed of one tree to disk, as of one commit, while readers and the writer go on.
 *
 * <p>It goes by ranges of keys: each step takes the first leaf that needs an image and does not end at or below the last range's end, so that
 * splits and merges meanwhile neither skip a key nor double it. The leaf's bytes are copied under the latch, once; the image is made of the
 * copy, inside a pin (for older records in cells), and written with neither.
 *
 * <p>A leaf without records gets no image where its range can fall to the leaf before it, else an empty one: a range on disk begins
 * where one in memory does, and may end later. Only a tree of one leaf without records has no root. A range that was merged away behind
 * the walk is replaced by nothing.
 */
final class TreeCheckpoint {
    private static final byte[] FIRST = {};
    private static final int SMALL_FRACTION = 4;
    private static final int SMALL_MAX = 1 << 16;
    private static final int PLACE_CURSOR = 3; // in the scratch memory of the checkpoint's thread

    private static final int FOUND = 0; // outcomes of a look under the latch
    private static final int SKIPPED = 1;
    private static final int END = 2;
    private static final int WRITTEN = 3;

    private final HotTree tree;
    private final HotTrees trees;
    private final InnerShape shape;
    private final ArrayDeque<byte[]> small = new ArrayDeque<>(); // guarded by itself
    private volatile boolean hasSmall;

    private final PagePointer doneRoot;
    private volatile long doneCsn;
    private volatile long doneSequence;
    private PagePointer writtenRoot; // of the checkpoint that is neither done nor failed
    private long writtenCsn;
    private long sequence;
    private volatile long newestStamped; // written by the writer
    private volatile boolean structureChanged;

    // of the walk
    private PageWriter target;
    private TreeReader reader;
    private TreeScratch scratch;
    private ImageTree images;
    private ImageSource source;
    private LeafImageWriter imageWriter;
    private final List<LeafReplacement> replacements = new ArrayList<>();
    private final List<InnerEntry> written = new ArrayList<>();
    private final List<PagePointer> oldExtents = new ArrayList<>();
    private final Set<Long> newExtents = new HashSet<>(); // by first page
    private int cursorLength;
    private byte[] low; // of the leaf that was copied
    private byte[] high;
    private boolean clipped;
    private long leafId;
    private boolean mayNameExtents;

    TreeCheckpoint(HotTree tree, PagePointer root, long rootCsn) {
        this.tree = tree;
        trees = tree.trees;
        shape = new InnerShape(tree);
        doneRoot = new PagePointer(root);
        doneCsn = rootCsn;
        newestStamped = rootCsn;
    }

    // ---- what others tell and ask

    /** Everything up to this commit is on disk. */
    long doneCsn() {
        return doneCsn;
    }

    long doneSequence() {
        return doneSequence;
    }

    void stamped(long csn) {
        newestStamped = csn;
    }

    /** A leaf came to be that has no image of its own. */
    void structureChanged() {
        structureChanged = true;
    }

    boolean isDirty() {
        return newestStamped > doneCsn || structureChanged;
    }

    /** The leaf whose fences the scratch has is empty or nearly so. */
    void noteSmall(TreeScratch with) {
        byte[] key = with.lowLength <= 0 ? FIRST : Bytes.copyOf(with.lowMemory, with.lowOffset, with.lowLength);
        synchronized (small) {
            if (small.size() < SMALL_MAX) {
                small.add(key);
                hasSmall = true;
            }
        }
    }

    boolean hasSmall() {
        return hasSmall;
    }

    byte[] pollSmall() {
        synchronized (small) {
            byte[] key = small.poll();
            hasSmall = !small.isEmpty();
            return key;
        }
    }

    // ---- the checkpoint

    PagePointer write(long csn, PageWriter pageWriter, TreeReader with) {
        if (writtenRoot != null) {
            throw new IllegalStateException("the last checkpoint is neither done nor failed");
        }
        sequence++;
        writtenCsn = csn;
        writtenRoot = new PagePointer(doneRoot);
        if (!isDirty()) {
            return new PagePointer(doneRoot);
        }
        structureChanged = false; // before the walk: what changes from now on counts for the next one
        begin(pageWriter, with);
        try (ImageTree onDisk = new ImageTree(tree.pages, tree.treeId(), tree.kind())) {
            images = onDisk;
            walk();
            writtenRoot = onDisk.apply(doneRoot, replacements, target, shape.cuts());
            if (!writtenRoot.isNone()) {
                shape.adopt(writtenRoot, onDisk, sequence, writtenCsn);
            }
            freeExtents();
            return new PagePointer(writtenRoot);
        } finally {
            end();
        }
    }

    private void begin(PageWriter pageWriter, TreeReader with) {
        target = new ExtentNotes(pageWriter, newExtents);
        reader = with;
        scratch = with.scratch;
        source = new ImageSource(trees, tree.isDocument(), trees.pageSize, scratch, trees.checkpointLeaf);
        imageWriter = new LeafImageWriter(tree.treeId(), tree.isDocument(), trees.pageSize, scratch,
                trees.checkpointImage);
    }

    private void end() {
        replacements.clear();
        written.clear();
        oldExtents.clear();
        newExtents.clear();
        target = null;
        reader = null;
        scratch = null;
        images = null;
        source = null;
        imageWriter = null;
    }

    private void walk() {
        cursorLength = 0;
        while (true) {
            int outcome;
            reader.pin.pin();
            try {
                outcome = look();
                if (outcome == FOUND && collect()) {
                    writeImages(); // inside the pin: some of the records lie in cells
                    outcome = WRITTEN;
                }
            } finally {
                reader.pin.unpin();
            }
            if (outcome == END) {
                return;
            }
            if (outcome == SKIPPED) {
                continue;
            }
            if (outcome == FOUND) {
                writeImages();
            }
            remember();
            if (mayNameExtents) {
                images.forEachExtent(doneRoot, low, high, extent -> oldExtents.add(new PagePointer(extent)));
            }
            if (high == null) {
                return;
            }
            putCursor(high);
        }
    }

    private void putCursor(byte[] key) {
        MemorySegment.copy(key, 0, scratch.keyMemory, Bytes.BYTE, TreeScratch.keyPlace(PLACE_CURSOR), key.length);
        cursorLength = key.length;
    }

    /** Looks for the next leaf that needs an image among the children of one inner page, and copies it. */
    private int look() {
        long stamp = tree.latch.readLock();
        try {
            int leaf = tree.descend(scratch, scratch.keyMemory, TreeScratch.keyPlace(PLACE_CURSOR), cursorLength,
                    HotTree.AT);
            if (leaf == HotTree.EMPTY || leaf == HotTree.MISSING && scratch.missingParent == NONE) {
                return END;
            }
            int parent = leaf == HotTree.MISSING
                    ? scratch.missingParent
                    : (int) trees.table.get(leaf,
                            FrameTable.PARENT);
            if (parent == NONE) {
                return needsImage(leaf) ? copy(leaf, NONE, 0) : END;
            }
            return lookAt(parent, leaf == HotTree.MISSING
                    ? scratch.missingIndex
                    : InnerFrame.indexOfFrame(trees.memory(parent), trees.page(parent), leaf));
        } catch (RuntimeException e) {
            throw tree.damaged(e);
        } finally {
            tree.latch.unlockRead(stamp);
        }
    }

    private int lookAt(int parent, int first) {
        MemorySegment memory = trees.memory(parent);
        long page = trees.page(parent);
        int count = InnerFrame.childCount(memory, page);
        boolean aboveLeaves = LeafImage.level(memory, page) == 1;
        for (int i = first; i < count; i++) {
            int child = InnerFrame.childFrame(memory, page, i);
            if (child == NONE) {
                continue;
            }
            if (!aboveLeaves) {
                long separator = InnerFrame.separator(memory, page, count, i);
                return skipTo(memory, separator, InnerFrame.separatorLength(memory, separator));
            }
            if (needsImage(child)) {
                return copy(child, parent, i);
            }
        }
        TreeStructure.fences(tree, parent, count - 1, scratch);
        return scratch.highLength == TreeScratch.UNBOUNDED
                ? END
                : skipTo(scratch.highMemory, scratch.highOffset, scratch.highLength);
    }

    private int skipTo(MemorySegment key, long offset, int length) {
        MemorySegment.copy(key, offset, scratch.keyMemory, TreeScratch.keyPlace(PLACE_CURSOR), length);
        cursorLength = length;
        return SKIPPED;
    }

    private boolean needsImage(int leaf) {
        FrameTable table = trees.table;
        return table.get(leaf, FrameTable.IMAGE_POINTER) == 0
                || table.get(leaf, FrameTable.DIRTY_CSN) > table.get(leaf, FrameTable.IMAGE_CSN);
    }

    private int copy(int leaf, int parent, int index) {
        TreeStructure.fences(tree, parent, index, scratch);
        low = scratch.lowLength == TreeScratch.UNBOUNDED
                ? FIRST
                : Bytes.copyOf(scratch.lowMemory, scratch.lowOffset, scratch.lowLength);
        high = scratch.highLength == TreeScratch.UNBOUNDED
                ? null
                : Bytes.copyOf(scratch.highMemory, scratch.highOffset, scratch.highLength);
        byte[] cursor = Bytes.copyOf(scratch.keyMemory, TreeScratch.keyPlace(PLACE_CURSOR), cursorLength);
        clipped = Arrays.compareUnsigned(low, cursor) < 0; // a leaf before it was merged with one that was done
        low = clipped ? cursor : low;
        leafId = trees.table.get(leaf, FrameTable.LEAF_ID);
        mayNameExtents = trees.table.get(leaf, FrameTable.OLD_EXTENTS) != 0;
        MemorySegment.copy(trees.memory(leaf), trees.page(leaf), trees.checkpointLeaf, 0, trees.pageSize);
        return FOUND;
    }

    /** Finds the records of the copied leaf that the image holds, inside the pin; true if some of them lie in cells. */
    private boolean collect() {
        boolean inCells = false;
        imageWriter.begin(source);
        MemorySegment leaf = trees.checkpointLeaf;
        int count = LeafImage.slotCount(leaf, 0);
        int prefixLength = LeafImage.prefixLength(leaf, 0);
        for (int i = 0; i < count; i++) {
            int slot = LeafImage.slot(leaf, 0, prefixLength, count, i);
            if (clipped) {
                int length = source.copyKey(slot, 0);
                if (Bytes.compare(scratch.keyMemory, 0, length, scratch.keyMemory, TreeScratch.keyPlace(PLACE_CURSOR),
                        cursorLength) < 0) {
                    continue;
                }
            }
            long name = visible(leaf, slot);
            if (name != LeafFrame.LINK_NONE) {
                imageWriter.add(name);
                inCells |= LeafFrame.isCell(name);
            }
        }
        return inCells;
    }

    /** The newest record of a slot with a number up to the checkpoint's, if there is one and it is no tombstone. */
    private long visible(MemorySegment leaf, int slot) {
        long link = slot;
        while (link != LeafFrame.LINK_NONE) {
            boolean cell = LeafFrame.isCell(link);
            if (!cell && !LeafFrame.isAppended((int) link)) {
                return source.parse(link).csn <= writtenCsn ? link : LeafFrame.LINK_NONE;
            }
            MemorySegment memory = cell ? trees.cellMemory(link) : leaf;
            long offset = cell ? HotTrees.cellOffset(link) : LeafFrame.offsetOf((int) link);
            if (LeafFrame.csnAcquire(memory, offset) <= writtenCsn) {
                return source.parse(link).isTombstone() ? LeafFrame.LINK_NONE : link;
            }
            link = LeafFrame.linkAcquire(memory, offset);
        }
        return LeafFrame.LINK_NONE;
    }

    private void writeImages() {
        written.clear();
        if (imageWriter.count() == 0 && addEmpty()) {
            return;
        }
        imageWriter.write(low, target, written);
        for (int i = 0; i < written.size(); i++) {
            byte[] end = i + 1 < written.size() ? written.get(i + 1).separator : high;
            replacements.add(new LeafReplacement(written.get(i).separator, end, written.get(i).pointer));
        }
    }

    /**
     * Deals with a range that has no records without writing a page: it falls to the leaf before it, if that was written too. So a
     * checkpoint does not write what a writer adds at the end of the tree while it runs. False if the range needs an empty leaf.
     */
    private boolean addEmpty() {
        LeafReplacement last = replacements.isEmpty() ? null : replacements.getLast();
        if (last != null && Arrays.equals(last.high(), low)) {
            replacements.set(replacements.size() - 1, new LeafReplacement(last.low(), high, last.leaf()));
            return true;
        }
        boolean isTree = low.length == 0 && high == null;
        if (isTree || clipped) {
            replacements.add(new LeafReplacement(low, high, null));
        }
        return isTree || clipped;
    }

    /** Notes the new image with the leaf, if that still covers the range; it counts when the checkpoint is done. */
    private void remember() {
        putCursor(low);
        FrameTable table = trees.table;
        long stamp = tree.latch.writeLock();
        try {
            int leaf = tree.descend(scratch, scratch.keyMemory, TreeScratch.keyPlace(PLACE_CURSOR), cursorLength,
                    HotTree.AT);
            if (leaf < 0) {
                structureChanged = true;
                return;
            }
            for (int at = leaf; at != NONE; at = (int) table.get(at, FrameTable.PARENT)) {
                table.put(at, FrameTable.IMAGE_POINTER, 0); // inner pages on disk are written anew
            }
            boolean isOwn = !clipped && written.size() == 1 && table.get(leaf, FrameTable.LEAF_ID) == leafId;
            if (isOwn) {
                table.putImagePointer(leaf, written.getFirst().pointer);
                table.put(leaf, FrameTable.IMAGE_CSN, writtenCsn);
                table.put(leaf, FrameTable.IMAGE_SEQUENCE, sequence);
                if (imageWriter.lastImageBytes() < trees.pageSize / SMALL_FRACTION) {
                    noteSmall(scratch);
                }
            } else {
                structureChanged |= low.length > 0 || high != null; // else the tree is empty, and needs nothing
                if (written.isEmpty()) {
                    noteSmall(scratch);
                }
            }
            if (imageWriter.hasExtents()) {
                table.put(leaf, FrameTable.OLD_EXTENTS, 1);
            }
        } finally {
            tree.latch.unlockWrite(stamp);
        }
    }

    /** Tells the value extents that old leaves named and new ones do not. */
    private void freeExtents() {
        for (PagePointer extent : oldExtents) {
            if (!newExtents.contains(extent.pageNumber())) {
                target.free(extent);
            }
        }
    }

    void done() {
        if (writtenRoot != null) {
            doneRoot.set(writtenRoot);
            doneCsn = Math.max(doneCsn, writtenCsn);
            doneSequence = sequence;
            writtenRoot = null;
        }
    }

    /** Forgets the images of the last checkpoint, so that the next one writes them again. */
    void failed() {
        if (writtenRoot == null) {
            return;
        }
        FrameTable table = trees.table;
        long stamp = tree.latch.writeLock();
        try {
            for (int i = 0, end = trees.frames.frameCount(); i < end; i++) {
                if (table.owner(i) == tree && table.get(i, FrameTable.IMAGE_SEQUENCE) == sequence) {
                    table.put(i, FrameTable.IMAGE_POINTER, 0);
                    table.put(i, FrameTable.IMAGE_SEQUENCE, 0);
                }
            }
            structureChanged = true;
            writtenRoot = null;
        } finally {
            tree.latch.unlockWrite(stamp);
        }
    }
}
