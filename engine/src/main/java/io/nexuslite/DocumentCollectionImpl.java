package io.nexuslite;

import io.nexuslite.bson.BsonView;
import io.nexuslite.error.ReadOnlyException;
import io.nexuslite.store.Key;
import io.nexuslite.transfer.BatchSink;
import io.nexuslite.transfer.DocumentSink;
import io.nexuslite.transfer.ImportOptions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bson.conversions.Bson;

/** A collection: hands each operation to the half that does it. Any thread, unless its access belongs to a transaction. */
final class DocumentCollectionImpl<T> implements DocumentCollection<T> {
    private final CollectionAccess access;
    private final CollectionReader<T> reader;
    private final CollectionWriter<T> writer;
    private final CollectionUpdater updater;

    DocumentCollectionImpl(CollectionAccess access, String name, Class<T> type) {
        this.access = access;
        this.reader = new CollectionReader<>(access, name, type);
        this.writer = new CollectionWriter<>(access, reader.mapper(), reader.handle());
        this.updater = new CollectionUpdater(access, type, reader.handle());
    }

    @Override
    public String name() {
        return reader.name();
    }

    @Override
    public Class<T> documentClass() {
        return reader.documentClass();
    }

    @Override
    public FindQuery<T> find() {
        return reader.find();
    }

    @Override
    public FindQuery<T> find(Bson filter) {
        return reader.find(filter);
    }

    @Override
    public Optional<T> findById(Object id) {
        return reader.findById(id);
    }

    @Override
    public Optional<DocumentMetadata> metadata(Object id) {
        return reader.metadata(id);
    }

    @Override
    public long countDocuments() {
        return reader.countDocuments();
    }

    @Override
    public long countDocuments(Bson filter) {
        return reader.countDocuments(filter);
    }

    @Override
    public long countDocuments(Bson filter, CountOptions options) {
        return reader.countDocuments(filter, options);
    }

    @Override
    public <R> List<R> distinct(String field, Bson filter, Class<R> type) {
        return reader.distinct(field, filter, type);
    }

    @Override
    public long estimatedDocumentCount() {
        access.core().checkOpen();
        if (reader.isTemp()) {
            return access.core().tempDocuments().recordCount();
        }
        OperationContext context = access.core().contexts().acquire();
        try (ReadScope scope = access.point(context)) {
            io.nexuslite.catalog.CollectionEntry entry = scope.entry(reader.handle());
            return entry == null ? 0 : entry.tree().recordCount();
        } finally {
            access.core().contexts().release(context);
        }
    }

    @Override
    public InsertOneResult insertOne(T document) {
        return insertOne(document, InsertOptions.defaults());
    }

    @Override
    public InsertOneResult insertOne(T document, InsertOptions options) {
        return writable().insertOne(document, options);
    }

    @Override
    public InsertManyResult insertMany(List<? extends T> documents) {
        return insertMany(documents, InsertOptions.defaults());
    }

    @Override
    public InsertManyResult insertMany(List<? extends T> documents, InsertOptions options) {
        return writable().insertMany(documents, options);
    }

    @Override
    public ReplaceResult replaceOne(Bson filter, T replacement) {
        return replaceOne(filter, replacement, ReplaceOptions.defaults());
    }

    @Override
    public ReplaceResult replaceOne(Bson filter, T replacement, ReplaceOptions options) {
        return writable().replaceOne(filter, replacement, options);
    }

    @Override
    public UpdateResult updateOne(Bson filter, Bson update) {
        return updateOne(filter, update, UpdateOptions.defaults());
    }

    @Override
    public UpdateResult updateOne(Bson filter, Bson update, UpdateOptions options) {
        refuseTemp();
        return updater.update(filter, update, options, 1);
    }

    @Override
    public UpdateResult updateMany(Bson filter, Bson update) {
        return updateMany(filter, update, UpdateOptions.defaults());
    }

    @Override
    public UpdateResult updateMany(Bson filter, Bson update, UpdateOptions options) {
        refuseTemp();
        return updater.update(filter, update, options, Long.MAX_VALUE);
    }

    @Override
    public DeleteResult deleteOne(Bson filter) {
        return deleteOne(filter, DeleteOptions.defaults());
    }

    @Override
    public DeleteResult deleteOne(Bson filter, DeleteOptions options) {
        return new DeleteResult(writable().delete(filter, options, 1));
    }

    @Override
    public DeleteResult deleteMany(Bson filter) {
        return deleteMany(filter, DeleteOptions.defaults());
    }

    @Override
    public DeleteResult deleteMany(Bson filter, DeleteOptions options) {
        return new DeleteResult(writable().delete(filter, options, Long.MAX_VALUE));
    }

    @Override
    public T findOneAndUpdate(Bson filter, Bson update) {
        return findOneAndUpdate(filter, update, FindOneAndUpdateOptions.defaults());
    }

    @Override
    public T findOneAndUpdate(Bson filter, Bson update, FindOneAndUpdateOptions options) {
        refuseTemp();
        return decode(updater.findOneAndUpdate(filter, update, options.settings()));
    }

    @Override
    public T findOneAndReplace(Bson filter, T replacement) {
        return findOneAndReplace(filter, replacement, FindOneAndReplaceOptions.defaults());
    }

    @Override
    public T findOneAndReplace(Bson filter, T replacement, FindOneAndReplaceOptions options) {
        return decode(writable().findOneAndReplace(filter, replacement, options.settings()));
    }

    @Override
    public T findOneAndDelete(Bson filter) {
        return findOneAndDelete(filter, FindOneAndDeleteOptions.defaults());
    }

    @Override
    public T findOneAndDelete(Bson filter, FindOneAndDeleteOptions options) {
        return decode(writable().findOneAndDelete(filter, options.settings()));
    }

    private T decode(BsonView found) {
        return found == null ? null : reader.mapper().decode(found);
    }

    @Override
    public BulkWriteResult bulkWrite(List<? extends WriteModel<? extends T>> requests) {
        return bulkWrite(requests, BulkWriteOptions.defaults());
    }

    @Override
    public BulkWriteResult bulkWrite(List<? extends WriteModel<? extends T>> requests, BulkWriteOptions options) {
        refuseTemp();
        return new BulkWriter<T>(access, reader.mapper(), reader.handle()).run(List.copyOf(requests), options);
    }

    @Override
    public boolean deleteById(Object id) {
        return writable().deleteById((context) -> CollectionReader.key(id, access.core(), context));
    }

    @Override
    public boolean get(Session session, DocumentId id, DocumentView into) {
        refuseTemp();
        return sessions(session).get(access, reader.handle(), id.key(), into);
    }

    @Override
    public void put(Session session, BsonView document) {
        refuseTemp();
        sessions(session).put(access, reader.handle(), document);
    }

    @Override
    public boolean delete(Session session, DocumentId id) {
        refuseTemp();
        Key key = id.key();
        return sessions(session).delete(access, reader.handle(), key);
    }

    @Override
    public DocumentSink sink(ImportOptions options) {
        refuseTemp();
        Objects.requireNonNull(options, "options");
        if (access instanceof TransactionAccess) {
            throw new IllegalStateException("A sink has transactions of its own: open it outside of this one.");
        }
        int batchBytes = Math.min(options.batchBytes(), CollectionTarget.BATCH_FULL_BYTES);
        return new BatchSink(new CollectionTarget(access.core(), reader.handle()),
                options.withBatch(options.batchSize(), batchBytes));
    }

    private CollectionWriter<T> writable() {
        refuseTemp();
        return writer;
    }

    private void refuseTemp() {
        if (reader.isTemp()) {
            throw new ReadOnlyException(reader.name() + " shows documents of other collections: find reads it, nothing"
                    + " else does");
        }
    }

    private SessionImpl sessions(Session session) {
        if (session instanceof SessionImpl ours && ours.belongsTo(access.core())) {
            return ours;
        }
        throw new IllegalArgumentException("The session belongs to another database.");
    }
}
