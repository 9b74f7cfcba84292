package io.nexuslite.memory;

/** Where {@link Epochs} learns the read horizon, and whom it tells of a new epoch. */
public interface HorizonSource {
    /** The read horizon R at this moment, loaded with acquire; it never goes back. */
    long readHorizonAcquire();

    /**
     * The epoch has moved from {@code epoch} to {@code epoch + 1}: no reader is pinned in an epoch before {@code epoch}, so all
     * readers hold a horizon of at least {@code horizonAtEpoch}. Called by one thread at a time, in the order of epochs, after a
     * full fence: the place to scan registered snapshots and to raise the trim floor. Must not wait.
     */
    default void epochAdvanced(long epoch, long horizonAtEpoch) {
    }
}
