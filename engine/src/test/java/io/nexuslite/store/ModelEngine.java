package io.nexuslite.store;

import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.error.ReadOnlyException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * A storage engine that is plain and obviously right: a sorted map of versions for each tree, one monitor around everything.
 *
 * <p>It is what the real engine is compared with, and what the rooms above are tested on. Nothing is trimmed and nothing is
 * written anywhere. The clock stands still unless a test moves it. Views are copies in native memory that are overwritten
 * with garbage at the next call, so that a caller who keeps one too long sees it.
 */
public final class ModelEngine implements StorageEngine {
    /** Instant at which a new model stands. */
    public static final long START_MILLIS = 1_700_000_000_000L;

    private static final int FIRST_FREE_TREE_ID = 16;

    /** Held by an exclusive transaction from begin to end, and by an optimistic one while it commits. */
    final Semaphore writer = new Semaphore(1);
    private final Map<Integer, ModelTree> trees;
    private int nextTreeId;
    private long csn;
    private long clockMillis;
    private boolean readOnly;
    private boolean closed;
    private int openSessions;
    private int openSnapshots;
    private int openCursors;
    private int openTransactions;

    public ModelEngine() {
        trees = new HashMap<>();
        trees.put(CATALOG_TREE_ID, new ModelTree(this, CATALOG_TREE_ID, TreeKind.KEYED));
        trees.put(TEMP_DOCUMENTS_TREE_ID, new ModelTree(this, TEMP_DOCUMENTS_TREE_ID, TreeKind.KEYED));
        nextTreeId = FIRST_FREE_TREE_ID;
        clockMillis = START_MILLIS;
    }

    private ModelEngine(ModelEngine closedOne) {
        trees = new HashMap<>();
        closedOne.trees.forEach((id, tree) -> trees.put(id, tree.copyFor(this)));
        nextTreeId = closedOne.nextTreeId;
        csn = closedOne.csn;
        clockMillis = closedOne.clockMillis;
    }

    /** An engine with what this one, which must be closed, has committed: as if its file were opened again. */
    public synchronized ModelEngine reopen() {
        if (!closed) {
            throw new IllegalStateException("close it first");
        }
        return new ModelEngine(this);
    }

    @Override
    public synchronized Session openSession() {
        checkOpen();
        openSessions++;
        return new ModelSession(this);
    }

    @Override
    public Transaction begin(Session session, TransactionMode mode) {
        ModelSession modelSession = (ModelSession) session;
        modelSession.startCall();
        synchronized (this) {
            checkOpen();
            if (modelSession.transaction != null) {
                throw new IllegalStateException("The session has an open transaction.");
            }
        }
        if (mode == TransactionMode.EXCLUSIVE) {
            writer.acquireUninterruptibly();
        }
        synchronized (this) {
            ModelTransaction transaction = new ModelTransaction(this, modelSession, mode, csn);
            modelSession.transaction = transaction;
            openTransactions++;
            return transaction;
        }
    }

    @Override
    public synchronized Snapshot snapshot(String owner) {
        checkOpen();
        openSnapshots++;
        return new ModelSnapshot(this, owner, csn, clockMillis);
    }

    @Override
    public synchronized Tree tree(int treeId) {
        checkOpen();
        ModelTree tree = trees.get(treeId);
        if (tree == null) {
            throw new IllegalArgumentException("No such tree: " + treeId);
        }
        return tree;
    }

    @Override
    public synchronized int createTree(Transaction transaction, TreeKind kind) {
        checkWritable();
        ModelTree tree = new ModelTree(this, nextTreeId++, kind);
        trees.put(tree.treeId(), tree);
        ((ModelTransaction) transaction).created.add(tree);
        return tree.treeId();
    }

    @Override
    public synchronized void dropTree(Transaction transaction, int treeId) {
        checkWritable();
        ((ModelTransaction) transaction).drop((ModelTree) tree(treeId));
    }

    @Override
    public synchronized long clockMillis() {
        return clockMillis;
    }

    /** Moves the clock on. */
    public synchronized void advanceClock(long millis) {
        clockMillis = Math.addExact(clockMillis, millis);
    }

    @Override
    public synchronized long checkpoint() {
        checkOpen();
        return csn;
    }

    @Override
    public synchronized EngineStatistics statistics() {
        checkOpen();
        return new EngineStatistics(csn, csn, csn, 0, csn, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, openSnapshots);
    }

    @Override
    public synchronized boolean isReadOnly() {
        return readOnly;
    }

    public synchronized void setReadOnly(boolean readOnly) {
        this.readOnly = readOnly;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /** What callers have not closed, for the end of a test: empty if there is nothing. */
    public synchronized String leaks() {
        StringBuilder leaks = new StringBuilder();
        appendLeak(leaks, "sessions", openSessions);
        appendLeak(leaks, "snapshots", openSnapshots);
        appendLeak(leaks, "cursors", openCursors);
        appendLeak(leaks, "transactions", openTransactions);
        return leaks.toString();
    }

    private static void appendLeak(StringBuilder leaks, String what, int count) {
        if (count != 0) {
            leaks.append(what).append('=').append(count).append(' ');
        }
    }

    long csn() {
        return csn;
    }

    long nextCsn() {
        return ++csn;
    }

    void forget(ModelTree tree) {
        trees.remove(tree.treeId());
    }

    void checkOpen() {
        if (closed) {
            throw new DatabaseClosedException("database");
        }
    }

    void checkWritable() {
        checkOpen();
        if (readOnly) {
            throw new ReadOnlyException("the database was opened for reading");
        }
    }

    synchronized void sessionClosed() {
        openSessions--;
    }

    synchronized void snapshotClosed() {
        openSnapshots--;
    }

    synchronized void cursorOpened() {
        openCursors++;
    }

    synchronized void cursorClosed() {
        openCursors--;
    }

    synchronized void transactionClosed() {
        openTransactions--;
    }
}
