package io.nexuslite.wasp;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.error.ReadOnlyException;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.error.TransactionConflictException;
import io.nexuslite.format.LogFrameLayout;
import io.nexuslite.store.Key;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.log.TransactionFrames;
import io.nexuslite.wasp.log.WaspLog;
import io.nexuslite.wasp.tree.HotTree;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies transactions, one at a time, and waits for their durability, all together.
 *
 * <p>The order: what a commit needs is encoded before it takes the lock. Under the lock: validate what was read; put every record
 * into its leaf as pending, which is all that can fail; claim a commit number, stamp the records with it, put the frames into the
 * log. Then the lock goes to the next, and the commit waits until its number is durable.
 *
 * <p>Lock order: this lock, then a checkpoint's, only through {@link Checkpointer#runPressed}; a tree's latches; the log's.
 */
final class Committer {
    /** A commit that still finds no page frame after this many checkpoints of its own changes more than fits in memory. */
    private static final int PRESSURES_MAX = 3;

    private static final int LOG_FULL_TRIES_MAX = 3;
    /** So many checkpoints in a row that let not one page frame go: the oldest snapshot is ended. */
    private static final int PRESSURES_BEFORE_ENDING = 4;
    /** So many, and no snapshot to be ended: more will not help either. */
    private static final int PRESSURES_IN_VAIN_MAX = 16;

    private final EngineState state;
    private final ReentrantLock lock = new ReentrantLock();
    private int pressures; // of the commit under way; guarded by lock
    private final AtomicLong evictedAtPressure = new AtomicLong();
    private final AtomicInteger pressuresInVain = new AtomicInteger();
    private volatile boolean closed;
    private volatile long commits;

    Committer(EngineState state) {
        this.state = state;
    }

    /** Keeps other writers out. */
    void lock() {
        lock.lock();
        if (closed) {
            lock.unlock();
            throw new DatabaseClosedException(state.file().path().toString());
        }
    }

    /** As {@link #lock}, also of a closed committer, unless it takes too long. Interrupts do not matter. */
    boolean tryLock(long time, TimeUnit unit) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return lock.tryLock(time, unit);
                } catch (InterruptedException e) {
                    interrupted = true; // told to the caller below, after the lock
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void unlock() {
        lock.unlock();
    }

    /** True for the thread that keeps other writers out. */
    boolean isHeldHere() {
        return lock.isHeldByCurrentThread();
    }

    /** Lets no transaction begin or commit any more; waits for the one under way. */
    void close() {
        lock.lock();
        closed = true;
        lock.unlock();
    }

    /** Transactions that have written something. */
    long commits() {
        return commits;
    }

    /** Commits; see {@link io.nexuslite.store.Transaction#commit}. */
    long commit(WaspTransaction transaction) {
        if (transaction.isEmpty()) {
            transaction.unlock();
            awaitSeen(transaction.horizon());
            return transaction.horizon();
        }
        startWriting();
        TransactionFrames frames = transaction.frames();
        encode(transaction, frames);
        long csn;
        try {
            csn = applyWithRoom(transaction, frames);
        } finally {
            transaction.unlock();
        }
        state.log().awaitDone(csn);
        return csn;
    }

    /** Applies; where the log is full, after a checkpoint that makes room in it. */
    private long applyWithRoom(WaspTransaction transaction, TransactionFrames frames) {
        for (int tries = 0;; tries++) {
            transaction.lock();
            try {
                return apply(transaction, frames);
            } catch (StorageFullException full) {
                if (tries == LOG_FULL_TRIES_MAX || !full.file().equals(state.log().path().toString())) {
                    throw full;
                }
            } finally {
                transaction.unlockIfOptimistic();
            }
            checkpoint();
        }
    }

    private void requireWritable() {
        if (state.options().readOnly()) {
            throw new ReadOnlyException(state.file().path().toString());
        }
        state.poison().check(state.visible().durableHorizon());
    }

    /** Waits until what a transaction has read is as durable as what it would have written. */
    void awaitSeen(long csn) {
        WaspLog log = state.log();
        if (log != null) {
            log.awaitDone(csn);
        }
    }

    /**
     * Makes sure that this opening may write, and that it has a log, which its first write begins. Before anything of a transaction is
     * written, an extent too.
     */
    void startWriting() {
        requireWritable();
        if (state.log() == null) {
            lock();
            try {
                if (state.log() == null) {
                    new FirstWrite(state).run();
                }
            } finally {
                unlock();
            }
        }
    }

    private void encode(WaspTransaction transaction, TransactionFrames frames) {
        frames.reset();
        WriteSet writes = transaction.writes();
        GrowableBuffer records = writes.records();
        for (int treeId : transaction.created()) {
            int payload = records.reserve(1);
            records.memory().set(ValueLayout.JAVA_BYTE, payload, TreeTable.kindByte(state.trees().find(treeId).kind()));
            frames.add(LogFrameLayout.KIND_CREATE_TREE, (byte) 0, treeId, records.memory(), payload, 1); // not counted in
        }
        boolean unlogged = false;
        for (int entry = 0; entry < writes.count(); entry++) {
            boolean document = writes.tree(entry).kind() == TreeKind.DOCUMENT;
            byte kind = writes.isDelete(entry)
                    ? document ? LogFrameLayout.KIND_DELETE_DOCUMENT : LogFrameLayout.KIND_DELETE_KEYED
                    : document ? LogFrameLayout.KIND_PUT_DOCUMENT : LogFrameLayout.KIND_PUT_KEYED;
            boolean whole = writes.isLoggedWhole(entry);
            frames.add(kind, whole ? 0 : LogFrameLayout.FLAG_EXTENTS, writes.tree(entry).treeId(), records.memory(),
                    writes.logOffset(entry), writes.logLength(entry));
            unlogged |= !whole;
        }
        for (int treeId : transaction.dropped()) {
            frames.add(LogFrameLayout.KIND_DROP_TREE, (byte) 0, treeId, MemorySegment.NULL, 0, 0);
        }
        frames.complete();
        if (unlogged) {
            syncExtents();
        }
    }

    /** Makes extents durable that the log names without holding their bytes. */
    private void syncExtents() {
        try {
            state.file().sync();
        } catch (Throwable failure) {
            state.poison().set(failure);
            throw failure;
        }
    }

    private void checkpoint() {
        if (lock.isHeldByCurrentThread()) {
            state.checkpointer().runPressed();
        } else {
            state.checkpointer().run();
        }
    }

    private long apply(WaspTransaction transaction, TransactionFrames frames) {
        state.poison().check(state.visible().durableHorizon());
        if (transaction.mode() == TransactionMode.OPTIMISTIC
                && transaction.reads().any((treeId, low, high) -> isChanged(
                        treeId, low, high, transaction.horizon()))) {
            throw new TransactionConflictException("another commit changed what was read");
        }
        transaction.requireAlive();
        WriteSet writes = transaction.writes();
        refuseWhenFull(writes);
        pressures = 0;
        int prepared = 0;
        Key key = transaction.scratchKey();
        long csn;
        try {
            for (; prepared < writes.count(); prepared++) {
                live(writes.tree(prepared)).insertPending(writes.key(prepared, key), writes.records().memory(),
                        writes.treeOffset(prepared), writes.treeLength(prepared));
            }
            csn = state.log().append(frames, transaction.stamper());
        } catch (Throwable failure) {
            if (!state.poison().isSet()) {
                abort(writes, prepared, key);
            }
            throw failure;
        }
        commits++;
        transaction.claimed(csn);
        for (int index = 0; index < transaction.created().size(); index++) {
            state.trees().created(transaction.created().get(index));
        }
        for (int index = 0; index < transaction.dropped().size(); index++) {
            state.trees().dropped(transaction.dropped().get(index), csn);
        }
        return csn;
    }

    private void abort(WriteSet writes, int prepared, Key key) {
        for (int entry = 0; entry < prepared; entry++) {
            writes.tree(entry).hot().abortPending(writes.key(entry, key));
        }
    }

    /** The tree, unless another transaction has dropped it. */
    private HotTree live(WaspTree tree) {
        if (!state.trees().isLive(tree)) {
            throw new TransactionConflictException("tree " + tree.treeId() + " was dropped");
        }
        return tree.hot();
    }

    private boolean isChanged(int treeId, Key low, Key high, long csn) {
        HotTree tree = state.trees().find(treeId).hot();
        return low != null && low == high ? tree.newestCsn(low) > csn : tree.changedSince(low, high, csn);
    }

    /** While the reserve is being eaten, only deletes go on. */
    private void refuseWhenFull(WriteSet writes) {
        if (!state.space().isShort()) {
            return;
        }
        for (int entry = 0; entry < writes.count(); entry++) {
            if (!writes.isDelete(entry)) {
                throw new StorageFullException("allocate", 0, state.file().path().toString(), -1,
                        "the disk is full; deletes and reads go on");
            }
        }
    }

    /** A transaction of recovery is complete. */
    void forgetPressure() {
        pressures = 0;
    }

    /**
     * No page frame is free and none is clean: makes a checkpoint, so that some are. Where that does not help and older records keep
     * memory, ends the oldest snapshot or transaction that reads them; where there is none, gives up. Not for a checkpoint itself.
     *
     * @param thrashes pages are evicted before they are used, so that evictions are no success
     */
    void waitForFrames(boolean thrashes) {
        if (state.checkpointer().isRunningHere()) {
            throw outOfMemory("pages of a checkpoint");
        }
        state.poison().check(state.visible().durableHorizon());
        long evicted = state.hotTrees().framesEvicted();
        if (evicted != evictedAtPressure.getAndSet(evicted) && !thrashes) {
            pressuresInVain.set(0);
        }
        boolean tooMany = lock.isHeldByCurrentThread() && ++pressures > PRESSURES_MAX;
        int inVain = pressuresInVain.incrementAndGet();
        if (tooMany || inVain > PRESSURES_BEFORE_ENDING) {
            if (state.hotTrees().holdsOlder() && state.snapshots().endOldest(state.visible().appliedHorizon())) {
                Log.LOGGER.warn("a snapshot was ended, its memory is needed: file={}, budget={}", state.file().path(),
                        state.budget());
                return; // the caller tries again, and comes back if that was not enough
            }
            if (tooMany) {
                throw outOfMemory("the pages of one transaction");
            }
            if (inVain > PRESSURES_IN_VAIN_MAX) {
                throw outOfMemory("pages that views and changes hold");
            }
        }
        checkpoint();
    }

    private MemoryBudgetExceededException outOfMemory(String what) {
        String blocker = state.snapshots().epochs().retiredCount() > 0 ? state.snapshots().epochs().blocker() : null;
        return new MemoryBudgetExceededException(blocker == null ? what : what + " while " + blocker,
                state.file().pageSize(), state.budget().limit());
    }

    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(Committer.class);
    }
}
