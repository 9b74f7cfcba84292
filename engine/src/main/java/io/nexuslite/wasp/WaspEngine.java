package io.nexuslite.wasp;

import io.nexuslite.io.Host;
import io.nexuslite.store.EngineStatistics;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.log.LogStatistics;
import io.nexuslite.wasp.log.WaspLog;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** The WASP store: write-ahead log and shadow paging, one file when closed. Read {@link EngineState} for its parts. */
public final class WaspEngine implements StorageEngine {
    private static final long READERS_WAIT_NANOS = 200_000_000;
    private static final long READERS_POLL_NANOS = 100_000;

    private final EngineState state;
    private final AutoCloseable owned; // or null
    private final LogKeeper logKeeper;
    private final CheckpointTrigger checkpoints;
    private final BackgroundWork background; // or null
    private final AtomicBoolean closed = new AtomicBoolean();

    private WaspEngine(EngineState state, AutoCloseable owned) {
        this.state = state;
        this.owned = owned;
        logKeeper = new LogKeeper(state);
        checkpoints = new CheckpointTrigger(state);
        this.background = state.options().background()
                ? BackgroundWork.start(logKeeper, checkpoints, state.poison())
                : null;
    }

    /** Creates an empty database, closed; the file must not exist. */
    public static void create(Host host, Path path, EngineOptions options) {
        Opening.create(host, path, options);
    }

    /**
     * Opens a database, finishing first what a crash may have left.
     *
     * @throws io.nexuslite.error.DatabaseLockedException if somebody else has it open
     * @throws io.nexuslite.error.CorruptionException if it cannot be opened without losing what was promised
     * @throws io.nexuslite.error.ForeignLogException if the log beside it is not its own
     * @throws io.nexuslite.error.IncompatibleFormatException if this build must not open it
     */
    public static WaspEngine open(Host host, Path path, EngineOptions options) {
        return new WaspEngine(Opening.open(host, path, options), null);
    }

    /** As {@link #open}; {@code owned} is closed behind the engine. */
    public static WaspEngine openOwning(Host host, Path path, EngineOptions options, AutoCloseable owned) {
        return new WaspEngine(Opening.open(host, path, options), owned);
    }

    @Override
    public Session openSession() {
        return new WaspSession(state);
    }

    @Override
    public Transaction begin(Session session, TransactionMode mode) {
        WaspTransaction transaction = ((WaspSession) session).transaction();
        transaction.begin(mode);
        return transaction;
    }

    @Override
    public Snapshot snapshot(String owner) {
        return new WaspSnapshot(state.snapshots(), owner, state.clock().millis());
    }

    @Override
    public Tree tree(int treeId) {
        WaspTree tree = state.trees().find(treeId);
        if (tree == null) {
            throw new IllegalArgumentException("there is no tree " + treeId);
        }
        return tree;
    }

    @Override
    public int createTree(Transaction transaction, TreeKind kind) {
        return ((WaspTransaction) transaction).createTree(kind).treeId();
    }

    @Override
    public void dropTree(Transaction transaction, int treeId) {
        ((WaspTransaction) transaction).dropTree(treeId);
    }

    @Override
    public long clockMillis() {
        return state.clock().millis();
    }

    @Override
    public long checkpoint() {
        if (state.log() != null) {
            while (state.checkpointer().run() == Checkpointer.Outcome.YIELDED) {
                Thread.onSpinWait();
            }
        }
        return state.manifests().newest().checkpointCsn();
    }

    /** One step of the background work, for those who opened without it; what is due is told by the host's clock. */
    public void backgroundStep() {
        logKeeper.doWork();
        checkpoints.doWork();
    }

    @Override
    public EngineStatistics statistics() {
        WaspLog log = state.log();
        LogStatistics logged = log == null ? null : log.statistics();
        return new EngineStatistics(state.visible().appliedHorizon(), state.visible().durableHorizon(),
                state.manifests().newest().checkpointCsn(), state.manifests().newest().number(),
                state.committer().commits(),
                logged == null ? 0 : logged.bytes(), logged == null ? 0 : logged.groups(),
                logged == null ? 0 : logged.syncs(),
                state.checkpointer().completed(), state.checkpointer().pagesWritten(), state.pages().pagesRead(),
                state.frames().acquiredCount(), state.hotTrees().dirtyFrames(), state.hotTrees().framesEvicted(),
                state.file().size(), state.freeBytes(),
                logged == null ? 0 : logged.fileBytes(), state.budget().total(), state.snapshots().count());
    }

    @Override
    public boolean isReadOnly() {
        return state.options().readOnly() || state.poison().isSet();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        state.committer().close();
        if (background != null) {
            background.close();
        }
        try (owned; state) {
            new Closing(state).run();
            awaitReaders();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(failure); // memory hosts throw no checked ones
        }
    }

    /** Lets nobody begin to read, and waits a while for those who have; who keeps a view longer finds its memory closed. */
    private void awaitReaders() {
        state.visible().close();
        long deadline = state.host().nanoTime() + READERS_WAIT_NANOS;
        while (state.snapshots().epochs().pinCount() > 0 && state.host().nanoTime() - deadline < 0) {
            LockSupport.parkNanos(this, READERS_POLL_NANOS);
        }
    }

    /** Lets go of everything without writing a byte, as if the process had ended; for tests of what a crash leaves. */
    public void abandon() {
        if (closed.compareAndSet(false, true)) {
            state.committer().close();
            if (background != null) {
                background.close();
            }
            try (state) {
                new Closing(state).release();
            }
        }
    }
}
