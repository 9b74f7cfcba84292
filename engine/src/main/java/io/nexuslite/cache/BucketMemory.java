package io.nexuslite.cache;

import java.lang.foreign.MemorySegment;

/** Where the index finds chunks of buckets, overflow buckets and the cells that its words name: handles as those of the slabs. */
interface BucketMemory {
    /** No memory. */
    long NOT_FOUND = -1;

    /** A cell of {@code length} bytes, aligned to 8, with any content; or {@link #NOT_FOUND}. Never called under a bucket's lock. */
    long allocate(int length);

    MemorySegment memory(long handle);

    /** Takes back an overflow bucket that nobody has seen. */
    void freeOverflow(long handle);

    /** Takes back an overflow bucket that readers may still see. */
    void retireOverflow(long handle);
}
