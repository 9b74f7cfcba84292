package io.nexuslite.tools;

/** An argument that picocli let pass cannot be understood. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
