package io.nexuslite.error;

/** The memory budget has no room for the operation, which had no effect. */
public final class MemoryBudgetExceededException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    public MemoryBudgetExceededException(String use, long bytes, long limit) {
        super("Memory budget exceeded: " + bytes + " bytes wanted for " + use + ", limit " + limit
                + " bytes. Raise memoryBytesMax or close cursors and snapshots.", null);
    }
}
