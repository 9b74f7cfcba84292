package io.nexuslite.index;

import io.nexuslite.bson.BsonWriter;
import io.nexuslite.store.Key;
import io.nexuslite.store.TreeCursor;

/**
 * Walks the entries of an index in some ranges, forwards or backwards, and gives each document once, by the first of its entries
 * that is met. Reusable; one thread at a time; owns memory, but not the tree's cursor.
 */
public final class IndexScan implements AutoCloseable {
    private final SeenKeys seen = new SeenKeys();
    private final EntryWalk walk = new EntryWalk();
    private final IndexEntry entry = new IndexEntry();
    private final CoveredValues covered = new CoveredValues();
    private final Key documentKey = new Key();
    private TreeCursor cursor;
    private Index index;

    /** A scan of nothing; {@link #open} comes first. */
    public IndexScan() {
    }

    /**
     * Stands before the first entry.
     *
     * @param entries a cursor of the index's tree; stays the caller's, who closes it
     * @param within borrowed as long as the scan goes on
     */
    public IndexScan open(Index of, TreeCursor entries, KeyRanges within, boolean goesBackwards) {
        cursor = entries;
        index = of;
        walk.open(entries, within, goesBackwards);
        seen.reset();
        return this;
    }

    /** Goes to the next document; false if there is none. */
    public boolean next() {
        while (walk.next()) {
            entry.wrap(cursor.record(), index.definition().unique(), index.treeId());
            entry.id(documentKey);
            if (!entry.isMultikey() || seen.add(documentKey)) {
                return true;
            }
        }
        return false;
    }

    /** The key of the document, in the collection's tree. Valid until the next step. */
    public Key documentKey() {
        return documentKey;
    }

    /** Entries read so far, those of documents that were met before included. */
    public long entriesRead() {
        return walk.entriesRead();
    }

    /**
     * Whether {@link #writeDocument} can tell the values of the document; where it cannot, the document is to be fetched.
     */
    public boolean isCovered() {
        return entry.hasKinds() && !entry.isMultikey();
    }

    /**
     * Writes a document of the {@code _id} and what the document has on those paths of the index that are names of top fields,
     * in the index's order. Only if {@link #isCovered()}.
     *
     * @param into has been wrapped and stands before its root
     */
    public void writeDocument(BsonWriter into) {
        covered.write(index.definition(), entry, into);
    }

    @Override
    public void close() {
        seen.close();
        covered.close();
    }
}
