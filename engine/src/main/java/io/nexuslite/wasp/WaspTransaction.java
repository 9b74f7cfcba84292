package io.nexuslite.wasp;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.TransactionConflictException;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.log.Stamper;
import io.nexuslite.wasp.log.TransactionFrames;
import io.nexuslite.wasp.tree.RecordCodec;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * One session's transaction, used again for the next one. Collects its writes; all that others can see happens in {@link
 * Committer#commit}. One thread at a time.
 */
final class WaspTransaction implements Transaction {
    private final EngineState state;
    private final WaspSession session;
    private final WriteSet writes = new WriteSet();
    private final ReadSet reads = new ReadSet();
    private final KeyDeriver keys = new KeyDeriver();
    private final DocumentEncoder documents;
    private final TransactionFrames frames = new TransactionFrames();
    private final Stamper stamper = this::stamp;
    private final Registration registration = new Registration(() -> new TransactionConflictException(
            "memory was needed, and the snapshot that it reads was ended"));
    private final Key scratchKey = new Key();
    private final List<TransactionCursor> cursors = new ArrayList<>();
    private final List<Integer> created = new ArrayList<>();
    private final List<Integer> dropped = new ArrayList<>();
    private final RecordView old = new RecordView();
    private TransactionMode mode;
    private long horizon;
    private boolean open;
    private boolean locked; // holds the committer's lock
    private boolean claimed; // the commit has a number: nothing can be taken back

    WaspTransaction(EngineState state, WaspSession session) {
        this.state = state;
        this.session = session;
        this.documents = new DocumentEncoder(state, writes);
    }

    void begin(TransactionMode newMode) {
        if (open) {
            throw new IllegalStateException("the session has an open transaction");
        }
        session.reader().end();
        writes.reset();
        reads.reset();
        documents.reset();
        created.clear();
        dropped.clear();
        claimed = false;
        mode = newMode;
        if (newMode == TransactionMode.EXCLUSIVE) {
            lock();
            horizon = state.visible().appliedHorizon(); // nobody else writes, so nothing that it shows is superseded
        } else {
            horizon = state.snapshots().register(registration);
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

    TransactionFrames frames() {
        return frames;
    }

    /** Stamps the prepared records; nothing in it may fail or allocate. */
    Stamper stamper() {
        return stamper;
    }

    private void stamp(long csn) {
        for (int entry = 0; entry < writes.count(); entry++) {
            writes.tree(entry).hot().stamp(writes.key(entry, scratchKey), csn);
        }
    }

    Key scratchKey() {
        return scratchKey;
    }

    /** Called after what was read was validated: throws if the validation may have missed something. */
    void requireAlive() {
        if (mode == TransactionMode.OPTIMISTIC) {
            registration.requireAlive();
        }
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
            state.committer().lock();
            locked = true;
        }
    }

    /** Lets other writers in; does nothing if they are. */
    void unlock() {
        if (locked) {
            locked = false;
            state.committer().unlock();
        }
    }

    /** Lets other writers in, unless the transaction keeps them out to its end. */
    void unlockIfOptimistic() {
        if (mode == TransactionMode.OPTIMISTIC) {
            unlock();
        }
    }

    /** The commit has a number. */
    void claimed(long csn) {
        claimed = true;
        documents.committed(csn);
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
            writes.view(entry, into);
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
        if (mode == TransactionMode.EXCLUSIVE) {
            return ((WaspTree) tree).hot().get(reader.reader(), horizon, key, into);
        }
        try {
            boolean found = ((WaspTree) tree).hot().get(reader.reader(), horizon, key, into);
            registration.requireAlive();
            return found;
        } catch (RuntimeException failure) {
            throw registration.explain(failure);
        }
    }

    @Override
    public void putDocument(Tree tree, Key key, MemorySegment memory, long offset, int length, RecordMeta meta) {
        requireOpen();
        require(tree, TreeKind.DOCUMENT);
        if (length > RecordCodec.inlineLengthMax(state.file().pageSize())) {
            state.committer().startWriting(); // its extents are written now
        }
        documents.put((WaspTree) tree, key, memory, offset, length, meta);
    }

    @Override
    public void put(Tree tree, Key key, MemorySegment memory, long offset, int length) {
        requireOpen();
        require(tree, TreeKind.KEYED);
        putKeyed(tree, key, false, memory, offset, length);
    }

    private void putKeyed(Tree tree, Key key, boolean delete, MemorySegment memory, long offset, int length) {
        int lengthMax = RecordCodec.keyedLengthMax(key.length(), length);
        int inlineMax = RecordCodec.inlineLengthMax(state.file().pageSize());
        if (lengthMax > inlineMax) {
            throw new InvalidDocumentException("value of a keyed tree: at most " + inlineMax
                    + " bytes with its key, found " + lengthMax, -1, "");
        }
        GrowableBuffer records = writes.records();
        int at = records.reserve(lengthMax);
        int written = RecordCodec.writeKeyed(records.memory(), at, delete, key.memory(), key.offset(), key.length(),
                memory,
                offset, length);
        records.setLength(at + written);
        writes.put((WaspTree) tree, key, delete, at, written, at, written);
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
        if (tree.kind() == TreeKind.DOCUMENT) {
            documents.delete((WaspTree) tree, key, old.memory(), old.offset());
        } else {
            putKeyed(tree, key, true, key.memory(), key.offset(), 0);
        }
        return true;
    }

    @Override
    public TreeCursor cursor(Tree tree) {
        requireOpen();
        TreeCursor base = session.cursor(((WaspTree) tree).hot(), horizon,
                mode == TransactionMode.OPTIMISTIC ? registration : null);
        TransactionCursor cursor = new TransactionCursor(tree, base, writes,
                mode == TransactionMode.OPTIMISTIC ? reads : null, keys);
        cursors.add(cursor);
        return cursor;
    }

    WaspTree createTree(TreeKind kind) {
        requireOpen();
        WaspTree tree = state.trees().create(kind);
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
            return state.committer().commit(this);
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
                state.committer().awaitSeen(horizon);
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
        if (mode == TransactionMode.OPTIMISTIC) {
            state.snapshots().end(registration);
        }
        if (!claimed) {
            documents.abandon();
            created.forEach(state.trees()::abandon);
        }
    }

    /** Frees the buffers; the session is closed. */
    void free() {
        writes.close();
        reads.close();
        keys.close();
        documents.close();
        frames.close();
    }
}
