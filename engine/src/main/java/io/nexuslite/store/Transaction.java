package io.nexuslite.store;

import java.lang.foreign.MemorySegment;

/**
 * Reads and writes that happen together or not at all. One thread at a time, and one open transaction a session.
 * Writes are seen by the transaction's own reads at once and by others after {@link #commit}.
 */
public interface Transaction extends AutoCloseable {
    /** Finds a record; {@code into} is valid until the transaction's next call. */
    boolean get(Tree tree, Key key, RecordView into);

    /**
     * Stores a document, in place of an older one with the key.
     *
     * @param key key string of the body's {@code _id}
     * @param memory native memory with a validated BSON document whose first field is {@code _id}; copied
     */
    void putDocument(Tree tree, Key key, MemorySegment memory, long offset, int length, RecordMeta meta);

    /** Stores a value in a keyed tree, in place of an older one with the key. Key and value are copied. */
    void put(Tree tree, Key key, MemorySegment memory, long offset, int length);

    /** Deletes a key; false if it was not there. */
    boolean delete(Tree tree, Key key);

    /** A cursor over what the transaction sees, its own writes up to this call included. */
    TreeCursor cursor(Tree tree);

    /**
     * Makes the writes visible and as durable as the database's durability says.
     *
     * @return the commit number; that of the snapshot if nothing was written
     * @throws io.nexuslite.error.TransactionConflictException if what was read has changed; nothing is applied
     * @throws io.nexuslite.error.TransactionTooLargeException if the writes exceed the log's limit; nothing is applied
     * @throws io.nexuslite.error.StorageFullException if there is no room; nothing is applied
     * @throws io.nexuslite.error.PoisonedException if the database refuses writes; if the failure happened while this commit
     *     waited, its outcome is unknown until the database is opened again
     */
    long commit();

    /** Aborts if not committed. Idempotent. */
    @Override
    void close();
}
