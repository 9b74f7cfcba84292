package io.nexuslite.check;

import java.lang.foreign.MemorySegment;

/** A bound that parents give to the keys of a page: from this key on, or below it. Borrows the parent's page. To be reused. */
final class Fence {
    private MemorySegment memory;
    private long offset;
    private int length;

    void clear() {
        memory = null;
    }

    void set(MemorySegment memory, long offset, int length) {
        this.memory = memory;
        this.offset = offset;
        this.length = length;
    }

    void set(Fence other) {
        memory = other.memory;
        offset = other.offset;
        length = other.length;
    }

    boolean isSet() {
        return memory != null;
    }

    /** Order of a key against the bound. */
    int compareKey(MemorySegment key, long keyOffset, int keyLength) {
        return Bytes.compare(key, keyOffset, keyLength, memory, offset, length);
    }
}
