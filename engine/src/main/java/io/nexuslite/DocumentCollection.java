package io.nexuslite;

import io.nexuslite.bson.BsonView;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.ReadOnlyException;
import io.nexuslite.error.UpdateFailedException;
import io.nexuslite.transfer.DocumentSink;
import io.nexuslite.transfer.ImportOptions;
import java.util.List;
import org.bson.conversions.Bson;

/**
 * Documents of one collection, to read and write. Any thread, unless it belongs to a transaction.
 *
 * <p>Each method that writes is one transaction (inside a transaction, part of it), as durable when it returns as the
 * database's {@link Durability} says. All of them throw {@link ReadOnlyException} where nothing may be written, and
 * {@link InvalidDocumentException} for a document that is larger than 16 MiB, deeper than 100 levels, or has an {@code _id}
 * that is an array, a regular expression or undefined.
 *
 * @param <T> what documents are encoded from and decoded to
 */
public interface DocumentCollection<T> extends ReadableCollection<T> {
    /** As {@link #insertOne(Object, InsertOptions)} with the defaults. */
    InsertOneResult insertOne(T document);

    /**
     * Inserts a document. If it has no {@code _id}, one is generated, and set in the document where its codec can.
     *
     * @throws DuplicateKeyException if there is a document with this {@code _id}
     */
    InsertOneResult insertOne(T document, InsertOptions options);

    /** As {@link #insertMany(List, InsertOptions)} with the defaults. */
    InsertManyResult insertMany(List<? extends T> documents);

    /**
     * Inserts all documents or none.
     *
     * @throws DuplicateKeyException if there is a document with one of the {@code _id}s, or two have the same
     * @throws IllegalArgumentException if the list is empty
     */
    InsertManyResult insertMany(List<? extends T> documents, InsertOptions options);

    /** As {@link #replaceOne(Bson, Object, ReplaceOptions)} with the defaults. */
    ReplaceResult replaceOne(Bson filter, T replacement);

    /**
     * Puts a document in the place of the first that matches, which keeps its {@code _id}.
     *
     * @throws InvalidDocumentException if the replacement has another {@code _id}
     * @throws DuplicateKeyException if an upsert inserts an {@code _id} that is there but does not match
     */
    ReplaceResult replaceOne(Bson filter, T replacement, ReplaceOptions options);

    /** As {@link #updateOne(Bson, Bson, UpdateOptions)} with the defaults. */
    UpdateResult updateOne(Bson filter, Bson update);

    /**
     * Changes the first document that matches by operators such as {@code $set} and {@code $inc}.
     *
     * @throws InvalidQueryException if filter or update cannot be understood
     * @throws UpdateFailedException if an operator meets a value that it cannot change, two operators meet at one place, or a
     *     path holds {@code $} and the filter has met no element of an array
     * @throws InvalidDocumentException if the update would change the {@code _id}
     * @throws DuplicateKeyException if an upsert inserts an {@code _id} that is there but does not match
     */
    UpdateResult updateOne(Bson filter, Bson update, UpdateOptions options);

    /** As {@link #updateMany(Bson, Bson, UpdateOptions)} with the defaults. */
    UpdateResult updateMany(Bson filter, Bson update);

    /** Changes all documents that match, or none if it fails. Errors as {@link #updateOne(Bson, Bson, UpdateOptions)}. */
    UpdateResult updateMany(Bson filter, Bson update, UpdateOptions options);

    /** As {@link #deleteOne(Bson, DeleteOptions)} with the defaults. */
    DeleteResult deleteOne(Bson filter);

    /** Deletes the first document that matches. */
    DeleteResult deleteOne(Bson filter, DeleteOptions options);

    /** As {@link #deleteMany(Bson, DeleteOptions)} with the defaults. */
    DeleteResult deleteMany(Bson filter);

    /** Deletes all documents that match, or none if it fails. */
    DeleteResult deleteMany(Bson filter, DeleteOptions options);

    /** As {@link #findOneAndUpdate(Bson, Bson, FindOneAndUpdateOptions)} with the defaults. */
    T findOneAndUpdate(Bson filter, Bson update);

    /**
     * Changes the first document that matches, and gives it as it was before or is afterwards. Errors as
     * {@link #updateOne(Bson, Bson, UpdateOptions)}.
     *
     * @return {@code null} if none matched, save that an upsert gives what it has inserted if asked for the state afterwards
     */
    T findOneAndUpdate(Bson filter, Bson update, FindOneAndUpdateOptions options);

    /** As {@link #findOneAndReplace(Bson, Object, FindOneAndReplaceOptions)} with the defaults. */
    T findOneAndReplace(Bson filter, T replacement);

    /**
     * Replaces the first document that matches, and gives it as it was before or is afterwards. Errors as
     * {@link #replaceOne(Bson, Object, ReplaceOptions)}.
     *
     * @return {@code null} if none matched, save that an upsert gives what it has inserted if asked for the state afterwards
     */
    T findOneAndReplace(Bson filter, T replacement, FindOneAndReplaceOptions options);

    /** As {@link #findOneAndDelete(Bson, FindOneAndDeleteOptions)} with the defaults. */
    T findOneAndDelete(Bson filter);

    /** Deletes the first document that matches, and gives it; {@code null} if none matched. */
    T findOneAndDelete(Bson filter, FindOneAndDeleteOptions options);

    /** As {@link #bulkWrite(List, BulkWriteOptions)} with the defaults: in order, up to the first error. */
    BulkWriteResult bulkWrite(List<? extends WriteModel<? extends T>> requests);

    /**
     * Does many writes. Each is done whole or not at all, but not all of them together; several may share a transaction, and so a
     * flush. Inside of a transaction they are part of it, and the first error ends them whatever the options say.
     *
     * @return what was done, if nothing failed
     * @throws BulkWriteException if writes failed; it tells which, why, and what was done
     * @throws IllegalArgumentException if the list is empty
     */
    BulkWriteResult bulkWrite(List<? extends WriteModel<? extends T>> requests, BulkWriteOptions options);

    /** Deletes the document with this {@code _id}; false if there is none. */
    boolean deleteById(Object id);

    /** Count of the documents without looking at them; expired ones that have not been removed count. */
    long estimatedDocumentCount();

    /**
     * Finds the document with this {@code _id}, without garbage.
     *
     * @param into valid until the session's next call
     * @return false if there is none
     */
    boolean get(Session session, DocumentId id, DocumentView into);

    /**
     * Stores a document, in place of the one with its {@code _id} if there is one, without garbage. The replaced document's
     * tags, expiry and instant of creation stay.
     *
     * @param document copied; if it has no {@code _id}, one is generated
     */
    void put(Session session, BsonView document);

    /** Deletes the document with this {@code _id}, without garbage; false if there is none. */
    boolean delete(Session session, DocumentId id);

    /**
     * Opens the collection for an import, as in
     * {@code Transfer.importInto(Formats.open(file, null, options), collection.sink(options), options, ProgressListener.NONE)}.
     *
     * <p>Documents are stored as they come, undecoded, their {@code _id} first and generated if there is none, and expire as the
     * collection's options say; where one replaces another, that one's tags, expiry and instant of creation stay. Each batch is a
     * transaction of its own, as durable as the database's {@link Durability} says when it is full or the sink is committed; it
     * keeps no other writer waiting while its documents arrive. If others meanwhile change what it looked at, it is put once more.
     * No garbage for each document.
     *
     * @param options whose mode and batch limits are taken; a batch is full with 128 MiB at the latest
     * @return a sink for one thread at a time; the caller closes it, which drops the batch that is open. Its batches throw
     *     {@link io.nexuslite.error.TransactionConflictException} if another has meanwhile inserted an {@code _id} of a batch
     *     that was not to replace any, and {@link io.nexuslite.error.TransactionTooLargeException} if one exceeds the log's
     *     limit; nothing of such a batch stays
     * @throws IllegalStateException inside a transaction, whose writes are no batches
     */
    DocumentSink sink(ImportOptions options);
}
