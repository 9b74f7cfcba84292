package io.nexuslite.wasp;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.format.TreeTableLayout;
import io.nexuslite.memory.NativeBuffer;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.tree.HotTree;
import io.nexuslite.wasp.tree.PagePointer;
import io.nexuslite.wasp.tree.PageWriter;
import io.nexuslite.wasp.tree.RecordCodec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The tree of all trees: id to kind, root and record count as of the newest manifest. Written by checkpoints alone and never logged:
 * after a crash the log tells of younger trees. All methods take the monitor; they may read pages.
 */
final class TreeTable implements AutoCloseable {
    private static final ValueLayout.OfInt KEY = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * One tree.
     *
     * @param root its root on disk, or none
     */
    record Entry(int treeId, TreeKind kind, PagePointer root, long recordCount) {
    }

    /** What stood there before a change; {@code null} for nothing. */
    private record Undo(int treeId, Entry before) {
    }

    private final HotTree tree;
    private final PinnedReader reader;
    private final String fileName;
    private final NativeBuffer scratch = new NativeBuffer(TreeTableLayout.KEY_SIZE + TreeTableLayout.ENTRY_SIZE);
    private final NativeBuffer record = new NativeBuffer(
            RecordCodec.keyedLengthMax(TreeTableLayout.KEY_SIZE, TreeTableLayout.ENTRY_SIZE));
    private final Key key = new Key();
    private final RecordView view = new RecordView();
    private final List<Undo> undo = new ArrayList<>(); // changes of the checkpoint under way

    TreeTable(HotTree tree, PinnedReader reader, String fileName) {
        this.tree = tree;
        this.reader = reader;
        this.fileName = fileName;
    }

    /** The entry of a tree, or {@code null}. */
    synchronized Entry find(int treeId) {
        reader.beginRegistered();
        try {
            if (!tree.getNewest(reader.reader(), key(treeId), view)) {
                return null;
            }
            return decode(treeId);
        } finally {
            reader.end();
        }
    }

    private Entry decode(int treeId) {
        MemorySegment memory = view.memory();
        long offset = view.offset();
        byte kind = view.length() == TreeTableLayout.ENTRY_SIZE
                ? memory.get(ValueLayout.JAVA_BYTE, offset + TreeTableLayout.KIND_OFFSET)
                : 0;
        TreeKind treeKind = kindOf(kind);
        if (treeKind == null) {
            throw CorruptionException.of(
                    "Entry of the tree table breaks the format: kind " + kind + ", length " + view.length(),
                    fileName, -1, "tree table entry " + treeId);
        }
        return new Entry(treeId, treeKind,
                new PagePointer().load(memory, offset + TreeTableLayout.ROOT_POINTER_OFFSET),
                memory.get(LONG, offset + TreeTableLayout.RECORD_COUNT_OFFSET));
    }

    /** How tree table and log put a kind down. */
    static byte kindByte(TreeKind kind) {
        return kind == TreeKind.DOCUMENT ? TreeTableLayout.KIND_DOCUMENT : TreeTableLayout.KIND_KEYED;
    }

    /** The kind that a byte says, or {@code null}. */
    static TreeKind kindOf(byte kind) {
        return switch (kind) {
            case TreeTableLayout.KIND_DOCUMENT -> TreeKind.DOCUMENT;
            case TreeTableLayout.KIND_KEYED -> TreeKind.KEYED;
            default -> null;
        };
    }

    /** Sets the entry of a tree, for the checkpoint at {@code csn}. */
    synchronized void put(Entry entry, long csn) {
        undo.add(new Undo(entry.treeId(), find(entry.treeId())));
        set(entry, csn);
    }

    private void set(Entry entry, long csn) {
        MemorySegment memory = scratch.memory();
        long value = TreeTableLayout.KEY_SIZE;
        memory.asSlice(value).fill((byte) 0);
        memory.set(ValueLayout.JAVA_BYTE, value + TreeTableLayout.KIND_OFFSET, kindByte(entry.kind()));
        memory.set(LONG, value + TreeTableLayout.RECORD_COUNT_OFFSET, entry.recordCount());
        entry.root().store(memory, value + TreeTableLayout.ROOT_POINTER_OFFSET);
        write(entry.treeId(), false, TreeTableLayout.ENTRY_SIZE, csn);
    }

    /** Takes the entry of a tree out, for the checkpoint at {@code csn}. */
    synchronized void delete(int treeId, long csn) {
        undo.add(new Undo(treeId, find(treeId)));
        write(treeId, true, 0, csn);
    }

    /** The checkpoint has failed: the entries name the pages of the one before again. */
    synchronized void rollback(long csn) {
        for (Undo change : undo.reversed()) {
            if (change.before() == null) {
                write(change.treeId(), true, 0, csn);
            } else {
                set(change.before(), csn);
            }
        }
        undo.clear();
    }

    /** The checkpoint is durable. */
    synchronized void commit() {
        undo.clear();
    }

    private void write(int treeId, boolean tombstone, int valueLength, long csn) {
        MemorySegment memory = scratch.memory();
        key(treeId);
        int length = RecordCodec.writeKeyed(record.memory(), 0, tombstone, memory, 0, TreeTableLayout.KEY_SIZE, memory,
                TreeTableLayout.KEY_SIZE, valueLength);
        tree.insertPending(key, record.memory(), 0, length);
        tree.stamp(key, csn);
    }

    private Key key(int treeId) {
        scratch.memory().set(KEY, 0, treeId);
        return key.wrap(scratch.memory(), 0, TreeTableLayout.KEY_SIZE);
    }

    /** Writes the table's own pages; returns its root. */
    synchronized PagePointer checkpoint(long csn, PageWriter writer) {
        return tree.checkpoint(csn, writer, reader.reader());
    }

    /** The table's own tree, for the checkpoint to tell how it ended. */
    HotTree tree() {
        return tree;
    }

    @Override
    public void close() {
        reader.close();
        scratch.close();
        record.close();
    }
}
