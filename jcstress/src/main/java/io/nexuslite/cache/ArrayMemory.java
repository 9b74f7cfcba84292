package io.nexuslite.cache;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;

/** Buckets and cells in arrays, which the collector takes back with the state of a test. */
final class ArrayMemory implements BucketMemory {
    static final MemorySegment KEY = MemorySegment.ofArray(new long[]{42});
    static final int KEY_LENGTH = Long.BYTES;

    private static final int HANDLE_SHIFT = 24; // each memory is a slab with one cell, at offset 0
    private static final int MEMORIES_MAX = 16;

    private final MemorySegment[] memories = new MemorySegment[MEMORIES_MAX];
    private final AtomicInteger count = new AtomicInteger();
    final AtomicInteger retired = new AtomicInteger();

    @Override
    public long allocate(int length) {
        int index = count.getAndIncrement();
        memories[index] = MemorySegment.ofArray(new long[length / Long.BYTES]);
        return (long) index << HANDLE_SHIFT;
    }

    @Override
    public MemorySegment memory(long handle) {
        return memories[(int) (handle >>> HANDLE_SHIFT)];
    }

    @Override
    public void freeOverflow(long handle) {
        retired.getAndIncrement();
    }

    @Override
    public void retireOverflow(long handle) {
        retired.getAndIncrement();
    }

    /** A word for a new cell with {@link #KEY} and that hash. */
    long newCell(long hash, long key) {
        long handle = allocate(CacheCell.HEADER_SIZE + KEY_LENGTH);
        MemorySegment memory = memory(handle);
        CacheCell.fill(memory, 0, hash, CacheCell.NEVER, 0, 0, KEY_LENGTH, 0);
        memory.set(ValueLayout.JAVA_LONG, CacheCell.HEADER_SIZE, key);
        return CacheIndex.word(hash, handle);
    }
}
