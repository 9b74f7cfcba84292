package io.nexuslite.memory;

/** Takes back objects that no reader can reach any more. */
@FunctionalInterface
public interface Reclaimer {
    /**
     * The object may be used again. Called by whichever thread runs {@link Epochs#reclaim}, for one object at a time, with no
     * lock of the epochs held. May retire other objects; must not wait.
     *
     * @param handle what was given to {@link Epochs#retire}
     */
    void reclaim(long handle);
}
