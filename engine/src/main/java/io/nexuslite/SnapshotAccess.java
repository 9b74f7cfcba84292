package io.nexuslite;

import io.nexuslite.error.ReadOnlyException;

/** Collections of a snapshot. Any thread. */
record SnapshotAccess(DatabaseCore core, io.nexuslite.store.Snapshot snapshot) implements CollectionAccess {
    @Override
    public ReadScope point(OperationContext context) {
        return SnapshotScope.of(core, context, snapshot);
    }

    @Override
    public ReadScope scan(OperationContext context, String owner) {
        return SnapshotScope.of(core, context, snapshot);
    }

    @Override
    public <P, R> R write(TransactionRunner.Preparation<P> preparation, TransactionRunner.PreparedBody<P, R> body) {
        throw new ReadOnlyException("a snapshot");
    }

    @Override
    public void opened(AutoCloseable query) {
        // Whoever closes the snapshot first sees it in the query.
    }

    @Override
    public void closed(AutoCloseable query) {
        // See opened.
    }
}
