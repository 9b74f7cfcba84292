package io.nexuslite.error;

/**
 * Root of all exceptions that NexusLite throws on its own behalf.
 *
 * <p>The message follows one grammar: <em>what happened: expected, found [facts]. What you can do.</em>
 */
public abstract class NexusLiteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** For a subclass: the whole message, and the cause or {@code null}. */
    protected NexusLiteException(String message, Throwable cause) {
        super(message, cause);
    }
}
