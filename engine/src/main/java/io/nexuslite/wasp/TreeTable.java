package io.nexuslite.wasp;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.format.TreeTableLayout;
import io.nexuslite.memory.NativeBuffer;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.tree.ImageBuilder;
import io.nexuslite.wasp.tree.ImageCursor;
import io.nexuslite.wasp.tree.ImageTree;
import io.nexuslite.wasp.tree.PagePointer;
import io.nexuslite.wasp.tree.PageReader;
import io.nexuslite.wasp.tree.PageWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tree of all trees: id to kind, root and record count as of the newest manifest. Read from its pages when asked, so that it needs
 * no page frame; written anew by a checkpoint that changes an entry, and never logged: after a crash the log tells of younger trees.
 * All methods take the monitor; they may read pages.
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

    private final ImageTree image;
    private final String fileName;
    private final NativeBuffer scratch = new NativeBuffer(TreeTableLayout.KEY_SIZE + TreeTableLayout.ENTRY_SIZE);
    private final Key key = new Key();
    private final RecordView view = new RecordView();
    private final TreeMap<Integer, Optional<Entry>> changes = new TreeMap<>(); // of the checkpoint under way; empty: taken out
    private PagePointer root;
    private PagePointer written;

    /** The table that lies on disk below {@code root}, or none. */
    TreeTable(PageReader pages, PagePointer root) {
        this.image = new ImageTree(pages, TreeTableLayout.TREE_TABLE_TREE_ID, TreeKind.KEYED);
        this.fileName = pages.fileName();
        this.root = root;
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

    /** The entry of a tree under the newest durable manifest, or {@code null}. */
    synchronized Entry find(int treeId) {
        scratch.memory().set(KEY, 0, treeId);
        return image.get(root, key.wrap(scratch.memory(), 0, TreeTableLayout.KEY_SIZE), view) ? decode(treeId) : null;
    }

    private Entry decode(int treeId) {
        MemorySegment memory = view.memory();
        long offset = view.offset();
        TreeKind kind = view.length() == TreeTableLayout.ENTRY_SIZE
                ? kindOf(memory.get(ValueLayout.JAVA_BYTE, offset + TreeTableLayout.KIND_OFFSET))
                : null;
        if (kind == null) {
            throw CorruptionException.of("Entry of the tree table breaks the format: length " + view.length(), fileName,
                    -1,
                    "tree table entry " + treeId);
        }
        return new Entry(treeId, kind, new PagePointer().load(memory, offset + TreeTableLayout.ROOT_POINTER_OFFSET),
                memory.get(LONG, offset + TreeTableLayout.RECORD_COUNT_OFFSET));
    }

    /** Sets the entry of a tree, for the checkpoint under way. */
    synchronized void put(Entry entry) {
        changes.put(entry.treeId(), Optional.of(entry));
    }

    /** Takes the entry of a tree out, for the checkpoint under way. */
    synchronized void delete(int treeId) {
        changes.put(treeId, Optional.empty());
    }

    /** Writes the table as the changes make it; returns its root. */
    synchronized PagePointer write(long csn, PageWriter writer) {
        if (changes.isEmpty()) {
            written = root;
            return root;
        }
        try (ImageBuilder builder = image.builder(csn, writer)) {
            merge(builder);
            written = builder.finish();
        }
        image.free(root, writer);
        return written;
    }

    /** Adds the entries on disk and the changes in the order of ids, a change in place of an entry. */
    private void merge(ImageBuilder builder) {
        Iterator<Map.Entry<Integer, Optional<Entry>>> ahead = changes.entrySet().iterator();
        Map.Entry<Integer, Optional<Entry>> change = ahead.next();
        try (ImageCursor old = image.cursor(root)) {
            while (old.next(view)) {
                int treeId = view.key().memory().get(KEY, view.key().offset());
                while (change != null && change.getKey() < treeId) {
                    change.getValue().ifPresent(entry -> add(builder, entry));
                    change = ahead.hasNext() ? ahead.next() : null;
                }
                if (change != null && change.getKey() == treeId) {
                    continue; // added when the next entry, or the end, is met
                }
                builder.add(view.key().memory(), view.key().offset(), view.key().length(), view.memory(), view.offset(),
                        view.length());
            }
        }
        while (change != null) {
            change.getValue().ifPresent(entry -> add(builder, entry));
            change = ahead.hasNext() ? ahead.next() : null;
        }
    }

    private void add(ImageBuilder builder, Entry entry) {
        MemorySegment memory = scratch.memory();
        long value = TreeTableLayout.KEY_SIZE;
        memory.fill((byte) 0);
        memory.set(KEY, 0, entry.treeId());
        memory.set(ValueLayout.JAVA_BYTE, value + TreeTableLayout.KIND_OFFSET, kindByte(entry.kind()));
        memory.set(LONG, value + TreeTableLayout.RECORD_COUNT_OFFSET, entry.recordCount());
        entry.root().store(memory, value + TreeTableLayout.ROOT_POINTER_OFFSET);
        builder.add(memory, 0, TreeTableLayout.KEY_SIZE, memory, value, TreeTableLayout.ENTRY_SIZE);
    }

    /** The checkpoint is durable. */
    synchronized void flipped() {
        root = written;
        changes.clear();
    }

    /** The checkpoint has failed: nothing of it counts. */
    synchronized void rollback() {
        changes.clear();
    }

    @Override
    public void close() {
        image.close();
        scratch.close();
    }
}
