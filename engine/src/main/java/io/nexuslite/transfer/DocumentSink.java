package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;

/** Where documents go. One thread at a time; the caller closes. */
public interface DocumentSink extends AutoCloseable {
    /** What became of a document. */
    enum Outcome {
        /** It is new. */
        INSERTED,
        /** It took the place of the one with its id. */
        REPLACED,
        /** There is one with its id, which stays. */
        SKIPPED
    }

    /**
     * Takes a document, which is borrowed for the call.
     *
     * @throws io.nexuslite.error.DuplicateKeyException if there is one with its id and that is no reason to skip or replace
     * @throws io.nexuslite.error.InvalidDocumentException if it cannot be stored
     * @throws io.nexuslite.error.KeyTooLongException if one of its keys cannot be stored
     * @throws io.nexuslite.error.NexusLiteException any other means that the sink is at its end; after those above it goes on
     */
    Outcome accept(BsonView document);

    /**
     * As {@link #accept(BsonView)}, of a document that expires.
     *
     * @param expiryMillis milliseconds since 1970 UTC and above 0, or {@link ImportTarget#NO_EXPIRY}; where documents have none, as in
     *     a file, it is lost
     */
    default Outcome accept(BsonView document, long expiryMillis) {
        return accept(document);
    }

    /** How often documents were made to stay so far: another number says that all that was accepted before will. */
    default long commits() {
        return 0;
    }

    /** Makes all that was accepted stay. Once; afterwards only {@link #close}. */
    void commit();

    /** Bytes written so far, where the sink is a file or stream; else 0. */
    default long bytes() {
        return 0;
    }

    /** Lets go of everything, and discards what was accepted if it was not committed; idempotent. */
    @Override
    void close();
}
