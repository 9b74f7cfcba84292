package io.nexuslite.index;

import io.nexuslite.catalog.Catalog;
import io.nexuslite.catalog.CatalogScratch;
import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.error.InvalidIndexException;
import io.nexuslite.error.NamespaceException;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.agrona.collections.Int2ObjectHashMap;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * The indexes of a database's collections, read and changed inside transactions and snapshots. Any thread; scratch memory belongs
 * to one.
 *
 * <p>A collection's catalog entry names the trees and states of its indexes; the definition lies in the index's tree and never
 * changes there, so that it is read once. What is changed here is a change of the catalog: who commits it calls
 * {@link Catalog#beginChange} and {@link Catalog#endChange} around the commit.
 */
public final class Indexes {
    private static final String STATE = "state";
    private static final String BUILDING = "building";
    private static final String HIDDEN = "hidden";
    private static final String EXPIRY = "expireAfterSeconds";
    private static final int KNOWN_MAX = 1024;

    private final StorageEngine engine;
    private final Catalog catalog;
    private final DocumentFilters filters;
    /** Definitions by tree. Ids of trees are never given twice while a database is open. */
    private final ConcurrentHashMap<Integer, IndexDefinition> definitions = new ConcurrentHashMap<>();
    /** Sets by the tree of their collection; copied for each change, so that readers neither lock nor box. */
    private volatile Int2ObjectHashMap<Known> known = new Int2ObjectHashMap<>();

    /** A set, and the entry's word on it that it was made from. */
    private record Known(BsonArray states, IndexSet indexes) {
    }

    /** @param filters make the filters of partial indexes */
    public Indexes(StorageEngine engine, Catalog catalog, DocumentFilters filters) {
        this.engine = engine;
        this.catalog = catalog;
        this.filters = filters;
    }

    StorageEngine engine() {
        return engine;
    }

    Catalog catalog() {
        return catalog;
    }

    DocumentFilters filters() {
        return filters;
    }

    /**
     * Indexes of an entry that was read as the newest. Equal states give the same set, without allocating. Ends the session's
     * view where a definition is new to this opening.
     */
    public IndexSet of(CollectionEntry entry, Session session) {
        return entry.indexes().isEmpty() ? IndexSet.EMPTY : read(entry, IndexMarks.Reader.newest(session));
    }

    /** Indexes of an entry that was read at a snapshot; otherwise as {@link #of(CollectionEntry, Session)}. */
    public IndexSet of(CollectionEntry entry, Session session, Snapshot at) {
        return entry.indexes().isEmpty() ? IndexSet.EMPTY : read(entry, IndexMarks.Reader.at(session, at));
    }

    /** Indexes of an entry that was read in a transaction. Ends its view where a definition is new to this opening. */
    public IndexSet of(CollectionEntry entry, Transaction transaction) {
        return entry.indexes().isEmpty() ? IndexSet.EMPTY : read(entry, transaction::get);
    }

    private IndexSet read(CollectionEntry entry, IndexMarks.Reader reader) {
        Known last = known.get(entry.treeId());
        if (last != null && (last.states == entry.indexes() || last.states.equals(entry.indexes()))) {
            return last.indexes;
        }
        IndexSet indexes = readAnew(entry, reader);
        synchronized (this) {
            Int2ObjectHashMap<Known> changed = known.size() < KNOWN_MAX
                    ? new Int2ObjectHashMap<>(known)
                    : new Int2ObjectHashMap<>();
            changed.put(entry.treeId(), new Known(entry.indexes(), indexes));
            known = changed;
        }
        return indexes;
    }

    private IndexSet readAnew(CollectionEntry entry, IndexMarks.Reader reader) {
        List<Index> indexes = new ArrayList<>();
        for (BsonValue element : entry.indexes()) {
            BsonDocument state = element.asDocument();
            Tree tree = engine.tree(state.getInt32(CollectionEntry.INDEX_TREE_ID).getValue());
            IndexDefinition definition = definitions.get(tree.treeId());
            if (definition == null) {
                try (IndexMarks marks = new IndexMarks()) {
                    definition = marks.definition(reader, tree);
                }
                definitions.put(tree.treeId(), definition);
            }
            indexes.add(index(definition, tree, state));
        }
        indexes.sort(Comparator.comparingInt(Index::treeId));
        return new IndexSet(indexes);
    }

    private static Index index(IndexDefinition stored, Tree tree, BsonDocument state) {
        IndexDefinition definition = stored;
        if (state.containsKey(HIDDEN)) {
            definition = definition.withHidden(state.getBoolean(HIDDEN).getValue());
        }
        if (state.containsKey(EXPIRY)) {
            definition = definition.withExpireAfterSeconds(state.getInt64(EXPIRY).getValue());
        }
        boolean building = state.containsKey(STATE) && state.getString(STATE).getValue().equals(BUILDING);
        return new Index(definition, tree, building ? IndexState.BUILDING : IndexState.READY);
    }

    /**
     * Makes an index: building, or ready if the collection has no document. One with the same definition is given back as it is.
     *
     * @throws InvalidIndexException if there is another one of that name or with that key, or there are too many
     * @throws io.nexuslite.error.InvalidQueryException if its partial filter is no filter
     * @throws NamespaceException if there is no such collection
     */
    public Index create(Transaction transaction, String collection, IndexDefinition definition,
            CatalogScratch scratch) {
        CollectionEntry entry = entry(transaction, collection, scratch);
        IndexSet present = of(entry, transaction);
        Index same = present.find(definition.name());
        if (same != null && same.definition().equals(definition)) {
            return same;
        }
        refuseCollision(present, definition, same);
        if (definition.partialFilterOrNull() != null) {
            filters.compile(definition.partialFilterOrNull());
        }
        Tree tree = engine.tree(engine.createTree(transaction, TreeKind.KEYED));
        try (IndexMarks marks = new IndexMarks()) {
            marks.putDefinition(transaction, tree, definition);
        }
        BsonDocument state = new BsonDocument(CollectionEntry.INDEX_TREE_ID, new BsonInt32(tree.treeId()));
        if (!isEmpty(transaction, entry.tree())) {
            state.put(STATE, new BsonString(BUILDING));
        }
        BsonArray indexes = entry.indexes().clone();
        indexes.add(state);
        catalog.putIndexes(transaction, collection, indexes, scratch);
        return index(definition, tree, state);
    }

    private static void refuseCollision(IndexSet present, IndexDefinition definition, Index same) {
        if (same != null) {
            throw new InvalidIndexException("expected a new name, found an index with another definition",
                    definition.name(), "");
        }
        for (Index other : present.all()) {
            if (other.definition().isSameAs(definition)) {
                throw new InvalidIndexException("expected another key, found it in the index " + other.name(),
                        definition.name(), "key");
            }
        }
        if (present.all().size() >= IndexDefinition.INDEXES_MAX) {
            throw new InvalidIndexException("expected at most " + IndexDefinition.INDEXES_MAX
                    + " indexes of a collection, found as many", definition.name(), "");
        }
    }

    private static boolean isEmpty(Transaction transaction, Tree documents) {
        try (TreeCursor cursor = transaction.cursor(documents)) {
            return !cursor.first();
        }
    }

    /** Declares that an index has the entries of all documents; false if there is no such index any more. */
    boolean makeReady(Transaction transaction, String collection, int treeId, CatalogScratch scratch) {
        return change(transaction, collection, treeId, scratch, state -> {
            state.remove(STATE);
            return state;
        });
    }

    /** Hides an index from queries, or shows it; false if there is none of that name. */
    public boolean setHidden(Transaction transaction, String collection, String name, boolean hidden,
            CatalogScratch scratch) {
        Index index = of(entry(transaction, collection, scratch), transaction).find(name);
        return index != null && change(transaction, collection, index.treeId(), scratch,
                state -> state.append(HIDDEN, BsonBoolean.valueOf(hidden)));
    }

    /**
     * Changes the time to live; false if there is no index of that name.
     *
     * @throws InvalidIndexException if the index cannot have one
     */
    public boolean setExpireAfterSeconds(Transaction transaction, String collection, String name, long seconds,
            CatalogScratch scratch) {
        Index index = of(entry(transaction, collection, scratch), transaction).find(name);
        if (index == null) {
            return false;
        }
        index.definition().withExpireAfterSeconds(seconds); // or it throws
        return change(transaction, collection, index.treeId(), scratch,
                state -> state.append(EXPIRY, new BsonInt64(seconds)));
    }

    /** Drops an index with its tree; false if there is none of that name. A build of it ends by itself. */
    public boolean drop(Transaction transaction, String collection, String name, CatalogScratch scratch) {
        Index index = of(entry(transaction, collection, scratch), transaction).find(name);
        return index != null && drop(transaction, collection, index.treeId(), scratch);
    }

    boolean drop(Transaction transaction, String collection, int treeId, CatalogScratch scratch) {
        if (!change(transaction, collection, treeId, scratch, state -> null)) {
            return false;
        }
        engine.dropTree(transaction, treeId);
        return true;
    }

    /** Puts what {@code to} makes of the state of an index; {@code null} takes it out. */
    private boolean change(Transaction transaction, String collection, int treeId, CatalogScratch scratch,
            UnaryOperator<BsonDocument> to) {
        BsonArray indexes = new BsonArray();
        boolean found = false;
        for (BsonValue element : entry(transaction, collection, scratch).indexes()) {
            BsonDocument state = element.asDocument().clone();
            if (state.getInt32(CollectionEntry.INDEX_TREE_ID).getValue() == treeId) {
                found = true;
                state = to.apply(state);
            }
            if (state != null) {
                indexes.add(state);
            }
        }
        if (found) {
            catalog.putIndexes(transaction, collection, indexes, scratch);
        }
        return found;
    }

    private CollectionEntry entry(Transaction transaction, String collection, CatalogScratch scratch) {
        CollectionEntry entry = catalog.get(transaction, collection, scratch);
        if (entry == null) {
            throw new NamespaceException("No such collection", collection);
        }
        return entry;
    }
}
