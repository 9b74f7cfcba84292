package io.nexuslite;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Keys of documents that a scan has found, with their expiry, to be deleted behind it. Borrows a buffer. */
final class KeyList {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final int EXPIRY_OFFSET = 0;
    private static final int LENGTH_OFFSET = EXPIRY_OFFSET + Long.BYTES;
    private static final int HEADER_SIZE = LENGTH_OFFSET + Integer.BYTES;

    private final GrowableBuffer bytes;
    private final Key key = new Key();
    private long count;
    private int at;

    KeyList(GrowableBuffer bytes) {
        this.bytes = bytes;
        bytes.reset();
    }

    void add(RecordView record, OperationContext context) {
        add(context.keyOf(record.memory(), record.offset(), record.length()), record.meta().expiryMillis);
    }

    void add(Key added, long expiryMillis) {
        int start = bytes.reserve(HEADER_SIZE + added.length());
        MemorySegment memory = bytes.memory();
        memory.set(LONG, start + EXPIRY_OFFSET, expiryMillis);
        memory.set(INT, start + LENGTH_OFFSET, added.length());
        MemorySegment.copy(added.memory(), added.offset(), memory, start + HEADER_SIZE, added.length());
        bytes.setLength(start + HEADER_SIZE + added.length());
        count++;
    }

    long count() {
        return count;
    }

    boolean first() {
        at = 0;
        return show();
    }

    boolean next() {
        at += HEADER_SIZE + key.length();
        return show();
    }

    private boolean show() {
        if (at >= bytes.length()) {
            return false;
        }
        key.wrap(bytes.memory(), (long) at + HEADER_SIZE, bytes.memory().get(INT, (long) at + LENGTH_OFFSET));
        return true;
    }

    /** The current key. Valid until the list changes. */
    Key key() {
        return key;
    }

    long expiryMillis() {
        return bytes.memory().get(LONG, (long) at + EXPIRY_OFFSET);
    }
}
