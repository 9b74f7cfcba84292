package io.nexuslite;

import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.catalog.CollectionEntry;

/** Collections of a transaction, which sees its own writes. The thread of its body only. */
record TransactionAccess(DatabaseCore core, TransactionScope scope, Thread thread) implements CollectionAccess {
    /** The transaction, for one operation that must not end it. */
    private record Borrowed(TransactionScope scope) implements ReadScope {
        @Override
        public CollectionEntry entry(CollectionHandle collection) {
            return scope.entry(collection);
        }

        @Override
        public boolean get(Tree tree, Key key, RecordView into) {
            return scope.get(tree, key, into);
        }

        @Override
        public TreeCursor cursor(Tree tree) {
            return scope.cursor(tree);
        }

        @Override
        public Tree tree(int treeId) {
            return scope.tree(treeId);
        }

        @Override
        public long nowMillis() {
            return scope.nowMillis();
        }

        @Override
        public void close() {
            // The transaction goes on.
        }
    }

    @Override
    public ReadScope point(OperationContext context) {
        return borrow();
    }

    @Override
    public ReadScope scan(OperationContext context, String owner) {
        return borrow();
    }

    private ReadScope borrow() {
        check();
        return new Borrowed(scope);
    }

    void check() {
        if (scope.isEnded()) {
            throw new DatabaseClosedException("transaction");
        }
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("A transaction belongs to the thread of its body.");
        }
    }

    @Override
    public <P, R> R write(TransactionRunner.Preparation<P> preparation, TransactionRunner.PreparedBody<P, R> body) {
        check();
        OperationContext context = core.contexts().acquire();
        try {
            return body.run(scope, context, preparation.prepare(context));
        } finally {
            core.contexts().release(context);
        }
    }

    @Override
    public void opened(AutoCloseable query) {
        scope.register(query);
    }

    @Override
    public void closed(AutoCloseable query) {
        scope.unregister(query);
    }
}
