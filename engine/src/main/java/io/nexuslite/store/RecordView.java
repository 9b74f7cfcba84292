package io.nexuslite.store;

import java.lang.foreign.MemorySegment;

/**
 * One record as a reader sees it. A reusable carrier, filled by the store and read by one thread.
 *
 * <p>Valid until the next call on the session, transaction or cursor that filled it: it borrows their memory.
 */
public final class RecordView {
    private MemorySegment memory;
    private long offset;
    private int length;
    private long csn;
    private final Key key = new Key();
    private final RecordMeta meta = new RecordMeta();

    /** For the store: the value or BSON body, and the commit that wrote it. Key and meta are filled through their getters. */
    public void set(MemorySegment memory, long offset, int length, long csn) {
        this.memory = memory;
        this.offset = offset;
        this.length = length;
        this.csn = csn;
    }

    /** Memory of the BSON body, or of a keyed tree's value. */
    public MemorySegment memory() {
        return memory;
    }

    public long offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    /** Commit number that wrote the record; 0 for a write of the transaction itself. */
    public long csn() {
        return csn;
    }

    /** Key bytes; filled for keyed trees only. A document's key is the key string of its {@code _id}. */
    public Key key() {
        return key;
    }

    /** Times, version, expiry and tags; filled for document trees only. */
    public RecordMeta meta() {
        return meta;
    }
}
