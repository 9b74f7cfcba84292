package io.nexuslite;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.TransactionConflictException;
import io.nexuslite.error.TransactionTooLargeException;
import io.nexuslite.store.Key;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import io.nexuslite.transfer.DocumentSink.Outcome;
import io.nexuslite.transfer.ImportMode;
import io.nexuslite.transfer.ImportTarget;
import java.lang.foreign.ValueLayout;

/**
 * A collection that is filled batch by batch, each one transaction. One thread at a time; owns memory.
 *
 * <p>A batch is open for as long as its documents take to arrive, and nobody knows how long that is. So it keeps no other writer
 * out: its transaction is optimistic, and its documents are remembered. Should it meet a conflict, they are put once more, now
 * with the others kept out, as is quickly done.
 */
final class CollectionTarget implements ImportTarget {
    private static final ImportMode[] MODES = ImportMode.values();
    private static final int BATCH_CAPACITY = 64 * 1024;
    /** What a full batch takes at most, whatever its options say; with ids and what stands beside, far from the next limit. */
    static final int BATCH_FULL_BYTES = 128 << 20;
    private static final int BATCH_BYTES_MAX = 1 << 30;
    /** Mode and expiry in front of a document of the batch. */
    private static final int HEAD_SIZE = 1 + Long.BYTES;

    private final DatabaseCore core;
    private final CollectionHandle collection;
    private final OperationContext context;
    private final TransactionScope scope;
    /** What was put into the batch: each document behind a byte with its mode and its expiry. */
    private final GrowableBuffer batch = new GrowableBuffer(BATCH_CAPACITY, BATCH_BYTES_MAX);
    private final BsonView remembered = new BsonView();
    private final BsonView replaced = new BsonView();
    private final BsonView merged = new BsonView();
    /** Made when a document is merged. */
    private DocumentMerger merger;
    /** Tree of the batch's documents, and their expiry; {@code null} before the first one. */
    private Tree tree;
    private long expiryMillis;
    private boolean closed;

    CollectionTarget(DatabaseCore core, CollectionHandle collection) {
        this.core = core;
        this.collection = collection;
        core.transactions().checkMayWrite();
        context = core.contexts().acquire();
        scope = new TransactionScope(core, context);
    }

    @Override
    public void begin() {
        core.transactions().checkMayWrite();
        begin(TransactionMode.OPTIMISTIC);
        batch.reset();
    }

    private void begin(TransactionMode mode) {
        scope.begin(mode);
        tree = null;
    }

    @Override
    public Outcome put(BsonView document, ImportMode mode, long expiryMillis) {
        core.checkOpen();
        context.copy(document, core.idGenerator());
        int room = BATCH_BYTES_MAX - batch.length() - HEAD_SIZE;
        if (context.document.length() > room) {
            throw new TransactionTooLargeException((long) batch.length() + context.document.length(), BATCH_BYTES_MAX);
        }
        int before = batch.length();
        remember(mode, expiryMillis);
        try {
            return store(mode, expiryMillis);
        } catch (RuntimeException e) {
            batch.setLength(before);
            throw e;
        }
    }

    /** Stores the context's document. */
    private Outcome store(ImportMode mode, long expiryMillis) {
        Key key = context.documentKey();
        if (tree == null) {
            find();
        }
        if (!RecordWriter.findLive(scope, context, tree, key)) {
            RecordWriter.insertAbsent(scope, context, tree, key, InsertOptions.defaults().tags(),
                    expiryMillis == NO_EXPIRY ? this.expiryMillis : expiryMillis);
            return Outcome.INSERTED;
        }
        return switch (mode) {
            case INSERT, FAIL -> throw RecordWriter.duplicate(collection.name());
            case SKIP -> Outcome.SKIPPED;
            case UPSERT, MERGE -> {
                if (mode == ImportMode.MERGE) {
                    merge();
                }
                replaceFound(expiryMillis);
                yield Outcome.REPLACED;
            }
        };
    }

    /** Puts the context's document over the one that was found. */
    private void merge() {
        if (merger == null) {
            merger = new DocumentMerger();
        }
        replaced.wrap(context.record.memory(), context.record.offset(), context.record.length());
        merger.merge(replaced, merged.wrap(context.document), context.document);
    }

    private void replaceFound(long newExpiryMillis) {
        if (newExpiryMillis == NO_EXPIRY) {
            RecordWriter.replaceFound(scope, context, tree);
            return;
        }
        long oldExpiryMillis = context.record.meta().expiryMillis;
        RecordWriter.metaOfReplacement(context, context.record.meta(), scope.nowMillis());
        context.meta.expiryMillis = newExpiryMillis;
        RecordWriter.replace(scope, context, tree, oldExpiryMillis);
    }

    private void find() {
        CollectionEntry entry = scope.entryOrCreate(collection);
        expiryMillis = InsertOptions.defaults().expiryMillis(scope.nowMillis(), StoredOptions.of(entry));
        tree = entry.tree();
    }

    private void remember(ImportMode mode, long expiryMillis) {
        int length = context.document.length();
        int at = batch.reserve(HEAD_SIZE + length);
        batch.memory().set(ValueLayout.JAVA_BYTE, at, (byte) mode.ordinal());
        batch.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, at + 1L, expiryMillis);
        batch.setLength(at + HEAD_SIZE);
        batch.append(context.document.memory(), 0, length);
    }

    @Override
    public void commit() {
        try {
            commitOnce();
        } catch (TransactionConflictException e) {
            core.transactions().countConflict();
            commitAgain(e);
        }
    }

    private void commitOnce() {
        try (TransactionScope once = scope) {
            once.commit();
        }
    }

    private void commitAgain(TransactionConflictException conflict) {
        begin(TransactionMode.EXCLUSIVE);
        try (TransactionScope again = scope) {
            for (int at = 0; at < batch.length();) {
                ImportMode mode = MODES[batch.memory().get(ValueLayout.JAVA_BYTE, at)];
                long expiry = batch.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, at + 1L);
                remembered.wrap(batch.memory(), at + HEAD_SIZE);
                context.document.reset();
                context.document.append(remembered.memory(), remembered.offset(), remembered.length());
                store(mode, expiry);
                at += HEAD_SIZE + remembered.length();
            }
            again.commit();
        } catch (DuplicateKeyException e) {
            conflict.addSuppressed(e); // the document was said to be inserted, so this is no matter of its row any more
            throw conflict;
        }
    }

    @Override
    public void rollback() {
        scope.close();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try (batch; DocumentMerger _ = merger) {
                scope.close();
            } finally {
                core.contexts().release(context);
            }
        }
    }
}
