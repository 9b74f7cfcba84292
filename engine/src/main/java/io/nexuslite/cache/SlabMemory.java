package io.nexuslite.cache;

import io.nexuslite.memory.Epochs;
import io.nexuslite.memory.Reclaimer;
import io.nexuslite.memory.SlabAllocator;
import java.lang.foreign.MemorySegment;

/** Buckets and cells in the slabs of a cache; overflow buckets come back through the epochs. */
final class SlabMemory implements BucketMemory {
    private final SlabAllocator slabs;
    private final Epochs epochs;
    private final Reclaimer freesOverflow = this::freeOverflow;

    SlabMemory(SlabAllocator slabs, Epochs epochs) {
        this.slabs = slabs;
        this.epochs = epochs;
    }

    @Override
    public long allocate(int length) {
        return slabs.allocate(length);
    }

    @Override
    public MemorySegment memory(long handle) {
        return slabs.memory(handle);
    }

    @Override
    public void freeOverflow(long handle) {
        slabs.free(handle, CacheIndex.BUCKET_SIZE);
    }

    @Override
    public void retireOverflow(long handle) {
        epochs.retire(freesOverflow, handle);
    }
}
