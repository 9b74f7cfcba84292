package io.nexuslite.check;

/**
 * Counts what is read from both files and ends the check beyond a limit that sound files cannot reach: pages that are named again and
 * again cannot keep it busy for ever. One thread.
 */
final class ReadBudget {
    private static final long PROGRESS_BYTES = 1 << 20;

    private final CheckProgress progress;
    private long bytesMax = Long.MAX_VALUE;
    private long bytesExpected;
    private long bytesRead;
    private long nextProgress;
    private String phase = "";

    /** The check is over, since it would read more than sound files need. */
    static final class SpentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SpentException(long bytesMax) {
            super("expected at most " + bytesMax + " bytes to read, found more", null, false, false);
        }
    }

    ReadBudget(CheckProgress progress) {
        this.progress = progress;
    }

    void limit(long bytes, long expected) {
        bytesMax = bytes;
        bytesExpected = expected;
    }

    void phase(String name) {
        phase = name;
        progress.read(phase, bytesRead, bytesExpected);
    }

    /** Asks for {@code bytes} before they are read. */
    void spend(long bytes) {
        if (bytesRead + bytes > bytesMax) {
            throw new SpentException(bytesMax);
        }
        bytesRead += bytes;
        if (bytesRead >= nextProgress) {
            nextProgress = bytesRead + PROGRESS_BYTES;
            progress.read(phase, bytesRead, bytesExpected);
        }
    }

    long bytesRead() {
        return bytesRead;
    }
}
