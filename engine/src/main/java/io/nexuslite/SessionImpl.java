package io.nexuslite;

import io.nexuslite.bson.BsonView;
import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TransactionMode;

/**
 * A caller's handle, and the operations without garbage that go through it: written out, since lambdas and scopes would be
 * garbage. One thread at a time.
 */
final class SessionImpl implements Session {
    private final DatabaseCore core;
    private final OperationContext context;
    private final TransactionScope transaction;
    private boolean closed;

    SessionImpl(DatabaseCore core) {
        this.core = core;
        this.context = core.contexts().acquire();
        this.transaction = new TransactionScope(core, context);
    }

    boolean belongsTo(DatabaseCore other) {
        return core == other;
    }

    private void check() {
        if (closed) {
            throw new DatabaseClosedException("session");
        }
        core.checkOpen();
    }

    boolean get(CollectionAccess access, CollectionHandle collection, Key key, DocumentView into) {
        check();
        if (!(access instanceof LiveAccess)) {
            return getInTransaction(access, collection, key, into);
        }
        CollectionEntry entry = collection.newest(context);
        RecordView record = context.record;
        if (entry == null || !entry.tree().get(context.session, key, record)) {
            return false;
        }
        long expiry = record.meta().expiryMillis;
        if (expiry != Expiry.NONE && Expiry.isExpired(expiry, core.engine().clockMillis())) {
            return false;
        }
        into.show(record);
        return true;
    }

    /** The view lives until the transaction's next call, which is the session's next call or an earlier one. */
    private boolean getInTransaction(CollectionAccess access, CollectionHandle collection, Key key, DocumentView into) {
        try (ReadScope scope = access.point(context)) {
            CollectionEntry entry = scope.entry(collection);
            if (entry == null || !scope.get(entry.tree(), key, context.record)
                    || Expiry.isExpired(context.record.meta().expiryMillis, scope.nowMillis())) {
                return false;
            }
            into.show(context.record);
            return true;
        }
    }

    void put(CollectionAccess access, CollectionHandle collection, BsonView document) {
        check();
        if (!(access instanceof LiveAccess)) {
            access.write((scope, other) -> {
                other.copy(document, core.idGenerator());
                put(scope, other, collection);
                return null;
            });
            return;
        }
        core.transactions().checkMayWrite();
        context.copy(document, core.idGenerator());
        try (TransactionScope scope = transaction.begin(TransactionMode.EXCLUSIVE)) {
            put(scope, context, collection);
            scope.commit();
        }
    }

    private static void put(TransactionScope scope, OperationContext context, CollectionHandle collection) {
        CollectionEntry entry = scope.entryOrCreate(collection);
        Key key = context.documentKey();
        if (RecordWriter.findLive(scope, context, entry.tree(), key)) {
            RecordWriter.replaceFound(scope, context, entry.tree());
            return;
        }
        InsertOptions options = InsertOptions.defaults();
        RecordWriter.insertAbsent(scope, context, entry.tree(), key, options.tags(),
                options.expiryMillis(scope.nowMillis(), StoredOptions.of(entry)));
    }

    boolean delete(CollectionAccess access, CollectionHandle collection, Key key) {
        check();
        if (!(access instanceof LiveAccess)) {
            return access.write((scope, other) -> {
                CollectionEntry entry = scope.entry(collection);
                return entry != null && CollectionWriter.deleteKey(scope, other, entry, key);
            });
        }
        core.transactions().checkMayWrite();
        try (TransactionScope scope = transaction.begin(TransactionMode.EXCLUSIVE)) {
            CollectionEntry entry = scope.entry(collection);
            boolean deleted = entry != null && CollectionWriter.deleteKey(scope, context, entry, key);
            scope.commit();
            return deleted;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            core.contexts().release(context);
        }
    }
}
