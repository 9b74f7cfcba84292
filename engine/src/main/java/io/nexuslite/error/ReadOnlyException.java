package io.nexuslite.error;

/** The database, or the collection, is open for reading only. */
public final class ReadOnlyException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    public ReadOnlyException(String what) {
        super("Read only: " + what + ".", null);
    }
}
