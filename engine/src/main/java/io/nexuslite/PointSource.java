package io.nexuslite;

import io.nexuslite.bson.KeyString;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.query.IdBounds;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Tree;

/** The records of some {@code _id}s, in the order of their keys, got one by one. */
final class PointSource implements RecordSource {
    private final ReadScope scope;
    private final OperationContext context;
    private final Tree tree;
    private final IdBounds bounds;
    private final boolean descending;
    private int next;

    PointSource(ReadScope scope, OperationContext context, Tree tree, IdBounds bounds, boolean descending) {
        this.scope = scope;
        this.context = context;
        this.tree = tree;
        this.bounds = bounds;
        this.descending = descending;
    }

    @Override
    public boolean next() {
        int count = bounds.pointCount();
        while (next < count) {
            int index = descending ? count - 1 - next : next;
            next++;
            int length = bounds.point(index).encodeKey(context.keyMemory(), KeyTooLongException.KEY_LENGTH_MAX);
            if (length == KeyString.TOO_LONG) {
                continue; // no document has such an _id
            }
            Key key = context.builtKey(length);
            if (scope.get(tree, key, context.record)) {
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
        // Owns nothing.
    }
}
