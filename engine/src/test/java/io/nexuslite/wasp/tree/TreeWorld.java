package io.nexuslite.wasp.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.memory.Epochs;
import io.nexuslite.memory.FrameCells;
import io.nexuslite.memory.HorizonSource;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.MemoryUse;
import io.nexuslite.memory.PageFrames;
import io.nexuslite.store.TreeKind;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** What an engine gives to its trees, in small: horizons, snapshots, the trim floor, frames. Any thread. */
final class TreeWorld implements HorizonSource, VersionRetention, FramePressure, AutoCloseable {
    static final int TREE_ID = 17;

    final MemoryBudget budget = new MemoryBudget(1L << 30);
    final Epochs epochs = new Epochs(this);
    final PageFrames frames;
    final FrameCells versions;
    final HotTrees trees;
    final PagesInMemory pages;
    final TreeKind kind;
    final AtomicLong horizon = new AtomicLong(); // newest csn that readers see
    private final TreeMap<Long, Integer> snapshots = new TreeMap<>();
    private volatile long trimFloor;
    private volatile Pins pins = new Pins(0, new long[0]);
    Runnable onPressure = () -> {
        throw new MemoryBudgetExceededException("PAGE", 0, 0);
    };

    /** Between snapshots: registered csns, and the horizon that all plain pins have at least. */
    private record Pins(long pinFloor, long[] registered) {
    }

    TreeWorld(TreeKind kind, int pageSize, long frameBytes) {
        this.kind = kind;
        frames = new PageFrames(budget, pageSize, frameBytes);
        versions = new FrameCells(frames, budget, MemoryUse.VERSION);
        pages = new PagesInMemory(pageSize);
        trees = new HotTrees(frames, epochs, versions, budget, this, this);
    }

    HotTree tree(PagePointer root, long rootCsn, long recordCount) {
        return new HotTree(trees, TREE_ID, kind, pages, pages, root, rootCsn, recordCount);
    }

    // ---- horizons

    @Override
    public long readHorizonAcquire() {
        return horizon.getAcquire();
    }

    @Override
    public void epochAdvanced(long epoch, long horizonAtEpoch) {
        long[] registered;
        synchronized (snapshots) {
            registered = snapshots.keySet().stream().mapToLong(Long::longValue).toArray();
        }
        long oldest = registered.length == 0 ? Long.MAX_VALUE : registered[0];
        trimFloor = Math.max(trimFloor, Math.min(horizonAtEpoch, oldest));
        pins = new Pins(horizonAtEpoch, registered);
    }

    @Override
    public boolean isDead(long olderCsn, long newerCsn) {
        if (newerCsn <= trimFloor) {
            return true;
        }
        Pins now = pins;
        if (newerCsn > now.pinFloor) {
            return false;
        }
        int at = Arrays.binarySearch(now.registered, olderCsn);
        int first = at < 0 ? -1 - at : at;
        return first == now.registered.length || now.registered[first] >= newerCsn;
    }

    @Override
    public boolean tombstoneDead(long csn) {
        return csn <= trimFloor;
    }

    /** Registers what is visible now; inside a pin, as an engine does. */
    long register() {
        int token = epochs.pinShared();
        try {
            synchronized (snapshots) {
                long csn = horizon.getAcquire();
                snapshots.merge(csn, 1, Integer::sum);
                return csn;
            }
        } finally {
            epochs.unpinShared(token);
        }
    }

    void end(long csn) {
        synchronized (snapshots) {
            snapshots.compute(csn, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Page frames that belong to a tree. */
    int ownedFrames() {
        int owned = 0;
        for (int i = 0; i < frames.frameCount(); i++) {
            owned += trees.table.owner(i) != null ? 1 : 0;
        }
        return owned;
    }

    /** What the page frames hold, for a failure's message. */
    String frameReport() {
        int inner = 0;
        int imageless = 0;
        int dirty = 0;
        int pending = 0;
        int used = 0;
        int olders = 0;
        for (int i = 0; i < frames.frameCount(); i++) {
            HotTree owner = trees.table.owner(i);
            if (owner == null) {
                continue;
            }
            used++;
            boolean isInner = LeafImage.level(frames.memory(i), frames.offset(i)) > 0;
            inner += isInner ? 1 : 0;
            imageless += !isInner && trees.table.get(i, FrameTable.IMAGE_POINTER) == 0 ? 1 : 0;
            dirty += !isInner && owner.looksDirty(i) ? 1 : 0;
            pending += trees.table.get(i, FrameTable.PENDING_COUNT) != 0 ? 1 : 0;
            olders += !isInner && !owner.looksDirty(i) ? 1 : 0;
        }
        return "used " + used + " of " + frames.frameCount() + ", acquired " + frames.acquiredCount() + ", inner "
                + inner
                + ", without image " + imageless + ", dirty " + dirty + ", pending " + pending
                + ", clean or with older "
                + olders + ", retired " + epochs.retiredCount() + ", blocker " + epochs.blocker();
    }

    @Override
    public void waitForClean(boolean thrashes) {
        onPressure.run();
    }

    // ---- readers

    TreeReader reader() {
        return new TreeReader(new SessionPin());
    }

    /** Pins by a session of its own; horizons are registered, or loaded anew. */
    final class SessionPin implements ReadPin {
        private final int session = epochs.openSession();
        boolean plain;

        boolean isPinned() {
            return epochs.isPinned(session);
        }

        @Override
        public void pin() {
            epochs.pin(session);
        }

        @Override
        public void unpin() {
            epochs.unpin(session);
        }

        @Override
        public long horizonAgain(long before) {
            return plain ? horizon.getAcquire() : before;
        }
    }

    /** Moves the epoch and the floors as far as nothing holds them. */
    void advance() {
        for (int i = 0; i < 4; i++) {
            epochs.tryAdvance();
        }
        collectAll();
    }

    void collectAll() {
        for (int i = 0; i < 8; i++) {
            epochs.collect();
        }
    }

    /** All memory is given back. */
    @Override
    public void close() {
        collectAll();
        trees.close();
        assertEquals(0, epochs.retiredCount());
        long held = versions.statistics().cells();
        assertEquals(0, held, "cells");
        versions.trim();
        assertEquals(0, frames.acquiredCount(), "page frames");
        versions.close();
        frames.close();
        assertEquals(0, budget.total(), budget::toString);
    }
}
