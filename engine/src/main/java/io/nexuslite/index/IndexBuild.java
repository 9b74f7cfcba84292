package io.nexuslite.index;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.catalog.Catalog;
import io.nexuslite.catalog.CatalogScratch;
import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.error.SnapshotTooOldException;
import io.nexuslite.error.TransactionConflictException;
import io.nexuslite.error.TransactionTooLargeException;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.SeekMode;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import java.util.Arrays;
import java.util.List;

/**
 * Adds the documents to an index that were there before it, while others go on writing.
 *
 * <p>The transaction that made the index has declared it as building, and conflicts with every writer who did not know of it; from
 * then on writers keep it. So what is left is to take each document that is there and to add its entries. That is done batch by
 * batch: a snapshot tells the next keys, and a transaction reads each document anew, as it is now, and puts its entries. Whoever
 * changes one of them meanwhile makes the batch fail, which is repeated, and in the end done with the writers kept out. Doing a
 * document twice does no harm, so a build that a crash has ended begins again from the start.
 *
 * <p>States: {@code RUNNING} → {@link #step} → {@code READY}; {@code CANCELLED}, and {@code FAILED} if a document cannot be in the
 * index, both of which drop it; {@code GONE} if others have dropped it. Any other exception leaves the index as it is, to be
 * built on.
 *
 * <p>One thread at a time steps; any thread asks for progress and cancels. Owns a session and memory.
 */
public final class IndexBuild implements AutoCloseable {
    /** Documents of a batch, unless they are large. */
    public static final int BATCH_DOCUMENTS = 256;
    private static final int BATCH_BYTES = 1024 * 1024;
    private static final int KEYS_BYTES_MAX = 1 << 22;
    /** After so many conflicts a batch keeps other writers out. */
    private static final int OPTIMISTIC_TRIES = 3;

    /** How far a build has come. */
    public enum Outcome {
        RUNNING, READY, CANCELLED, FAILED, GONE
    }

    private final Indexes indexes;
    private final StorageEngine engine;
    private final int treeId;
    private final Tree documents;
    private final IndexMaintenance maintenance;
    private final IndexMaintenance.Owners owners;
    private final CatalogScratch scratch = new CatalogScratch();
    private final Session session;
    private final GrowableBuffer keys = new GrowableBuffer(16 * 1024, KEYS_BYTES_MAX);
    private final GrowableBuffer lastKey = new GrowableBuffer(KeyTooLongException.KEY_LENGTH_MAX,
            KeyTooLongException.KEY_LENGTH_MAX);
    private final Key key = new Key();
    private final RecordView record = new RecordView();
    private int[] keyEnds = new int[BATCH_DOCUMENTS];
    private int batchMax = BATCH_DOCUMENTS;
    private int batchCount;
    private boolean started;
    private String collection;
    private IndexSet only;
    private volatile long scanned;
    private volatile boolean cancelled;
    private volatile Outcome outcome = Outcome.RUNNING;

    /**
     * A build of an index that {@link Indexes#create} has made, or a crash has left.
     *
     * @param entry of the collection, with that index
     * @param treeId of the index
     * @param owners tells of documents that are there no more in truth
     */
    public IndexBuild(Indexes indexes, CollectionEntry entry, int treeId, IndexMaintenance.Owners owners) {
        this.indexes = indexes;
        this.engine = indexes.engine();
        this.collection = entry.name();
        this.documents = entry.tree();
        this.treeId = treeId;
        this.owners = owners;
        this.maintenance = new IndexMaintenance(indexes.filters());
        this.session = engine.openSession();
    }

    /** Builds to the end; {@link #step} tells the errors. */
    public Outcome run() {
        while (step()) {
            // one batch after the other
        }
        return outcome;
    }

    /**
     * Does one batch.
     *
     * @return whether there is more to do
     * @throws DuplicateKeyException if two documents have one key in a unique index, which is dropped
     * @throws KeyTooLongException if the key of a document is too long; the index is dropped
     * @throws InvalidDocumentException if arrays of a document do not go together in the index, which is dropped
     */
    public boolean step() {
        if (outcome != Outcome.RUNNING) {
            return false;
        }
        try {
            if (cancelled) {
                end(Outcome.CANCELLED);
            } else if (!collect()) {
                end(Outcome.READY);
            } else {
                applyBatch();
            }
        } catch (SnapshotTooOldException e) {
            batchMax = Math.max(1, batchMax / 2); // memory is short: the keys are collected again, fewer of them
        } catch (DuplicateKeyException | KeyTooLongException | InvalidDocumentException | InvalidQueryException e) {
            try {
                end(Outcome.FAILED);
            } catch (RuntimeException failure) {
                e.addSuppressed(failure); // the index stays as it is, and will fail again
            }
            throw e;
        }
        return outcome == Outcome.RUNNING;
    }

    /** Asks the build to end and to drop the index. */
    public void cancel() {
        cancelled = true;
    }

    /** Documents looked at so far. */
    public long documentsScanned() {
        return scanned;
    }

    /** Documents that there are now. */
    public long documentsTotal() {
        return documents.recordCount();
    }

    public Outcome outcome() {
        return outcome;
    }

    // ---- batches

    /** Collects the next keys; false if there are none. */
    private boolean collect() {
        keys.reset();
        batchCount = 0;
        long bytes = 0;
        try (Snapshot snapshot = engine.snapshot("index build");
                TreeCursor cursor = documents.cursor(session, snapshot)) {
            boolean found = started
                    ? cursor.seek(key.wrap(lastKey.memory(), 0, lastKey.length()), SeekMode.AFTER)
                    : cursor.first();
            while (found && batchCount < batchMax && bytes < BATCH_BYTES) {
                bytes += cursor.record().length();
                addKey(cursor.record());
                found = cursor.next();
            }
        }
        return batchCount > 0;
    }

    private void addKey(RecordView found) {
        if (batchCount == keyEnds.length) {
            keyEnds = Arrays.copyOf(keyEnds, 2 * batchCount);
        }
        int limit = KeyTooLongException.KEY_LENGTH_MAX;
        int at = keys.reserve(limit);
        keys.setLength(at + DocumentKeys.encode(found, keys.memory(), at, limit));
        keyEnds[batchCount++] = keys.length();
    }

    private void applyBatch() {
        for (int conflicts = 0;; conflicts++) {
            TransactionMode mode = conflicts < OPTIMISTIC_TRIES
                    ? TransactionMode.OPTIMISTIC
                    : TransactionMode.EXCLUSIVE;
            try (Transaction transaction = engine.begin(session, mode)) {
                if (!findIndex(transaction)) {
                    outcome = Outcome.GONE;
                    return;
                }
                for (int i = 0; i < batchCount; i++) {
                    addDocument(transaction, i);
                }
                transaction.commit();
                break;
            } catch (TransactionConflictException e) {
                // somebody has changed one of them: they are read again
            } catch (TransactionTooLargeException e) {
                if (batchCount == 1) {
                    throw e;
                }
                batchMax = Math.max(1, batchCount / 2);
                batchCount = batchMax;
            }
        }
        int from = batchCount == 1 ? 0 : keyEnds[batchCount - 2];
        lastKey.reset();
        lastKey.append(keys.memory(), from, keyEnds[batchCount - 1] - from);
        started = true;
        scanned += batchCount;
    }

    private void addDocument(Transaction transaction, int index) {
        int from = index == 0 ? 0 : keyEnds[index - 1];
        key.wrap(keys.memory(), from, keyEnds[index] - from);
        if (!transaction.get(documents, key, record)) {
            return;
        }
        long expiry = record.meta().expiryMillis;
        if (expiry != RecordMeta.NO_EXPIRY && expiry <= engine.clockMillis()
                && only.all().getFirst().definition().unique()) {
            return; // gone in truth, so that it must not stand in another's way
        }
        maintenance.begin(only);
        maintenance.newDocument(record.memory(), record.offset(), record.length());
        maintenance.apply(transaction, collection, owners);
    }

    /** Finds the index as the transaction sees it; false if it is there no more. */
    private boolean findIndex(Transaction transaction) {
        CollectionEntry entry = findCollection(transaction);
        Index index = entry == null ? null : indexes.of(entry, transaction).find(treeId);
        if (index == null) {
            return false;
        }
        collection = entry.name();
        if (only == null) {
            only = new IndexSet(List.of(index));
        }
        return true;
    }

    /** The collection, which may have another name by now; {@code null} if it is there no more. */
    private CollectionEntry findCollection(Transaction transaction) {
        CollectionEntry entry = indexes.catalog().get(transaction, collection, scratch);
        if (entry != null && entry.treeId() == documents.treeId()) {
            return entry;
        }
        return indexes.catalog().list(transaction, scratch).stream()
                .filter(other -> other.treeId() == documents.treeId()).findFirst().orElse(null);
    }

    /** Declares the index ready, or drops it. */
    private void end(Outcome wanted) {
        Catalog catalog = indexes.catalog();
        try (Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
            if (!findIndex(transaction)) {
                outcome = Outcome.GONE;
                return;
            }
            if (wanted == Outcome.READY) {
                indexes.makeReady(transaction, collection, treeId, scratch);
            } else {
                indexes.drop(transaction, collection, treeId, scratch);
            }
            catalog.beginChange();
            try {
                transaction.commit();
            } finally {
                catalog.endChange();
            }
            outcome = wanted;
        }
    }

    /** Lets go of session and memory; an index that is not ready stays as it is, to be built on. Idempotent. */
    @Override
    public void close() {
        maintenance.close();
        session.close();
        scratch.close();
        keys.close();
        lastKey.close();
    }
}
