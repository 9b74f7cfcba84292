package io.nexuslite.store;

/** An ordered map from key-string bytes to records. Any thread, each with its own session. */
public interface Tree {
    int treeId();

    TreeKind kind();

    /**
     * Finds the newest committed record of a key.
     *
     * @return whether there is one; {@code into} is valid until the session's next call
     */
    boolean get(Session session, Key key, RecordView into);

    /** Finds the record of a key as of a snapshot. */
    boolean get(Session session, Snapshot at, Key key, RecordView into);

    /** A cursor before the first record, as of a snapshot, which must stay open as long as the cursor. */
    TreeCursor cursor(Session session, Snapshot at);

    /** Live keys as of the last applied commit. */
    long recordCount();
}
