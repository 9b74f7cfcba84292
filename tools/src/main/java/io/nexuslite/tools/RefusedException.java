package io.nexuslite.tools;

/** What was asked for is well said and cannot be had: nothing with this id, a folder that is not empty, a check that failed. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
