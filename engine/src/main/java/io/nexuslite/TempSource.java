package io.nexuslite;

import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;

/** The documents of all collections that have an expiry, in the order in which they expire. */
final class TempSource implements RecordSource {
    private final ReadScope scope;
    private final OperationContext context;
    private final TreeCursor entries;
    private final Key documentKey = new Key();

    TempSource(ReadScope scope, OperationContext context) {
        this.scope = scope;
        this.context = context;
        this.entries = scope.cursor(context.tempDocuments);
    }

    @Override
    public boolean next() {
        while (entries.next()) {
            Key entry = entries.record().key();
            Tree tree = scope.tree(TempKeys.treeId(entry));
            // The entries of a dropped collection stay until they expire.
            if (tree != null && scope.get(tree, TempKeys.documentKey(entry, documentKey), context.record)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public RecordView record() {
        return context.record;
    }

    @Override
    public void close() {
        entries.close();
    }
}
