package io.nexuslite.error;

/** The deadline passed, or the operation was cancelled. What the operation had not committed has no effect. */
public final class DeadlineExceededException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    public DeadlineExceededException(String what) {
        super("Deadline exceeded: " + what + ".", null);
    }
}
