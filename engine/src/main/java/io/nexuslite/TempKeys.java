package io.nexuslite;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.store.Key;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Keys of the tree of ephemeral documents: expiry (8 bytes big-endian, sign inverted), tree id (4 bytes big-endian), key of the
 * document. So the tree is in the order in which documents expire. The bytes are part of the file format. One thread at a
 * time; owns memory.
 */
final class TempKeys implements AutoCloseable {
    static final int TREE_ID_OFFSET = Long.BYTES;
    static final int DOCUMENT_KEY_OFFSET = TREE_ID_OFFSET + Integer.BYTES;
    /** An ephemeral document's own key leaves room for the rest. */
    static final int DOCUMENT_KEY_LENGTH_MAX = KeyTooLongException.KEY_LENGTH_MAX - DOCUMENT_KEY_OFFSET;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final GrowableBuffer bytes = new GrowableBuffer(KeyTooLongException.KEY_LENGTH_MAX,
            KeyTooLongException.KEY_LENGTH_MAX);
    private final Key key = new Key();

    /** The key of an entry. Valid until the next call. */
    Key key(long expiryMillis, int treeId, Key document) {
        if (document.length() > DOCUMENT_KEY_LENGTH_MAX) {
            throw new KeyTooLongException("_id");
        }
        MemorySegment memory = bytes.memory();
        memory.set(LONG, 0, expiryMillis ^ Long.MIN_VALUE);
        memory.set(INT, TREE_ID_OFFSET, treeId);
        MemorySegment.copy(document.memory(), document.offset(), memory, DOCUMENT_KEY_OFFSET, document.length());
        return key.wrap(memory, 0, DOCUMENT_KEY_OFFSET + document.length());
    }

    /** A value for entries, of no bytes. */
    MemorySegment emptyValue() {
        return bytes.memory();
    }

    static long expiryMillis(Key entry) {
        return entry.memory().get(LONG, entry.offset()) ^ Long.MIN_VALUE;
    }

    static int treeId(Key entry) {
        return entry.memory().get(INT, entry.offset() + TREE_ID_OFFSET);
    }

    /** Points {@code into} at the document's key inside an entry's. */
    static Key documentKey(Key entry, Key into) {
        return into.wrap(entry.memory(), entry.offset() + DOCUMENT_KEY_OFFSET, entry.length() - DOCUMENT_KEY_OFFSET);
    }

    @Override
    public void close() {
        bytes.close();
    }
}
