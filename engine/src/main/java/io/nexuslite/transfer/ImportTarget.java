package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;

/**
 * A collection as an import needs it: batches of documents, each stored at once or not at all. Used by one thread at a time, in the
 * order {@code begin}, {@code put} as often as needed, {@code commit} or {@code rollback}, and again.
 */
public interface ImportTarget extends AutoCloseable {
    /** The expiry that the collection's options give, or that the document which is replaced has. */
    long NO_EXPIRY = Long.MIN_VALUE;

    /** Begins a batch. */
    void begin();

    /**
     * Puts a document, borrowed for the call, into the batch. An id is there already also if an earlier document of the batch has
     * it.
     *
     * @param mode {@code INSERT} and {@code FAIL} are the same here
     * @param expiryMillis when it expires, milliseconds since 1970 UTC and above 0, or {@link #NO_EXPIRY}
     * @throws io.nexuslite.error.DuplicateKeyException if the mode does not allow for an id or unique key that is there; the batch
     *     goes on without the document
     * @throws io.nexuslite.error.InvalidDocumentException if it cannot be stored; the batch goes on without it
     * @throws io.nexuslite.error.KeyTooLongException if one of its keys cannot be stored; the batch goes on without it
     */
    DocumentSink.Outcome put(BsonView document, ImportMode mode, long expiryMillis);

    /** Stores the batch. If that fails, nothing of the batch stays, and no {@code rollback} follows. */
    void commit();

    /** Drops the batch. */
    void rollback();

    /** Lets go of what the target holds; idempotent. No batch is open. */
    @Override
    void close();
}
