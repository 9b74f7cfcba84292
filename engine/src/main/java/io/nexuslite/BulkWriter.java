package io.nexuslite;

import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.error.TransactionTooLargeException;
import io.nexuslite.error.UpdateFailedException;
import java.util.List;

/**
 * Does many writes, several in one transaction. A write that fails takes its transaction with it: then those before it are done
 * again without it, and those behind it begin anew. So each write is whole or has not happened.
 */
final class BulkWriter<T> {
    /** Most writes that share a transaction, and keep other writers waiting together. */
    private static final int BATCH_MAX = 256;

    private final CollectionAccess access;
    private final DocumentMapper<T> mapper;
    private final CollectionHandle collection;

    BulkWriter(CollectionAccess access, DocumentMapper<T> mapper, CollectionHandle collection) {
        this.access = access;
        this.mapper = mapper;
        this.collection = collection;
    }

    /** A write has failed inside of a transaction that others share. */
    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int index;

        private Failed(int index, RuntimeException cause) {
            super(null, cause, false, false);
            this.index = index;
        }

        private RuntimeException reason() {
            return (RuntimeException) getCause();
        }
    }

    BulkWriteResult run(List<? extends WriteModel<? extends T>> models, BulkWriteOptions options) {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("Expected at least one write.");
        }
        BulkReport report = new BulkReport();
        if (access instanceof TransactionAccess) {
            runInside(models, report);
        } else {
            access.core().transactions().checkMayWrite();
            runBatches(models, options.ordered(), report);
        }
        if (!report.errors().isEmpty()) {
            throw new BulkWriteException(report.result(), report.errors(), models.size());
        }
        return report.result();
    }

    private void runInside(List<? extends WriteModel<? extends T>> models, BulkReport report) {
        for (int i = 0; i < models.size(); i++) {
            try {
                apply(access, models.get(i), i, report);
            } catch (RuntimeException e) {
                report.failed(i, e);
                return;
            }
        }
    }

    private void runBatches(List<? extends WriteModel<? extends T>> models, boolean ordered, BulkReport report) {
        int size = BATCH_MAX;
        int next = 0;
        while (next < models.size()) {
            int end = Math.min(models.size(), next + size);
            try {
                report.add(runBatch(models, next, end));
                next = end;
                size = BATCH_MAX;
                continue;
            } catch (Failed e) {
                if (e.index > next) {
                    size = e.index - next; // those before it, then it by itself
                    continue;
                }
                report.failed(next, e.reason());
            } catch (RuntimeException e) {
                if (end - next > 1 && e instanceof TransactionTooLargeException) {
                    size = (end - next) / 2;
                    continue;
                }
                report.failed(next, e);
            }
            RuntimeException last = report.errors().getLast().cause();
            if (ordered || !isAboutOneWrite(last)) {
                return;
            }
            next++;
            size = BATCH_MAX;
        }
    }

    private BulkReport runBatch(List<? extends WriteModel<? extends T>> models, int from, int to) {
        BulkReport report = new BulkReport();
        access.core().transactions().runSingle((scope, context) -> {
            CollectionAccess inside = new TransactionAccess(access.core(), scope, Thread.currentThread());
            for (int i = from; i < to; i++) {
                try {
                    apply(inside, models.get(i), i, report);
                } catch (RuntimeException e) {
                    throw new Failed(i, e);
                }
            }
            return null;
        });
        return report;
    }

    /** Whether other writes may well succeed where one has failed so. */
    private static boolean isAboutOneWrite(RuntimeException e) {
        return !(e instanceof NexusLiteException) || e instanceof DuplicateKeyException
                || e instanceof InvalidDocumentException || e instanceof InvalidQueryException
                || e instanceof KeyTooLongException || e instanceof UpdateFailedException
                || e instanceof TransactionTooLargeException;
    }

    private void apply(CollectionAccess inside, WriteModel<? extends T> model, int index, BulkReport report) {
        CollectionWriter<T> writer = new CollectionWriter<>(inside, mapper, collection);
        switch (model) {
            case WriteModel.InsertOne<? extends T> insert -> report.inserted(index,
                    writer.insertOne(insert.document(), insert.options()).insertedId());
            case WriteModel.ReplaceOne<? extends T> replace -> {
                ReplaceResult result = writer.replaceOne(replace.filter(), replace.replacement(), replace.options());
                report.changed(index, result.matchedCount(), result.modifiedCount(), result.upsertedIdOrNull());
            }
            case WriteModel.Update<? extends T> update -> {
                UpdateResult result = new CollectionUpdater(inside, mapper.type(), collection).update(update.filter(),
                        update.update(), update.options(), update.many() ? Long.MAX_VALUE : 1);
                report.changed(index, result.matchedCount(), result.modifiedCount(), result.upsertedIdOrNull());
            }
            case WriteModel.Delete<? extends T> delete -> report.deleted(writer.delete(delete.filter(),
                    delete.options(), delete.many() ? Long.MAX_VALUE : 1));
        }
    }
}
