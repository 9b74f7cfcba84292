package io.nexuslite.wasp;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.format.PointerLayout;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.tree.RecordCodec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One session's transaction, used again for the next one. Collects its writes; all that others can see happens in {@link
 * Committer#commit}. One thread at a time.
 */
final class WaspTransaction implements Transaction {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final WaspEngine engine;
    private final WaspSession session;
    private final WriteSet writes = new WriteSet();
    private final ReadSet reads = new ReadSet();
    private final KeyDeriver keys = new KeyDeriver();
    private final ExtentWriter extents;
    private final GrowableBuffer pointers = new GrowableBuffer(1024, 1 << 24); // of all extents written so far
    private final List<TransactionCursor> cursors = new ArrayList<>();
    private final List<Integer> created = new ArrayList<>();
    private final List<Integer> dropped = new ArrayList<>();
    private final RecordView old = new RecordView();
    private final RecordMeta noMeta = new RecordMeta();
    private final BsonCursor idCursor = new BsonCursor();
    private TransactionMode mode;
    private long horizon;
    private boolean open;
    private boolean locked; // holds the committer's lock
    private boolean claimed; // the commit has a number: nothing can be taken back

    WaspTransaction(WaspEngine engine, WaspSession session) {
        this.engine = engine;
        this.session = session;
        this.extents = new ExtentWriter(engine);
    }

    void begin(TransactionMode newMode) {
        if (open) {
            throw new IllegalStateException("the session has an open transaction");
        }
        session.reader().end();
        writes.reset();
        reads.reset();
        pointers.reset();
        created.clear();
        dropped.clear();
        claimed = false;
        mode = newMode;
        if (newMode == TransactionMode.EXCLUSIVE) {
            lock();
            horizon = engine.horizons().filledHorizon();
            engine.snapshots().registerAt(horizon);
        } else {
            horizon = engine.snapshots().register();
        }
        open = true;
    }

    private void requireOpen() {
        if (!open) {
            throw new DatabaseClosedException("transaction");
        }
    }

    TransactionMode mode() {
        return mode;
    }

    long horizon() {
        return horizon;
    }

    WriteSet writes() {
        return writes;
    }

    ReadSet reads() {
        return reads;
    }

    List<Integer> created() {
        return created;
    }

    List<Integer> dropped() {
        return dropped;
    }

    /** Keeps other writers out; does nothing if they are. */
    void lock() {
        if (!locked) {
            engine.committer().lock();
            locked = true;
        }
    }

    /** Lets other writers in; does nothing if they are. */
    void unlock() {
        if (locked) {
            locked = false;
            engine.committer().unlock();
        }
    }

    /** The commit has a number. */
    void claimed(long csn) {
        claimed = true;
        extents.committed(pointers.memory(), 0, pointers.length() / PointerLayout.POINTER_SIZE, csn);
    }

    boolean isEmpty() {
        return writes.count() == 0 && created.isEmpty() && dropped.isEmpty();
    }

    @Override
    public boolean get(Tree tree, Key key, RecordView into) {
        requireOpen();
        int entry = writes.find(tree.treeId(), key);
        if (entry != WriteSet.NOT_FOUND) {
            session.reader().end();
            if (writes.isDelete(entry)) {
                return false;
            }
            writes.view(entry, tree.kind(), into);
            return true;
        }
        if (mode == TransactionMode.OPTIMISTIC) {
            reads.addPoint(tree.treeId(), key);
        }
        return getCommitted(tree, key, into);
    }

    private boolean getCommitted(Tree tree, Key key, RecordView into) {
        PinnedReader reader = session.reader();
        reader.beginRegistered();
        return ((WaspTree) tree).hot().get(reader.reader(), horizon, key, into);
    }

    @Override
    public void putDocument(Tree tree, Key key, MemorySegment memory, long offset, int length, RecordMeta meta) {
        requireOpen();
        require(tree, TreeKind.DOCUMENT);
        GrowableBuffer records = writes.records();
        int view = records.reserve(RecordCodec.documentLengthMax(meta, length));
        int viewLength = RecordCodec.writeDocument(records.memory(), view, meta, memory, offset, length);
        records.setLength(view + viewLength);
        if (length <= RecordCodec.inlineLengthMax(engine.pageSize())) {
            writes.put((WaspTree) tree, key, false, view, viewLength, view, viewLength);
            return;
        }
        int first = pointers.length();
        extents.write(memory, offset, length, pointers);
        int count = ExtentWriter.pieces(length);
        int idLength = idDocument(memory, offset);
        int id = records.length() - idLength;
        int inTree = records.reserve(RecordCodec.extentsLengthMax(meta, count, idLength));
        int inTreeLength = RecordCodec.writeExtents(records.memory(), inTree, meta, length, pointers.memory(), first, count,
                records.memory(), id, idLength);
        records.setLength(inTree + inTreeLength);
        writes.put((WaspTree) tree, key, false, inTree, inTreeLength, view, viewLength);
    }

    /** Appends a document that holds {@code _id} alone to the records buffer; returns its length. */
    private int idDocument(MemorySegment memory, long offset) {
        idCursor.wrap(memory, offset, memory.get(INT, offset)).next();
        int elementLength = (int) (idCursor.valueOffset() + idCursor.valueLength() - offset) - Integer.BYTES;
        int length = Integer.BYTES + elementLength + 1;
        GrowableBuffer records = writes.records();
        int at = records.reserve(length);
        records.memory().set(INT, at, length);
        MemorySegment.copy(memory, offset + Integer.BYTES, records.memory(), at + Integer.BYTES, elementLength);
        records.memory().set(ValueLayout.JAVA_BYTE, at + length - 1, (byte) 0);
        return length;
    }

    @Override
    public void put(Tree tree, Key key, MemorySegment memory, long offset, int length) {
        requireOpen();
        require(tree, TreeKind.KEYED);
        int lengthMax = RecordCodec.keyedLengthMax(key.length(), length);
        if (lengthMax > RecordCodec.inlineLengthMax(engine.pageSize())) {
            throw new InvalidDocumentException("value of a keyed tree: at most "
                    + RecordCodec.inlineLengthMax(engine.pageSize()) + " bytes with its key, found " + lengthMax, -1, "");
        }
        GrowableBuffer records = writes.records();
        int at = records.reserve(lengthMax);
        int written = RecordCodec.writeKeyed(records.memory(), at, false, key.memory(), key.offset(), key.length(), memory,
                offset, length);
        records.setLength(at + written);
        writes.put((WaspTree) tree, key, false, at, written, at, written);
    }

    private static void require(Tree tree, TreeKind kind) {
        if (tree.kind() != kind) {
            throw new IllegalArgumentException("expected a tree of kind " + kind + ", found " + tree);
        }
    }

    @Override
    public boolean delete(Tree tree, Key key) {
        if (!get(tree, key, old)) {
            return false;
        }
        GrowableBuffer records = writes.records();
        int at;
        int length;
        if (tree.kind() == TreeKind.DOCUMENT) {
            int idLength = idDocument(old.memory(), old.offset());
            int id = records.length() - idLength;
            at = records.reserve(RecordCodec.documentLengthMax(noMeta, idLength));
            length = RecordCodec.writeDocumentTombstone(records.memory(), at, engine.clockMillis(), records.memory(), id,
                    idLength);
        } else {
            at = records.reserve(RecordCodec.keyedLengthMax(key.length(), 0));
            length = RecordCodec.writeKeyed(records.memory(), at, true, key.memory(), key.offset(), key.length(),
                    key.memory(), key.offset(), 0);
        }
        records.setLength(at + length);
        writes.put((WaspTree) tree, key, true, at, length, at, length);
        return true;
    }

    @Override
    public TreeCursor cursor(Tree tree) {
        requireOpen();
        TreeCursor base = session.cursor(((WaspTree) tree).hot(), horizon);
        TransactionCursor cursor = new TransactionCursor(tree, base, writes,
                mode == TransactionMode.OPTIMISTIC ? reads : null, keys);
        cursors.add(cursor);
        return cursor;
    }

    WaspTree createTree(TreeKind kind) {
        requireOpen();
        WaspTree tree = engine.trees().create(kind);
        created.add(tree.treeId());
        return tree;
    }

    void dropTree(int treeId) {
        requireOpen();
        dropped.add(treeId);
    }

    @Override
    public long commit() {
        requireOpen();
        endReads();
        try {
            return engine.committer().commit(this);
        } finally {
            end();
        }
    }

    @Override
    public void close() {
        if (open) {
            endReads();
            try {
                unlock();
                engine.committer().awaitSeen(horizon);
            } finally {
                end();
            }
        }
    }

    private void endReads() {
        session.reader().end();
        cursors.forEach(TransactionCursor::close);
        cursors.clear();
    }

    private void end() {
        unlock();
        open = false;
        engine.snapshots().end(horizon);
        if (!claimed) {
            extents.giveBack(pointers.memory(), 0, pointers.length() / PointerLayout.POINTER_SIZE);
            created.forEach(engine.trees()::abandon);
        }
    }

    /** Frees the buffers; the session is closed. */
    void free() {
        writes.close();
        reads.close();
        keys.close();
        pointers.close();
    }
}
