package io.nexuslite.wasp.tree;

import io.nexuslite.memory.Epochs;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.PageFrames;
import io.nexuslite.memory.SlabAllocator;

/** What all hot trees of a database share: page frames and their table, cells for older records, eviction. Any thread. */
public final class HotTrees implements AutoCloseable {
    final PageFrames frames;
    final Epochs epochs;
    final SlabAllocator versions;
    final MemoryBudget budget;
    final VersionRetention retention;
    final FramePressure pressure;

    /** Shares what it is given and owns none of it. */
    public HotTrees(PageFrames frames, Epochs epochs, SlabAllocator versions, MemoryBudget budget,
            VersionRetention retention,
            FramePressure pressure) {
        this.frames = frames;
        this.epochs = epochs;
        this.versions = versions;
        this.budget = budget;
        this.retention = retention;
        this.pressure = pressure;
    }

    /**
     * Gives clean page frames back, the ones not used lately first.
     *
     * @return how many, at most {@code frameCount}
     */
    public int evict(int frameCount) {
        throw new UnsupportedOperationException();
    }

    /** Page frames that hold what no checkpoint has written; counted by looking at all. */
    public int dirtyFrames() {
        throw new UnsupportedOperationException();
    }

    public long framesEvicted() {
        throw new UnsupportedOperationException();
    }

    public long pagesRead() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
