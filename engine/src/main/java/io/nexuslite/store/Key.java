package io.nexuslite.store;

import java.lang.foreign.MemorySegment;

/** Key-string bytes somewhere in native memory. A reusable carrier: borrows the memory, one thread at a time. */
public final class Key {
    private MemorySegment memory;
    private long offset;
    private int length;

    /** Points at {@code length} bytes; returns this. */
    public Key wrap(MemorySegment memory, long offset, int length) {
        this.memory = memory;
        this.offset = offset;
        this.length = length;
        return this;
    }

    public MemorySegment memory() {
        return memory;
    }

    public long offset() {
        return offset;
    }

    /** Bytes, at most {@link io.nexuslite.error.KeyTooLongException#KEY_LENGTH_MAX}. */
    public int length() {
        return length;
    }
}
