package io.nexuslite.index;

import io.nexuslite.bson.KeyString;
import io.nexuslite.store.Key;
import io.nexuslite.store.SeekMode;
import io.nexuslite.store.TreeCursor;

/**
 * Walks the entries of an index in some ranges, forwards or backwards, and gives each document once, by the first of its entries
 * that is met. Reusable; one thread at a time; owns memory, but not the tree's cursor.
 */
public final class IndexScan implements AutoCloseable {
    private final SeenKeys seen = new SeenKeys();
    private final IndexEntry entry = new IndexEntry();
    private final Key bound = new Key();
    private final Key documentKey = new Key();
    private TreeCursor cursor;
    private KeyRanges ranges;
    private boolean unique;
    private int treeId;
    private boolean backwards;
    private int range;
    private boolean inRange;
    private long entriesRead;

    /** A scan of nothing; {@link #open} comes first. */
    public IndexScan() {
    }

    /**
     * Stands before the first entry.
     *
     * @param entries a cursor of the index's tree; stays the caller's, who closes it
     * @param within borrowed as long as the scan goes on
     */
    public IndexScan open(Index index, TreeCursor entries, KeyRanges within, boolean goesBackwards) {
        cursor = entries;
        ranges = within;
        unique = index.definition().unique();
        treeId = index.treeId();
        backwards = goesBackwards;
        range = goesBackwards ? within.count() - 1 : 0;
        inRange = false;
        entriesRead = 0;
        seen.reset();
        return this;
    }

    /** Goes to the next document; false if there is none. */
    public boolean next() {
        while (nextEntry()) {
            entry.wrap(cursor.record(), unique, treeId);
            entry.id(documentKey);
            if (!entry.isMultikey() || seen.add(documentKey)) {
                return true;
            }
        }
        return false;
    }

    private boolean nextEntry() {
        while (range >= 0 && range < ranges.count()) {
            boolean found;
            if (inRange) {
                found = backwards ? cursor.previous() : cursor.next();
            } else {
                found = backwards
                        ? cursor.seek(ranges.high(range, bound), SeekMode.BEFORE)
                        : cursor.seek(ranges.low(range, bound), SeekMode.AT_OR_AFTER);
                inRange = true;
            }
            if (found && isInside(cursor.record().key())) {
                entriesRead++;
                return true;
            }
            range += backwards ? -1 : 1;
            inRange = false;
        }
        return false;
    }

    private boolean isInside(Key key) {
        if (backwards) {
            ranges.low(range, bound);
            return compare(key, bound) >= 0;
        }
        ranges.high(range, bound);
        return compare(key, bound) < 0;
    }

    private static int compare(Key a, Key b) {
        return KeyString.compare(a.memory(), a.offset(), a.length(), b.memory(), b.offset(), b.length());
    }

    /** The key of the document, in the collection's tree. Valid until the next step. */
    public Key documentKey() {
        return documentKey;
    }

    /** Entries read so far, those of documents that were met before included. */
    public long entriesRead() {
        return entriesRead;
    }

    /** The entry that the scan stands on. Valid until the next step. */
    IndexEntry entry() {
        return entry;
    }

    @Override
    public void close() {
        seen.close();
    }
}
