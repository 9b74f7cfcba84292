package io.nexuslite.index;

import static io.nexuslite.format.IndexEntryLayout.HEADER_SIZE;
import static io.nexuslite.format.IndexEntryLayout.ID_LENGTH_OFFSET;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Transaction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.agrona.collections.Int2ObjectHashMap;
import org.bson.BsonDocument;

/**
 * Keeps the indexes of a collection while its documents change, inside the transaction that changes them.
 *
 * <pre>{@code
 * maintenance.begin(indexes);
 * maintenance.oldDocument(memory, offset, length);   // what the transaction has read, if there is a document
 * maintenance.newDocument(memory, offset, length);   // what takes its place, unless it is deleted
 * maintenance.apply(transaction, collection, owners);
 * }</pre>
 *
 * <p>Nothing is written before everything that can be refused has been looked at, so that a refused change leaves the transaction
 * as it was. The old document must have been read through the transaction: then another's change of it makes an optimistic
 * transaction fail, and with it what was done here. A unique key is read through the transaction before it is written, present or
 * not, and so is guarded the same way.
 *
 * <p>One thread at a time; owns memory; in the steady state nothing is allocated.
 */
public final class IndexMaintenance implements AutoCloseable {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Generators of indexes that are kept for the next change. */
    private static final int SLOTS_MAX = 256;
    private static final int KEPT_CAPACITY = 64 * 1024;

    /** Tells whether the document that has a unique key already is gone in truth, because it has expired. */
    @FunctionalInterface
    public interface Owners {
        /** No document expires. */
        Owners STAY = (transaction, documentKey) -> false;

        /**
         * Whether the document has expired; it is read through the transaction. Its entry then makes way. The document itself
         * and its other entries are the sweeper's.
         *
         * @param documentKey key of the document; valid for the call
         */
        boolean isExpired(Transaction transaction, Key documentKey);
    }

    /** What one index needs for one change. */
    private static final class Slot implements AutoCloseable {
        private final IndexKeys keys;
        private final KeySet before = new KeySet();
        private final KeySet after = new KeySet();
        private Index index;
        private boolean isCurrent;

        private Slot(Index index, DocumentFilters filters) {
            IndexDefinition definition = index.definition();
            keys = new IndexKeys(definition, definition.partialFilterOrNull() == null
                    ? null
                    : filters.compile(definition.partialFilterOrNull()));
        }

        @Override
        public void close() {
            keys.close();
            before.close();
            after.close();
        }
    }

    private final DocumentFilters filters;
    private final Int2ObjectHashMap<Slot> slots = new Int2ObjectHashMap<>();
    private final IndexMarks marks = new IndexMarks();
    private final GrowableBuffer ownerKey = new GrowableBuffer(KeyTooLongException.KEY_LENGTH_MAX,
            KeyTooLongException.KEY_LENGTH_MAX);
    private final Key key = new Key();
    private final Key owner = new Key();
    private final RecordView record = new RecordView();
    private final IndexEntry entry = new IndexEntry();
    private Slot[] current = new Slot[0];
    private int count;
    private IndexSet currentSet = IndexSet.EMPTY;

    /** @param filters make the filters of partial indexes */
    public IndexMaintenance(DocumentFilters filters) {
        this.filters = filters;
    }

    /** Begins a change of one document. */
    public void begin(IndexSet indexes) {
        if (indexes != currentSet) {
            enter(indexes);
        }
        for (int i = 0; i < count; i++) {
            current[i].before.reset();
            current[i].after.reset();
        }
    }

    private void enter(IndexSet indexes) {
        for (int i = 0; i < count; i++) {
            current[i].isCurrent = false;
        }
        currentSet = IndexSet.EMPTY;
        count = 0;
        List<Index> all = indexes.all();
        if (slots.size() + all.size() > SLOTS_MAX) {
            closeOthers();
        }
        current = new Slot[all.size()];
        for (Index index : all) {
            Slot slot = slots.get(index.treeId());
            if (slot == null) {
                slot = new Slot(index, filters);
                slots.put(index.treeId(), slot);
            }
            slot.index = index;
            slot.isCurrent = true;
            current[count++] = slot;
        }
        currentSet = indexes;
    }

    private void closeOthers() {
        for (Iterator<Slot> iterator = slots.values().iterator(); iterator.hasNext();) {
            Slot slot = iterator.next();
            if (!slot.isCurrent) {
                slot.close();
                iterator.remove();
            }
        }
    }

    /** Takes in the document that goes, as the transaction has read it. The memory is borrowed for the call. */
    public void oldDocument(MemorySegment memory, long offset, int length) {
        for (int i = 0; i < count; i++) {
            try {
                current[i].keys.generate(memory, offset, length, current[i].before);
            } catch (KeyTooLongException | InvalidDocumentException | InvalidQueryException e) {
                current[i].before.reset(); // older than the index, which is being built and cannot hold it: no entries
            }
        }
    }

    /**
     * Takes in the document that comes: validated, its {@code _id} first, the same as the old one's. The memory is borrowed for
     * the call.
     *
     * @throws KeyTooLongException if an index cannot hold its key; names the path
     * @throws InvalidDocumentException if its arrays do not go together in an index
     */
    public void newDocument(MemorySegment memory, long offset, int length) {
        for (int i = 0; i < count; i++) {
            current[i].keys.generate(memory, offset, length, current[i].after);
        }
    }

    /**
     * Writes the difference between the entries of both documents. Ends the transaction's view.
     *
     * @param collection for the error
     * @throws DuplicateKeyException if another document has a key in a unique index; nothing has been written
     */
    public void apply(Transaction transaction, String collection, Owners owners) {
        for (int i = 0; i < count; i++) {
            if (current[i].index.definition().unique()) {
                refuseDuplicates(transaction, current[i], collection, owners);
            }
        }
        for (int i = 0; i < count; i++) {
            write(transaction, current[i]);
            current[i].before.shrink(KEPT_CAPACITY);
            current[i].after.shrink(KEPT_CAPACITY);
        }
    }

    private void refuseDuplicates(Transaction transaction, Slot slot, String collection, Owners owners) {
        KeySet before = slot.before;
        KeySet after = slot.after;
        int old = 0;
        for (int i = 0; i < after.count(); i++) {
            int order = 1;
            while (old < before.count() && (order = KeySet.compare(before, old, after, i)) < 0) {
                old++;
            }
            if (old < before.count() && order == 0) {
                continue; // its own already
            }
            if (find(transaction, slot.index, after.key(i, key)) && !isOwn(after, i)
                    && !hasExpiredOwner(transaction, owners)) {
                throw duplicate(slot, i, collection);
            }
        }
    }

    private DuplicateKeyException duplicate(Slot slot, int at, String collection) {
        IndexDefinition definition = slot.index.definition();
        KeySet set = slot.after;
        record.set(set.memory(), set.valueOffset(at), set.valueLength(at), 0);
        set.key(at, record.key());
        entry.wrap(record, true, slot.index.treeId());
        BsonDocument values = null;
        if (entry.hasKinds()) {
            try (GrowableBuffer told = new GrowableBuffer(); CoveredValues covered = new CoveredValues()) {
                covered.writeKey(definition, entry, new BsonWriter().wrap(told));
                values = new BsonView().wrap(told).toBsonDocument();
            }
        }
        return new DuplicateKeyException(collection, definition.paths().stream().map(IndexPath::path)
                .collect(Collectors.joining(",")), definition.name(), values);
    }

    private boolean hasExpiredOwner(Transaction transaction, Owners owners) {
        entry.id(owner);
        ownerKey.reset();
        ownerKey.append(owner.memory(), owner.offset(), owner.length());
        return owners.isExpired(transaction, owner.wrap(ownerKey.memory(), 0, ownerKey.length()));
    }

    /** Finds the entry of a unique key, into {@link #entry}. */
    private boolean find(Transaction transaction, Index index, Key of) {
        if (!transaction.get(index.tree(), of, record)) {
            return false;
        }
        entry.wrap(record, true, index.treeId());
        return true;
    }

    /** Whether the entry that was found is of the document whose entries are in the set. */
    private boolean isOwn(KeySet set, int index) {
        long value = set.valueOffset(index);
        return entry.isOf(set.memory(), value + HEADER_SIZE, set.memory().get(SHORT, value + ID_LENGTH_OFFSET)
                & 0xFFFF);
    }

    private void write(Transaction transaction, Slot slot) {
        KeySet before = slot.before;
        KeySet after = slot.after;
        int old = 0;
        int next = 0;
        while (old < before.count() || next < after.count()) {
            int order = old == before.count()
                    ? 1
                    : next == after.count()
                            ? -1
                            : KeySet.compare(before, old, after,
                                    next);
            if (order < 0) {
                delete(transaction, slot.index, before, old++);
            } else if (order > 0) {
                put(transaction, slot.index, after, next++);
            } else {
                if (!KeySet.sameValue(before, old, after, next)) {
                    replace(transaction, slot.index, after, next);
                }
                old++;
                next++;
            }
        }
        if (after.arrayPaths() != 0 && after.count() > 0) {
            marks.addMultikeyPaths(transaction, slot.index.tree(), after.arrayPaths());
        }
    }

    private void put(Transaction transaction, Index index, KeySet set, int at) {
        transaction.put(index.tree(), set.key(at, key), set.memory(), set.valueOffset(at), set.valueLength(at));
    }

    /** A unique key may have passed on from an expired document, or not be there yet while the index is built. */
    private void delete(Transaction transaction, Index index, KeySet set, int at) {
        set.key(at, key);
        if (!index.definition().unique() || find(transaction, index, key) && isOwn(set, at)) {
            transaction.delete(index.tree(), key);
        }
    }

    /** While a unique index is built, a key that both documents have may be missing, or another document's. */
    private void replace(Transaction transaction, Index index, KeySet set, int at) {
        boolean mayBeForeign = index.definition().unique();
        if (!mayBeForeign || find(transaction, index, set.key(at, key)) && isOwn(set, at)) {
            put(transaction, index, set, at);
        }
    }

    @Override
    public void close() {
        slots.values().forEach(Slot::close);
        slots.clear();
        count = 0;
        currentSet = IndexSet.EMPTY;
        marks.close();
        ownerKey.close();
    }
}
