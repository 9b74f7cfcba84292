package io.nexuslite.error;

/** The snapshot was ended by a limit, so what it would show may be gone. Take a new one. */
public final class SnapshotTooOldException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    public SnapshotTooOldException(String owner, long csn) {
        super("Snapshot too old: ended by the limit on old versions [owner=" + owner + ", commit=" + csn
                + "]. Take a new one.", null);
    }
}
