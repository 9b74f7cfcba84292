package io.nexuslite.wasp;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.KeyString;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.SeekMode;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;

/**
 * A cursor over what a transaction sees: the tree as of its horizon, with the transaction's own writes up to the opening of
 * the cursor laid over it. Tells the read set the range of keys that it has looked at. One thread at a time.
 *
 * <p>Two sources are merged: the tree's cursor, and the writes in key order. Both stand on their next candidate in the direction of
 * travel; when the direction turns, both seek anew from the current key.
 */
final class TransactionCursor implements TreeCursor {
    private static final int FORWARD = 1;
    private static final int BACKWARD = -1;
    private static final int NOWHERE = 0;

    private final Tree tree;
    private final TreeCursor base;
    private final WriteSet writes;
    private final int[] sorted;
    private final ReadSet reads; // null where nothing is validated
    private final KeyDeriver keys;
    private final RecordView own = new RecordView();
    private final Key ownKey = new Key();
    private final Key baseKey = new Key();
    private final Key current = new Key();
    private final GrowableBuffer currentBytes = new GrowableBuffer(128, 64 * 1024);
    private final GrowableBuffer lowBytes = new GrowableBuffer(128, 64 * 1024);
    private final GrowableBuffer highBytes = new GrowableBuffer(128, 64 * 1024);
    private int direction = NOWHERE;
    private boolean onBase; // the tree's cursor stands on a candidate
    private int onWrite; // index into sorted of the candidate write; out of range if there is none
    private RecordView record;
    private boolean looked; // the range below holds something
    private boolean lowOpen;
    private boolean highOpen;
    private boolean closed;

    TransactionCursor(Tree tree, TreeCursor base, WriteSet writes, ReadSet reads, KeyDeriver keys) {
        this.tree = tree;
        this.base = base;
        this.writes = writes;
        this.sorted = writes.sorted(tree.treeId());
        this.reads = reads;
        this.keys = keys;
    }

    @Override
    public boolean seek(Key key, SeekMode mode) {
        look(key);
        direction = mode == SeekMode.AT_OR_AFTER || mode == SeekMode.AFTER ? FORWARD : BACKWARD;
        onBase = base.seek(key, mode);
        boolean inclusive = mode == SeekMode.AT_OR_AFTER || mode == SeekMode.AT_OR_BEFORE;
        onWrite = direction == FORWARD ? firstWrite(key, inclusive) : lastWrite(key, inclusive);
        return settle();
    }

    @Override
    public boolean first() {
        lowOpen = true;
        direction = FORWARD;
        onBase = base.first();
        onWrite = 0;
        return settle();
    }

    @Override
    public boolean last() {
        highOpen = true;
        direction = BACKWARD;
        onBase = base.last();
        onWrite = sorted.length - 1;
        return settle();
    }

    @Override
    public boolean next() {
        if (record == null) {
            return first();
        }
        if (direction != FORWARD) {
            return seek(current, SeekMode.AFTER);
        }
        leaveCurrent();
        return settle();
    }

    @Override
    public boolean previous() {
        if (record == null) {
            return last();
        }
        if (direction != BACKWARD) {
            return seek(current, SeekMode.BEFORE);
        }
        leaveCurrent();
        return settle();
    }

    @Override
    public RecordView record() {
        if (record == null) {
            throw new IllegalStateException("the cursor stands nowhere");
        }
        return record;
    }

    /** Moves the sources that stand on the current key one step on. */
    private void leaveCurrent() {
        if (onBase && compare(baseKey(), current) == 0) {
            onBase = step();
        }
        if (hasWrite() && compare(writes.key(sorted[onWrite], ownKey), current) == 0) {
            onWrite += direction;
        }
    }

    private boolean step() {
        return direction == FORWARD ? base.next() : base.previous();
    }

    /** Takes the nearer candidate, a write before a record of the same key; passes over deleted keys. */
    private boolean settle() {
        while (onBase || hasWrite()) {
            int order = !hasWrite()
                    ? -1
                    : !onBase ? 1 : direction * compare(baseKey(), writes.key(sorted[onWrite], ownKey));
            if (order < 0) {
                return standOn(baseKey(), base.record());
            }
            int entry = sorted[onWrite];
            if (!writes.isDelete(entry)) {
                writes.view(entry, own);
                return standOn(writes.key(entry, ownKey), own);
            }
            if (order == 0) {
                onBase = step();
            }
            onWrite += direction;
        }
        record = null;
        lowOpen |= direction == BACKWARD;
        highOpen |= direction == FORWARD;
        return false;
    }

    private boolean standOn(Key key, RecordView view) {
        look(key);
        currentBytes.reset();
        currentBytes.append(key.memory(), key.offset(), key.length());
        current.wrap(currentBytes.memory(), 0, currentBytes.length());
        record = view;
        return true;
    }

    private Key baseKey() {
        return keys.ofRecord(tree.kind(), base.record(), baseKey);
    }

    private boolean hasWrite() {
        return onWrite >= 0 && onWrite < sorted.length;
    }

    private int firstWrite(Key key, boolean inclusive) {
        int index = 0;
        while (index < sorted.length) {
            int order = compare(writes.key(sorted[index], ownKey), key);
            if (order > 0 || inclusive && order == 0) {
                break;
            }
            index++;
        }
        return index;
    }

    private int lastWrite(Key key, boolean inclusive) {
        int index = sorted.length - 1;
        while (index >= 0) {
            int order = compare(writes.key(sorted[index], ownKey), key);
            if (order < 0 || inclusive && order == 0) {
                break;
            }
            index--;
        }
        return index;
    }

    /** Widens the range that was looked at so that it holds {@code key}. */
    private void look(Key key) {
        if (reads == null) {
            return;
        }
        if (!looked || compareTo(key, lowBytes) < 0) {
            set(lowBytes, key);
        }
        if (!looked || compareTo(key, highBytes) > 0) {
            set(highBytes, key);
        }
        looked = true;
    }

    private static void set(GrowableBuffer buffer, Key key) {
        buffer.reset();
        buffer.append(key.memory(), key.offset(), key.length());
    }

    private static int compareTo(Key key, GrowableBuffer bytes) {
        return KeyString.compare(key.memory(), key.offset(), key.length(), bytes.memory(), 0, bytes.length());
    }

    private static int compare(Key a, Key b) {
        return KeyString.compare(a.memory(), a.offset(), a.length(), b.memory(), b.offset(), b.length());
    }

    /** Puts the range looked at so far into the read set; called before the transaction validates, and at the close. */
    void tellReads() {
        if (reads != null && (looked || lowOpen || highOpen)) {
            reads.add(tree.treeId(), lowOpen ? null : new Key().wrap(lowBytes.memory(), 0, lowBytes.length()),
                    highOpen ? null : new Key().wrap(highBytes.memory(), 0, highBytes.length()));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            tellReads();
            base.close();
            currentBytes.close();
            lowBytes.close();
            highBytes.close();
        }
    }
}
