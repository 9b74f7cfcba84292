package io.nexuslite.wasp.tree;

import io.nexuslite.bson.GrowableBuffer;
import java.util.ArrayDeque;

/**
 * What one reading thread needs of its own: scratch memory, a buffer for large values, and its pin. Made once for a session and
 * reused; one thread at a time.
 */
public final class TreeReader implements AutoCloseable {
    private static final int VALUE_CAPACITY = 256;
    static final int VALUE_LIMIT = 64 << 20;
    static final int VALUE_KEPT = 1 << 20;
    private static final int CURSORS_KEPT = 4;

    final ReadPin pin;
    final TreeScratch scratch = new TreeScratch();
    private final GrowableBuffer value = new GrowableBuffer(VALUE_CAPACITY, VALUE_LIMIT);
    private final ArrayDeque<HotCursor> idleCursors = new ArrayDeque<>();

    /** @param pin how the reading thread pins and unpins */
    public TreeReader(ReadPin pin) {
        this.pin = pin;
    }

    /** Empty buffer for a large value; what the last one held is gone. */
    GrowableBuffer value() {
        value.shrink(VALUE_KEPT);
        return value;
    }

    HotCursor takeCursor(int pageSize) {
        HotCursor cursor = idleCursors.poll();
        if (cursor != null && cursor.pageSize() != pageSize) {
            cursor.free();
            cursor = null;
        }
        return cursor != null ? cursor : new HotCursor(this, pageSize);
    }

    void giveBack(HotCursor cursor) {
        if (idleCursors.size() < CURSORS_KEPT) {
            idleCursors.push(cursor);
        } else {
            cursor.free();
        }
    }

    /** Gives the memory back; cursors made with the reader are closed before. Idempotent. */
    @Override
    public void close() {
        for (HotCursor cursor = idleCursors.poll(); cursor != null; cursor = idleCursors.poll()) {
            cursor.free();
        }
        value.close();
        scratch.close();
    }
}
