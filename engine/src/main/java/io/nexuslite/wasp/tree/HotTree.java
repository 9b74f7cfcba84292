package io.nexuslite.wasp.tree;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.format.PointerLayout;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.StampedLock;

/**
 * One tree in memory, over its pages on disk: nodes lie in page frames, are read when they are first needed and leave when they are clean.
 *
 * <p><b>State.</b> {@code rootFrame}, or {@code rootPointer} while the root is on disk; the bytes of inner frames and leaves; the words of
 * {@link FrameTable}. All of it is written under the latch, which is a sequence lock to readers: they search without it, validate, and take it
 * for reading after 8 failures.
 * <p><b>Invariants.</b> (T1) A key lies in exactly one leaf that the root reaches. (T2) Record bytes do not change while a pin can see
 * them, so a record found under the latch's stamp may be followed after it, inside the caller's pin. (T3) A page on disk has at most one page
 * frame: a page is read into a frame of its own without the latch, and put in only where its pointer still stands. (T4) A leaf that
 * has an image of its own covers the same range of keys as the image. (T5) A frame is clean when its image belongs to the last checkpoint
 * that succeeded, or an earlier one, nothing in it is newer or pending, and nobody needs older records.
 * <p><b>Progress.</b> Readers wait for nobody but the disk; the latch is held for searches and changes in memory only.
 * <p><b>Reclamation.</b> Frames and cells that were made unreachable are retired through the epochs.
 */
public final class HotTree {
    /** Commit number of a record whose transaction has none yet; above all others. */
    public static final long PENDING = Long.MAX_VALUE;

    static final int EMPTY = -1; // results of a descent that reaches no leaf
    static final int MISSING = -2;
    static final int ABSENT = -3;

    private static final int OPTIMISTIC_TRIES = 8;
    private static final int LOADS_MAX = 64; // of one operation on a leaf

    final HotTrees trees;
    final PageReader pages;
    final StampedLock latch = new StampedLock();
    int rootFrame = FrameTable.NONE;
    final PagePointer rootPointer;
    final PagePointer evictedPointer = new PagePointer(); // guarded by the latch
    long nextLeafId = 1; // guarded by the latch
    private final int treeId;
    private final boolean document;
    private final ValueSource values;
    private final PageLoader loader;
    private final TreeWriter writer;
    private final TreeCheckpoint checkpoint;
    volatile long recordCount;

    /**
     * A tree whose pages are still on disk.
     *
     * @param root root on disk, or none; copied
     * @param rootCsn the root holds every record up to this commit
     * @param recordCount live keys of that root
     */
    public HotTree(HotTrees trees, int treeId, TreeKind kind, PageReader pages, ValueSource values, PagePointer root,
            long rootCsn, long recordCount) {
        this.trees = trees;
        this.treeId = treeId;
        this.document = kind == TreeKind.DOCUMENT;
        this.pages = pages;
        this.values = values;
        this.recordCount = recordCount;
        rootPointer = new PagePointer(root);
        loader = new PageLoader(this);
        writer = new TreeWriter(this);
        checkpoint = new TreeCheckpoint(this, root, rootCsn);
    }

    public int treeId() {
        return treeId;
    }

    public TreeKind kind() {
        return document ? TreeKind.DOCUMENT : TreeKind.KEYED;
    }

    boolean isDocument() {
        return document;
    }

    /**
     * Live keys as of the last stamped change. Any thread. For a checkpoint, read it while no writer is at work and the checkpoint's csn is the
     * newest that was stamped.
     */
    public long recordCount() {
        return recordCount;
    }

    // ---- the writer: one at a time over all trees, with no pin

    /**
     * Puts a record before the newest of its key; nobody sees it until {@link #stamp}. All that can fail fails here, with no effect.
     *
     * @param key whole key; for documents that of the body's {@code _id}
     * @param record memory with the record in absolute form ({@link RecordCodec}); copied
     * @throws io.nexuslite.error.KeyTooLongException if the key is longer than 1,024 bytes
     * @throws InvalidDocumentException if the record is longer than {@link RecordCodec#recordLengthMax}
     * @throws IllegalStateException if the key has a pending record
     * @throws CorruptionException if a page that is needed is damaged
     * @throws io.nexuslite.error.MemoryBudgetExceededException if there is no page frame or cell
     */
    public void insertPending(Key key, MemorySegment record, long offset, int length) {
        writer.insertPending(key, record, offset, length);
    }

    /** Gives the pending record of a key its commit number, the newest of the tree. Allocates nothing, reads no page, cannot fail. */
    public void stamp(Key key, long csn) {
        writer.stamp(key, csn);
    }

    /** Takes the pending record of a key out, if it has one. Allocates nothing, reads no page, cannot fail. */
    public void abortPending(Key key) {
        writer.abortPending(key);
    }

    /** Newest commit number of a key, tombstones too; 0 if it has no record. Pending ones do not count. */
    public long newestCsn(Key key) {
        return writer.newestCsn(key);
    }

    /**
     * Whether a record in {@code [low, high]}, tombstones too, is newer than {@code csn}. Pending ones do not count.
     *
     * @param low {@code null}: from the beginning
     * @param high {@code null}: to the end
     */
    public boolean changedSince(Key low, Key high, long csn) {
        return writer.changedSince(low, high, csn);
    }

    /**
     * Merges leaves that were found empty or nearly so with their neighbours. Each insert does one such step by itself; an engine calls this
     * after a checkpoint, and before the last one.
     *
     * @return the leaves looked at, at most {@code leavesMax}
     */
    public int tidy(int leavesMax) {
        return writer.tidy(leavesMax);
    }

    // ---- readers: any thread, pinned

    /** As {@link #get} with the newest stamped record, whatever its number. */
    public boolean getNewest(TreeReader reader, Key key, RecordView into) {
        return get(reader, PENDING - 1, key, into);
    }

    /**
     * Finds the newest record of a key with a number up to {@code horizon}. If a page must be read, the caller's pin is ended and
     * taken again ({@link ReadPin}).
     *
     * @param key whole key; its memory stays as it is while {@code into} is used
     * @param into valid as long as the caller's pin and until the reader's next call
     * @return false if there is none or it is a tombstone
     * @throws CorruptionException if a page or value is damaged
     */
    public boolean get(TreeReader reader, long horizon, Key key, RecordView into) {
        TreeScratch scratch = reader.scratch;
        scratch.loads = 0;
        long visible = horizon;
        while (true) {
            long found = find(scratch, key.memory(), key.offset(), key.length());
            if (found >= 0) {
                int frameIndex = (int) (found >>> Short.SIZE);
                trees.table.touch(frameIndex);
                return resolve(reader, frameIndex, (int) (found & 0xFFFF), visible, key, into);
            }
            if (found != MISSING) {
                return false;
            }
            reader.pin.unpin();
            try {
                load(scratch, key.memory(), key.offset(), key.length(), AT);
            } finally {
                reader.pin.pin();
            }
            visible = reader.pin.horizonAgain(visible);
        }
    }

    /** A cursor as of a registered horizon; called without pin, pins by itself for each leaf. */
    public TreeCursor cursor(TreeReader reader, long horizon) {
        return reader.takeCursor(trees.pageSize).open(this, horizon);
    }

    // ---- the checkpoint: one thread at a time, with no pin

    /**
     * Writes all that is committed up to {@code csn}: images of the leaves that changed, and the inner pages above them. Readers and
     * the writer go on meanwhile. {@link #checkpointDone} or {@link #checkpointFailed} must follow, also if this throws.
     *
     * @param csn a registered horizon; all up to it are stamped
     * @param reader scratch and pin of the calling thread
     * @return the new root, or none for a tree without records; the caller's
     */
    public PagePointer checkpoint(long csn, PageWriter target, TreeReader reader) {
        return checkpoint.write(csn, target, reader);
    }

    /** The manifest with the last checkpoint's root is durable. */
    public void checkpointDone() {
        checkpoint.done();
    }

    /** The last checkpoint's root will never be named: what it wrote will be written again. */
    public void checkpointFailed() {
        checkpoint.failed();
    }

    /** Whether a checkpoint would write anything. Any thread. */
    public boolean isDirty() {
        return checkpoint.isDirty();
    }

    TreeCheckpoint checkpoint() {
        return checkpoint;
    }

    // ---- the end

    /** Gives all frames and cells back; nobody uses the tree any more, readers pinned before excepted. */
    public void drop() {
        long stamp = latch.writeLock();
        try {
            if (rootFrame != FrameTable.NONE) {
                TreeStructure.retireAll(this, rootFrame);
                rootFrame = FrameTable.NONE;
            }
            rootPointer.setNone();
        } finally {
            latch.unlockWrite(stamp);
        }
    }

    boolean looksDirty(int frameIndex) {
        FrameTable table = trees.table;
        return table.get(frameIndex, FrameTable.PENDING_COUNT) != 0
                || table.get(frameIndex, FrameTable.DIRTY_CSN) > table.get(frameIndex, FrameTable.IMAGE_CSN)
                || table.get(frameIndex, FrameTable.DIRTY_CSN) > checkpoint.doneCsn();
    }

    // ---- descent

    /** Ways to descend: to the leaf of a key, to the leaf of the keys just below it, to the last leaf. */
    static final int AT = 0;
    static final int BEFORE = 1;
    static final int LAST = 2;

    /** Finds the slot of a key: the frame index shifted by 16 bits, with the slot's value,, or {@link #EMPTY}, {@link #MISSING} or {@link #ABSENT}. */
    private long find(TreeScratch scratch, MemorySegment key, long keyOffset, int keyLength) {
        for (int i = 0; i < OPTIMISTIC_TRIES; i++) {
            long stamp = latch.tryOptimisticRead();
            if (stamp != 0) {
                try {
                    long found = findUnder(scratch, key, keyOffset, keyLength);
                    if (latch.validate(stamp)) {
                        return found;
                    }
                } catch (RuntimeException e) {
                    if (latch.validate(stamp)) {
                        throw damaged(e);
                    }
                }
            }
            Thread.onSpinWait();
        }
        long stamp = latch.readLock();
        try {
            return findUnder(scratch, key, keyOffset, keyLength);
        } catch (RuntimeException e) {
            throw damaged(e);
        } finally {
            latch.unlockRead(stamp);
        }
    }

    private long findUnder(TreeScratch scratch, MemorySegment key, long keyOffset, int keyLength) {
        int frameIndex = descend(scratch, key, keyOffset, keyLength, AT);
        if (frameIndex < 0) {
            return frameIndex;
        }
        MemorySegment memory = trees.memory(frameIndex);
        long page = trees.page(frameIndex);
        int index = LeafFrame.find(memory, page, trees.pageSize, document, key, keyOffset, keyLength, scratch);
        if (index < 0) {
            return ABSENT;
        }
        int slot = LeafImage.slot(memory, page, LeafImage.prefixLength(memory, page), LeafImage.slotCount(memory, page),
                index);
        return (long) frameIndex << Short.SIZE | slot;
    }

    /**
     * Goes down to a leaf, under the latch or a stamp of it.
     *
     * @return its page frame, or {@link #EMPTY}, or {@link #MISSING} with the pointer of the page to be read in the scratch
     */
    int descend(TreeScratch scratch, MemorySegment key, long keyOffset, int keyLength, int mode) {
        scratch.clearFences();
        int frameIndex = rootFrame;
        if (frameIndex == FrameTable.NONE) {
            scratch.pointer.set(rootPointer);
            scratch.missingLevel = -1;
            scratch.missingParent = FrameTable.NONE;
            return scratch.pointer.isNone() ? EMPTY : MISSING;
        }
        for (int depth = 0; depth <= InnerImage.LEVEL_MAX; depth++) {
            MemorySegment memory = trees.memory(frameIndex);
            long page = trees.page(frameIndex);
            int level = LeafImage.level(memory, page);
            if (level == 0) {
                return frameIndex;
            }
            int count = InnerFrame.childCount(memory, page);
            int index = switch (mode) {
                case AT -> InnerFrame.childOf(memory, page, key, keyOffset, keyLength);
                case BEFORE -> InnerFrame.childBefore(memory, page, key, keyOffset, keyLength);
                default -> count - 1;
            };
            narrow(scratch, memory, page, count, index);
            int child = InnerFrame.childFrame(memory, page, index);
            if (child == FrameTable.NONE) {
                scratch.pointer.load(memory, InnerFrame.childOffset(page, index));
                scratch.missingLevel = level - 1;
                scratch.missingParent = frameIndex;
                scratch.missingIndex = index;
                return MISSING;
            }
            frameIndex = child;
        }
        throw new MalformedRecordException("tree is too deep");
    }

    private static void narrow(TreeScratch scratch, MemorySegment memory, long page, int count, int index) {
        if (index > 0) {
            scratch.lowMemory = memory;
            scratch.lowOffset = InnerFrame.separator(memory, page, count, index);
            scratch.lowLength = InnerFrame.separatorLength(memory, scratch.lowOffset);
        }
        if (index + 1 < count) {
            scratch.highMemory = memory;
            scratch.highOffset = InnerFrame.separator(memory, page, count, index + 1);
            scratch.highLength = InnerFrame.separatorLength(memory, scratch.highOffset);
        }
    }

    /**
     * Reads the page that a descent missed and puts it into its place. No latch is held, and no pin. If an operation needs more of that than a
     * tree has levels, what it read is evicted before it is used.
     */
    void load(TreeScratch scratch, MemorySegment key, long keyOffset, int keyLength, int mode) {
        if (++scratch.loads > LOADS_MAX) {
            scratch.loads = 0;
            trees.pressure.waitForClean(true);
        }
        loader.load(scratch, key, keyOffset, keyLength, mode);
    }

    // ---- records

    /** Walks from a slot to the newest visible record and shows it; inside a pin, without latch. */
    private boolean resolve(TreeReader reader, int frameIndex, int slot, long horizon, Key key, RecordView into) {
        TreeScratch scratch = reader.scratch;
        try {
            if (!parseVisible(scratch.record, trees.memory(frameIndex), trees.page(frameIndex), slot, horizon)
                    || scratch.record.isTombstone()) {
                return false;
            }
        } catch (MalformedRecordException | IndexOutOfBoundsException e) {
            throw damaged(e);
        }
        show(scratch, scratch.record.hasExtents() ? reader.value() : null, into);
        if (!document) {
            into.key().wrap(key.memory(), key.offset(), key.length());
        }
        return true;
    }

    /** Parses the newest record from a slot on with a number up to the horizon; false if there is none. */
    boolean parseVisible(RecordParser record, MemorySegment memory, long page, int slot, long horizon) {
        long link = slot;
        while (link != LeafFrame.LINK_NONE) {
            if (LeafFrame.isCell(link)) {
                MemorySegment cell = trees.cellMemory(link);
                long offset = HotTrees.cellOffset(link);
                if (LeafFrame.csnAcquire(cell, offset) <= horizon) {
                    LeafFrame.parseAppended(cell, offset, cell.byteSize(), document, record);
                    return true;
                }
                link = LeafFrame.linkAcquire(cell, offset);
            } else if (LeafFrame.isAppended((int) link)) {
                long offset = page + LeafFrame.offsetOf((int) link);
                if (LeafFrame.csnAcquire(memory, offset) <= horizon) {
                    LeafFrame.parseAppended(memory, offset, page + trees.pageSize, document, record);
                    return true;
                }
                link = LeafFrame.linkAcquire(memory, offset);
            } else {
                LeafFrame.parse(memory, page, trees.pageSize, document, (int) link, record);
                return record.csn <= horizon;
            }
        }
        return false;
    }

    /**
     * Fills a view with the record that the scratch has parsed; the key is the caller's to fill.
     *
     * @param value empty buffer for a value in extents; {@code null} is enough for other records
     */
    void show(TreeScratch scratch, GrowableBuffer value, RecordView into) {
        RecordParser record = scratch.record;
        if (document) {
            RecordMeta meta = into.meta();
            meta.createdMillis = record.createdMillis;
            meta.updatedMillis = record.updatedMillis;
            meta.documentVersion = record.documentVersion;
            meta.expiryMillis = record.expiryMillis;
            meta.tagsMemory = record.tagsLength > 0 ? record.memory : null;
            meta.tagsOffset = record.tagsLength > 0 ? record.tagsOffset : 0;
            meta.tagsLength = record.tagsLength;
            if (record.hasExtents()) {
                readExtents(scratch, value);
                into.set(value.memory(), 0, value.length(), record.csn);
                return;
            }
        }
        into.set(record.memory, record.bodyOffset, record.bodyLength, record.csn);
    }

    private void readExtents(TreeScratch scratch, GrowableBuffer value) {
        RecordParser record = scratch.record;
        PagePointer extent = scratch.pointer;
        long length = 0;
        for (int i = 0; i < record.extentCount; i++) {
            extent.load(record.memory, record.extentsOffset + (long) i * PointerLayout.POINTER_SIZE);
            length += extent.length() & 0xFFFF_FFFFL;
        }
        if (length != record.valueLength || length > value.limit()) {
            throw CorruptionException.of("Value lies in extents of other length: expected " + record.valueLength
                    + " bytes, found " + length, pages.fileName(), extent.pageNumber() * trees.pageSize,
                    "record of tree " + treeId);
        }
        value.reserve((int) length);
        for (int i = 0; i < record.extentCount; i++) {
            extent.load(record.memory, record.extentsOffset + (long) i * PointerLayout.POINTER_SIZE);
            values.readExtent(extent, value.memory(), value.length(), scratch.crc);
            value.setLength(value.length() + extent.length());
        }
    }

    /** What to throw for an exception out of bytes that no other thread was changing. */
    RuntimeException damaged(RuntimeException cause) {
        if (cause instanceof MalformedRecordException || cause instanceof IndexOutOfBoundsException
                || cause instanceof InvalidDocumentException || cause instanceof NullPointerException) {
            return CorruptionException.of("Tree in memory breaks a rule: " + cause.getMessage(), pages.fileName(), 0,
                    "tree " + treeId, cause);
        }
        return cause;
    }
}
