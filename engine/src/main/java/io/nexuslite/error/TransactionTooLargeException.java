package io.nexuslite.error;

/** The log frames of one transaction would exceed the limit. Nothing was applied; split it. */
public final class TransactionTooLargeException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final long bytes;
    private final long bytesMax;

    public TransactionTooLargeException(long bytes, long bytesMax) {
        super("Transaction too large: at most " + bytesMax + " bytes of log, found " + bytes
                + ". Split it, or raise logBytesMax.", null);
        this.bytes = bytes;
        this.bytesMax = bytesMax;
    }

    public long bytes() {
        return bytes;
    }

    public long bytesMax() {
        return bytesMax;
    }
}
