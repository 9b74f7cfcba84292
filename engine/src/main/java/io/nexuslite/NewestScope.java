package io.nexuslite;

import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;

/** The newest committed state, for operations that look at one record. */
final class NewestScope implements ReadScope {
    private final DatabaseCore core;
    private final OperationContext context;

    NewestScope(DatabaseCore core, OperationContext context) {
        this.core = core;
        this.context = context;
    }

    @Override
    public CollectionEntry entry(CollectionHandle collection) {
        return collection.newest(context);
    }

    @Override
    public boolean get(Tree tree, Key key, RecordView into) {
        return tree.get(context.session, key, into);
    }

    @Override
    public TreeCursor cursor(Tree tree) {
        throw new IllegalStateException("Several records are read from a snapshot or a transaction.");
    }

    @Override
    public Tree tree(int treeId) {
        return core.treeOrNull(treeId);
    }

    @Override
    public long nowMillis() {
        return core.engine().clockMillis();
    }

    @Override
    public void close() {
        // Nothing was begun.
    }
}
