package io.nexuslite.wasp;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.format.Pointer;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.wasp.log.Anchor;
import io.nexuslite.wasp.space.DatabaseFile;
import io.nexuslite.wasp.space.Manifest;
import io.nexuslite.wasp.space.PageSpace;
import io.nexuslite.wasp.tree.HotTree;
import io.nexuslite.wasp.tree.ImageTree;
import io.nexuslite.wasp.tree.PagePointer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what is committed into pages, and names them by one manifest flip. One checkpoint at a time.
 *
 * <p>The order is the promise: the log is flushed and its last durable group noted as anchor; <em>then</em> the commit number C is
 * registered, as a snapshot; images of the newest records up to C go to pages that the two newest manifests do not name; the file
 * is flushed; the log is durable up to C; the slot is written; the file is flushed again. Only then may the log below the anchor
 * and the replaced pages be used again. A full disk, a full budget, or a damaged page abandons it, with no effect; any other failure poisons.
 */
final class Checkpointer {
    /** What {@link #run} did. */
    enum Outcome {
        DONE,
        /** A writer that waits for page frames goes first. */
        YIELDED
    }

    private static final long YIELD_MILLIS = 1;
    private static final int TIDY_LEAVES = 64; // of a tree; writers wait meanwhile

    private final EngineState state;
    private final ReentrantLock running = new ReentrantLock();
    private volatile int pressed; // writers that wait for page frames while they keep other writers out
    private volatile long completed;
    private volatile long pagesWritten;

    Checkpointer(EngineState state) {
        this.state = state;
    }

    /** What one checkpoint holds, fixed in one instant in which no commit is under way. */
    private record Cut(long csn, int nextTreeId, List<HotTree> trees, List<Long> recordCounts,
            List<TreeRegistry.Dropped> dropped, HotTree catalog, long catalogRecords) {
    }

    /** Makes a checkpoint whose manifest says that the log goes on. */
    Outcome run() {
        running.lock();
        try {
            Anchor anchor = state.log() == null ? state.manifests().newest().log() : state.log().flushAndAnchor();
            Cut cut = cut();
            if (cut == null) {
                return Outcome.YIELDED;
            }
            write(cut, anchor, false);
            tidy(TIDY_LEAVES);
            return Outcome.DONE;
        } finally {
            running.unlock();
        }
    }

    /**
     * Makes the last checkpoint of an opening, in two CLEAN slots with a flush each: the file is everything from now on.
     */
    void runFinal() {
        running.lock();
        try {
            if (state.log() != null) {
                state.log().flushAndAnchor();
            }
            tidy(Integer.MAX_VALUE);
            Cut cut = cut();
            state.space().releaseReserve();
            write(cut, state.manifests().newest().log(), true);
            if (!EngineLie.SINGLE_CLEAN_SLOT.isTold()) {
                state.manifests().write(state.manifests().newest().next(true));
                state.file().sync();
            }
            state.file().cut(state.manifests().newest().filePages());
        } catch (StorageFullException | MemoryBudgetExceededException | CorruptionException full) {
            throw full;
        } catch (Throwable failure) {
            state.poison().set(failure);
            throw failure;
        } finally {
            running.unlock();
        }
    }

    /** As {@link #run}, for a thread that keeps other writers out: one that waits for them gives way. */
    void runPressed() {
        synchronized (this) {
            pressed++;
        }
        try {
            run();
        } finally {
            synchronized (this) {
                pressed--;
            }
        }
    }

    /** Merges leaves that deletions have thinned out, unless a writer is at work: this thread too, if it waits for page frames. */
    private void tidy(int leavesMax) {
        if (state.committer().isHeldHere() || !state.committer().tryLock(YIELD_MILLIS, TimeUnit.MILLISECONDS)) {
            return;
        }
        try {
            for (HotTree tree : state.trees().loaded()) {
                tree.tidy(leavesMax);
            }
        } catch (CorruptionException | MemoryBudgetExceededException left) {
            Log.LOGGER.debug("thin leaves stay for now: why={}", left.getMessage());
        } finally {
            state.committer().unlock();
        }
    }

    /** Fixes what the checkpoint holds; {@code null} to give way. */
    private Cut cut() {
        Committer committer = state.committer();
        while (!committer.tryLock(YIELD_MILLIS, TimeUnit.MILLISECONDS)) {
            if (pressed > 0) {
                return null;
            }
        }
        try {
            long csn = state.visible().appliedHorizon();
            List<HotTree> trees = new ArrayList<>();
            List<Long> counts = new ArrayList<>();
            HotTree catalog = null;
            long catalogRecords = 0;
            for (HotTree tree : state.trees().loaded()) {
                if (tree.treeId() == StorageEngine.CATALOG_TREE_ID) {
                    catalog = tree;
                    catalogRecords = tree.recordCount();
                } else {
                    trees.add(tree);
                    counts.add(tree.recordCount());
                }
            }
            state.snapshots().registerAt(csn);
            return new Cut(csn, state.trees().nextTreeId(), trees, counts, state.trees().droppedUpTo(csn), catalog,
                    catalogRecords);
        } finally {
            committer.unlock();
        }
    }

    private void write(Cut cut, Anchor anchor, boolean clean) {
        List<HotTree> written = new ArrayList<>();
        PageSpace space = state.space();
        Manifest last = state.manifests().newest();
        try (CheckpointBuild build = new CheckpointBuild(space, last.number() + 1)) {
            Manifest next;
            try {
                state.snapshots().advance();
                int early = EngineLie.REUSE_ONE_MANIFEST_EARLY.isTold() ? 1 : 0;
                space.map().release(build.birthManifest() + early, state.snapshots().trimFloor());
                next = writePages(cut, build, written, anchor, clean, last);
            } catch (StorageFullException | MemoryBudgetExceededException | CorruptionException full) {
                build.abandon();
                state.treeTable().rollback();
                written.forEach(HotTree::checkpointFailed);
                throw full;
            } catch (Throwable failure) {
                state.poison().set(failure);
                throw failure;
            }
            try {
                flip(next, cut.csn());
                build.flipped(cut.csn());
            } catch (Throwable failure) {
                state.poison().set(failure); // a full disk too: the slot may be whole all the same, so its pages stay taken
                throw failure;
            }
            finish(cut, written, build);
        } finally {
            state.snapshots().end(cut.csn());
        }
    }

    /** Everything up to the free map; returns the manifest that names it. */
    private Manifest writePages(Cut cut, CheckpointBuild build, List<HotTree> written, Anchor anchor, boolean clean,
            Manifest last) {
        TreeTable table = state.treeTable();
        for (int index = 0; index < cut.trees().size(); index++) {
            HotTree tree = cut.trees().get(index);
            if (tree.isDirty() || table.find(tree.treeId()) == null) {
                written.add(tree);
                PagePointer root = tree.checkpoint(cut.csn(), build, state.checkpointReader().reader());
                table.put(new TreeTable.Entry(tree.treeId(), tree.kind(), root, cut.recordCounts().get(index)));
            }
        }
        for (TreeRegistry.Dropped gone : cut.dropped()) {
            free(gone.tree(), table.find(gone.tree().treeId()), build);
            table.delete(gone.tree().treeId());
        }
        written.add(cut.catalog());
        Pointer catalog = DatabasePages
                .immutable(cut.catalog().checkpoint(cut.csn(), build, state.checkpointReader().reader()));
        Pointer treeTable = DatabasePages.immutable(table.write(cut.csn(), build));
        FreeMap.Written freeMap = state.freeMap().write(build, cut.csn(), clean);
        build.writeRun();
        pagesWritten += build.pageCount();
        return new Manifest(build.birthManifest(), clean, state.incarnation(), cut.csn(), anchor, cut.nextTreeId(),
                state.clock().millis(), freeMap.filePages(), state.space().reservePage(), state.space().reservePages(),
                freeMap.freePages(), freeMap.pendingPages(), treeTable, catalog,
                DatabasePages.immutable(freeMap.root()),
                cut.catalogRecords());
    }

    private void free(HotTree tree, TreeTable.Entry entry, CheckpointBuild build) {
        if (entry != null && !entry.root().isNone()) {
            try (ImageTree image = new ImageTree(state.pages(), tree.treeId(), tree.kind())) {
                image.free(entry.root(), build);
            }
        }
    }

    /** The two flushes and the slot between them. */
    private void flip(Manifest next, long csn) {
        DatabaseFile file = state.file();
        file.sync();
        if (state.log() != null) {
            state.log().awaitDurable(csn);
        }
        if (EngineLie.RECYCLE_BEFORE_FLIP.isTold() && !next.clean()) {
            state.log().manifestFlipped(next.number(), next.log());
        }
        state.manifests().write(EngineLie.ANCHOR_AT_FLIP.isTold() && !next.clean() ? anchoredNow(next) : next);
        file.sync();
    }

    private Manifest anchoredNow(Manifest next) {
        return next.withIncarnation(next.incarnation(), state.log().flushAndAnchor(), next.reservePage(),
                next.reservePages(), next.filePages());
    }

    private void finish(Cut cut, List<HotTree> written, CheckpointBuild build) {
        written.forEach(HotTree::checkpointDone);
        state.treeTable().flipped();
        state.freeMap().flipped();
        state.trees().takenOut(cut.dropped());
        state.trees().reap(state.snapshots().trimFloor());
        completed++;
        if (state.log() != null && !state.manifests().newest().clean() && !EngineLie.RECYCLE_BEFORE_FLIP.isTold()) {
            state.log().manifestFlipped(build.birthManifest(), state.manifests().newest().log());
        }
        if (state.space().isShort()) {
            state.space().refillReserve();
        }
    }

    /** True for the thread that makes a checkpoint. */
    boolean isRunningHere() {
        return running.isHeldByCurrentThread();
    }

    /** Checkpoints completed since opening. */
    long completed() {
        return completed;
    }

    /** Pages written since opening. */
    long pagesWritten() {
        return pagesWritten;
    }

    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(Checkpointer.class);
    }
}
