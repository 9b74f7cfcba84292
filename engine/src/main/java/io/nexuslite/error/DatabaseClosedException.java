package io.nexuslite.error;

/** The database, collection, cursor, session or snapshot is closed. */
public final class DatabaseClosedException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    public DatabaseClosedException(String what) {
        super("Already closed: " + what + ".", null);
    }
}
