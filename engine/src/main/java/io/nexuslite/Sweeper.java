package io.nexuslite;

import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;

/**
 * Removes documents that have expired, in the order in which they did, by deletions like any other: in the log, and unseen by
 * snapshots that are older. Any thread.
 */
final class Sweeper {
    /** Other writers wait while a batch is removed. */
    private static final int BATCH = 256;

    private final DatabaseCore core;

    Sweeper(DatabaseCore core) {
        this.core = core;
    }

    /** Removes up to so many documents, and returns how many it was. */
    long sweep(long documentsMax) {
        long removed = 0;
        while (removed < documentsMax && hasExpired()) {
            int batch = (int) Math.min(BATCH, documentsMax - removed);
            long[] counts = core.transactions().runSingle((scope, context) -> sweepBatch(scope, context, batch));
            removed += counts[0];
            if (counts[1] == 0) {
                break; // the clock or another sweeper was here
            }
        }
        return removed;
    }

    /** A look without keeping writers out: mostly there is nothing to do. */
    private boolean hasExpired() {
        core.checkOpen();
        OperationContext context = core.contexts().acquire();
        try (SnapshotScope scope = SnapshotScope.take(core, context, "sweep");
                TreeCursor entries = scope.cursor(core.tempDocuments())) {
            return entries.first()
                    && Expiry.isExpired(TempKeys.expiryMillis(entries.record().key()), scope.nowMillis());
        } finally {
            core.contexts().release(context);
        }
    }

    /** Documents removed, and entries removed: those of dropped collections have no document. */
    private long[] sweepBatch(TransactionScope scope, OperationContext context, int batch) {
        KeyList entries = new KeyList(context.keyList);
        try (TreeCursor cursor = scope.cursor(core.tempDocuments())) {
            boolean found = cursor.first();
            while (found && entries.count() < batch) {
                Key entry = cursor.record().key();
                long expiry = TempKeys.expiryMillis(entry);
                if (!Expiry.isExpired(expiry, scope.nowMillis())) {
                    break;
                }
                entries.add(entry, expiry);
                found = cursor.next();
            }
        }
        long documents = 0;
        Key documentKey = new Key();
        for (boolean more = entries.first(); more; more = entries.next()) {
            documents += remove(scope, context, entries.key(), entries.expiryMillis(), documentKey);
        }
        return new long[]{documents, entries.count()};
    }

    private int remove(TransactionScope scope, OperationContext context, Key entry, long expiry, Key documentKey) {
        Transaction transaction = scope.transaction();
        Tree tree = scope.tree(TempKeys.treeId(entry));
        RecordView record = context.record;
        TempKeys.documentKey(entry, documentKey);
        boolean found = tree != null && transaction.get(tree, documentKey, record)
                && record.meta().expiryMillis == expiry;
        if (found) {
            transaction.delete(tree, documentKey);
        }
        transaction.delete(core.tempDocuments(), entry);
        return found ? 1 : 0;
    }
}
