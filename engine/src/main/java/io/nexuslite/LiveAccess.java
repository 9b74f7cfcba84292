package io.nexuslite;

/** Collections of a database: reads see the newest commit, each write is a transaction. Any thread. */
record LiveAccess(DatabaseCore core) implements CollectionAccess {
    @Override
    public ReadScope point(OperationContext context) {
        return new NewestScope(core, context);
    }

    @Override
    public ReadScope scan(OperationContext context, String owner) {
        return SnapshotScope.take(core, context, owner);
    }

    @Override
    public <P, R> R write(TransactionRunner.Preparation<P> preparation, TransactionRunner.PreparedBody<P, R> body) {
        return core.transactions().runSingle(preparation, body);
    }

    @Override
    public void opened(AutoCloseable query) {
        // A query from outside has a snapshot of its own, and may live as long as it likes.
    }

    @Override
    public void closed(AutoCloseable query) {
        // See opened.
    }
}
