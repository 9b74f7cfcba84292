package io.nexuslite.store;

/**
 * Keeps trees of records: atomic, isolated and, as far as its durability says, durable.
 *
 * <p>Any thread may call any method; a session and what is made from it belong to one thread at a time.
 */
public interface StorageEngine extends AutoCloseable {
    /** The keyed tree that holds the catalog; always there. */
    int CATALOG_TREE_ID = 1;
    /** The keyed tree of (expiry, tree id, key) of all ephemeral documents; always there. */
    int TEMP_DOCUMENTS_TREE_ID = 4;

    Session openSession();

    /** Begins a transaction; the session must have none open. */
    Transaction begin(Session session, TransactionMode mode);

    /** Registers what is visible now. */
    Snapshot snapshot(String owner);

    /**
     * The tree of an id.
     *
     * @throws IllegalArgumentException if there is none
     */
    Tree tree(int treeId);

    /** Creates an empty tree as part of a transaction, which sees it at once; returns its id, never given before. */
    int createTree(Transaction transaction, TreeKind kind);

    /** Drops a tree with all its records as part of a transaction. Snapshots that see it may go on reading it. */
    void dropTree(Transaction transaction, int treeId);

    /** Wall clock in milliseconds since 1970 UTC that never goes back, not even over a restart. */
    long clockMillis();

    /**
     * Writes all that is committed into the database file.
     *
     * @return the commit up to which the file now holds everything
     */
    long checkpoint();

    EngineStatistics statistics();

    /** True if writes are refused: opened read-only, or poisoned. */
    boolean isReadOnly();

    /** Checkpoints, leaves exactly one file, and lets go of it. Idempotent. */
    @Override
    void close();
}
