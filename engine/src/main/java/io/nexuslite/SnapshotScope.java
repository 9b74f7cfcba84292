package io.nexuslite;

import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;

/** What a snapshot shows: one taken for a single operation, or one that somebody holds. */
final class SnapshotScope implements ReadScope {
    private static final long NO_WORD = -1;

    private final DatabaseCore core;
    private final OperationContext context;
    private final io.nexuslite.store.Snapshot snapshot;
    private final boolean owned;
    /** The catalog's word, if the snapshot was taken while it did not change. */
    private final long word;

    private SnapshotScope(DatabaseCore core, OperationContext context, io.nexuslite.store.Snapshot snapshot,
            boolean owned, long word) {
        this.core = core;
        this.context = context;
        this.snapshot = snapshot;
        this.owned = owned;
        this.word = word;
    }

    /** Takes a snapshot, which is closed with the scope. */
    static SnapshotScope take(DatabaseCore core, OperationContext context, String owner) {
        long before = core.catalog().changeWord();
        io.nexuslite.store.Snapshot snapshot = core.engine().snapshot(owner);
        long word = core.catalog().changeWord() == before ? before : NO_WORD;
        return new SnapshotScope(core, context, snapshot, true, word);
    }

    /** Sees a snapshot that stays open. */
    static SnapshotScope of(DatabaseCore core, OperationContext context, io.nexuslite.store.Snapshot snapshot) {
        return new SnapshotScope(core, context, snapshot, false, NO_WORD);
    }

    @Override
    public CollectionEntry entry(CollectionHandle collection) {
        if (word != NO_WORD && collection.isRemembered(word)) {
            return collection.remembered();
        }
        CollectionEntry entry = core.catalog().get(context.session, snapshot, collection.name(), context.catalog);
        if (word != NO_WORD) {
            collection.remember(entry, word);
        }
        return entry;
    }

    @Override
    public boolean get(Tree tree, Key key, RecordView into) {
        return tree.get(context.session, snapshot, key, into);
    }

    @Override
    public TreeCursor cursor(Tree tree) {
        return tree.cursor(context.session, snapshot);
    }

    @Override
    public Tree tree(int treeId) {
        return core.treeOrNull(treeId);
    }

    @Override
    public long nowMillis() {
        return snapshot.startMillis();
    }

    @Override
    public void close() {
        if (owned) {
            snapshot.close();
        }
    }
}
