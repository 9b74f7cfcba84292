package io.nexuslite.store;

/** How a transaction is kept apart from others. Both are serializable. */
public enum TransactionMode {
    /**
     * Reads one snapshot and its own writes; what it read is validated at the commit, which throws
     * {@link io.nexuslite.error.TransactionConflictException} if another has changed it.
     */
    OPTIMISTIC,
    /** Keeps other writers out from its beginning to its end; reads the newest state; never conflicts. Keep it short. */
    EXCLUSIVE
}
