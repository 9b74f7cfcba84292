package io.nexuslite.error;

/** Another process, or this one, has the file open for writing. */
public final class DatabaseLockedException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long ownerProcess;
    private final String ownerHost;
    private final long ownerStartMillis;

    /**
     * @param ownerProcess process id of the owner, or -1 where the owner sector does not tell
     * @param ownerHost host of the owner, or an empty string
     * @param ownerStartMillis when the owner opened the file, milliseconds since 1970 UTC, or -1
     */
    public DatabaseLockedException(String file, long ownerProcess, String ownerHost, long ownerStartMillis) {
        super("Database is in use: held by " + (ownerProcess < 0
                ? "an unknown process"
                : "process " + ownerProcess + " on " + ownerHost + " since "
                        + java.time.Instant.ofEpochMilli(ownerStartMillis))
                + " [file=" + file + "]. Close it there first.", null);
        this.file = file;
        this.ownerProcess = ownerProcess;
        this.ownerHost = ownerHost;
        this.ownerStartMillis = ownerStartMillis;
    }

    public String file() {
        return file;
    }

    public long ownerProcess() {
        return ownerProcess;
    }

    public String ownerHost() {
        return ownerHost;
    }

    public long ownerStartMillis() {
        return ownerStartMillis;
    }
}
