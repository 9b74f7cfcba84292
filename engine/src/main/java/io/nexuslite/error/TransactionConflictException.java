package io.nexuslite.error;

/** What the transaction read was changed by another before it could commit. It had no effect; run it again. */
public final class TransactionConflictException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    public TransactionConflictException(String what) {
        super("Transaction conflict: " + what + ". It had no effect; run it again.", null);
    }
}
