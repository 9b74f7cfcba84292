package io.nexuslite.wasp.tree;

import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.MemorySegment;

/** One tree in memory, over its pages on disk. */
public final class HotTree {
    /** Commit number of a record whose transaction has none yet; above all others. */
    public static final long PENDING = Long.MAX_VALUE;

    /**
     * @param root root on disk, or none; copied
     * @param recordCount live keys of that root
     */
    public HotTree(HotTrees trees, int treeId, TreeKind kind, PageReader pages, ValueSource values, PagePointer root,
            long recordCount) {
    }

    public int treeId() {
        throw new UnsupportedOperationException();
    }

    public TreeKind kind() {
        throw new UnsupportedOperationException();
    }

    /** Live keys as of the last stamped change. Any thread. */
    public long recordCount() {
        throw new UnsupportedOperationException();
    }

    // ---- the writer: one at a time, with no pin

    /** Puts a record (absolute form) before the newest of its key; invisible until {@link #stamp}. All that can fail fails here. */
    public void insertPending(Key key, MemorySegment record, long offset, int length) {
        throw new UnsupportedOperationException();
    }

    /** Gives the pending record of a key its commit number. Cannot fail. */
    public void stamp(Key key, long csn) {
        throw new UnsupportedOperationException();
    }

    /** Takes the pending record of a key out. Cannot fail. */
    public void abortPending(Key key) {
        throw new UnsupportedOperationException();
    }

    /** Newest commit number of a key, tombstones too; 0 if it has no record. Pending ones do not count. */
    public long newestCsn(Key key) {
        throw new UnsupportedOperationException();
    }

    /** Whether a record in {@code [low, high]}, tombstones too, is newer than {@code csn}. {@code null} = without bound. */
    public boolean changedSince(Key low, Key high, long csn) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #get} with the newest stamped record, whatever its number. */
    public boolean getNewest(TreeReader reader, Key key, RecordView into) {
        throw new UnsupportedOperationException();
    }

    // ---- readers: any thread, pinned

    /** Newest record of a key with a number up to {@code horizon}; false if there is none or it is a tombstone. */
    public boolean get(TreeReader reader, long horizon, Key key, RecordView into) {
        throw new UnsupportedOperationException();
    }

    /** A cursor as of a registered horizon; called without pin, pins by itself for each leaf. */
    public TreeCursor cursor(TreeReader reader, long horizon) {
        throw new UnsupportedOperationException();
    }

    // ---- the checkpoint: one thread at a time, with no pin

    /** Writes all that is committed up to {@code csn}, a registered horizon; returns the new root, or none. */
    public PagePointer checkpoint(long csn, PageWriter writer, TreeReader reader) {
        throw new UnsupportedOperationException();
    }

    /** The manifest with the last checkpoint's root is durable. */
    public void checkpointDone() {
        throw new UnsupportedOperationException();
    }

    /** The last checkpoint's root will never be named. */
    public void checkpointFailed() {
        throw new UnsupportedOperationException();
    }

    /** Whether a checkpoint would write anything. */
    public boolean isDirty() {
        throw new UnsupportedOperationException();
    }

    /** Merges leaves that the last checkpoint found nearly empty; the writer, with no pin. Returns the leaves merged. */
    public int tidy(int leavesMax) {
        throw new UnsupportedOperationException();
    }

    /** Gives all memory back; nobody may use the tree any more, readers pinned before excepted. */
    public void drop() {
        throw new UnsupportedOperationException();
    }
}
