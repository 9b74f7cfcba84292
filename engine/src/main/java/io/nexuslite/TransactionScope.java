package io.nexuslite;

import io.nexuslite.catalog.Catalog;
import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonDocument;

/**
 * One transaction of the engine with what the door keeps about it. One thread at a time. Closing it aborts what was not
 * committed, and ends the queries that still run in it.
 */
final class TransactionScope implements ReadScope {
    private static final long NO_TIME = Long.MIN_VALUE;

    private final DatabaseCore core;
    private final OperationContext context;
    /** Entries seen or made by this transaction; {@code null} for none. */
    private Map<String, CollectionEntry> entries;
    /** Queries that run in it; {@code null} for none yet. */
    private List<AutoCloseable> queries;
    private Transaction transaction;
    private TransactionMode mode;
    private long nowMillis;
    private boolean changesCatalog;
    private boolean ended = true;
    /** Whether a write has failed when part of it was done. */
    private boolean isBroken;

    /** Scope of transactions of the context's session, one after the other; {@link #begin} comes first. */
    TransactionScope(DatabaseCore core, OperationContext context) {
        this.core = core;
        this.context = context;
    }

    static TransactionScope begin(DatabaseCore core, OperationContext context, TransactionMode mode) {
        return new TransactionScope(core, context).begin(mode);
    }

    /** Begins the next transaction; returns this. Allocates nothing of its own. */
    TransactionScope begin(TransactionMode newMode) {
        if (!ended) {
            throw new IllegalStateException("The last transaction has not ended.");
        }
        transaction = core.engine().begin(context.session, newMode);
        mode = newMode;
        entries = null;
        queries = null;
        nowMillis = NO_TIME;
        changesCatalog = false;
        isBroken = false;
        ended = false;
        return this;
    }

    Transaction transaction() {
        return transaction;
    }

    boolean isEnded() {
        return ended;
    }

    @Override
    public CollectionEntry entry(CollectionHandle collection) {
        CollectionEntry known = entries == null ? null : entries.get(collection.name());
        if (known != null) {
            return known;
        }
        // An exclusive transaction keeps changes of the catalog out; an optimistic one must have read it to be validated.
        long word = core.catalog().changeWord();
        boolean exclusive = mode == TransactionMode.EXCLUSIVE && !changesCatalog;
        if (exclusive && collection.isRemembered(word)) {
            return collection.remembered();
        }
        CollectionEntry entry = core.catalog().get(transaction, collection.name(), context.catalog);
        if (exclusive) {
            collection.remember(entry, word);
        }
        if (entry != null) {
            keep(entry);
        }
        return entry;
    }

    /** Entry of a collection, which is created if there is none. */
    CollectionEntry entryOrCreate(CollectionHandle collection) {
        CollectionEntry entry = entry(collection);
        return entry != null ? entry : create(collection.name(), new BsonDocument());
    }

    CollectionEntry create(String name, BsonDocument options) {
        CollectionEntry entry = core.catalog().create(transaction, name, options, nowMillis(), context.catalog);
        changesCatalog = true;
        keep(entry);
        return entry;
    }

    private void keep(CollectionEntry entry) {
        if (entries == null) {
            entries = new HashMap<>();
        }
        entries.put(entry.name(), entry);
    }

    boolean drop(String name) {
        entries = null;
        boolean dropped = core.catalog().drop(transaction, name, context.catalog);
        changesCatalog |= dropped;
        return dropped;
    }

    void rename(String name, String newName) {
        core.catalog().rename(transaction, name, newName, context.catalog);
        changesCatalog = true;
        entries = null;
    }

    List<CollectionEntry> list() {
        return core.catalog().list(transaction, context.catalog);
    }

    @Override
    public boolean get(Tree tree, Key key, RecordView into) {
        return transaction.get(tree, key, into);
    }

    @Override
    public TreeCursor cursor(Tree tree) {
        return transaction.cursor(tree);
    }

    @Override
    public Tree tree(int treeId) {
        return core.treeOrNull(treeId);
    }

    @Override
    public long nowMillis() {
        if (nowMillis == NO_TIME) {
            nowMillis = core.engine().clockMillis();
        }
        return nowMillis;
    }

    /** Registers a query, to be closed with the transaction at the latest. */
    void register(AutoCloseable query) {
        if (queries == null) {
            queries = new ArrayList<>();
        }
        queries.add(query);
    }

    void unregister(AutoCloseable query) {
        if (queries != null) {
            queries.remove(query);
        }
    }

    /** Nothing of this transaction can be committed any more: a write of several documents has failed half way. */
    void breakOff() {
        isBroken = true;
    }

    long commit() {
        if (isBroken) {
            throw new IllegalStateException(
                    "A write of several documents has failed half way: let its exception end the"
                            + " transaction.");
        }
        closeQueries();
        if (!changesCatalog) {
            return transaction.commit();
        }
        Catalog catalog = core.catalog();
        catalog.beginChange();
        try {
            return transaction.commit();
        } finally {
            catalog.endChange();
        }
    }

    private void closeQueries() {
        if (queries == null) {
            return;
        }
        for (AutoCloseable query : List.copyOf(queries)) {
            try {
                query.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e); // nothing registered here throws checked ones
            }
        }
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            try {
                closeQueries();
            } finally {
                transaction.close();
            }
        }
    }
}
