package io.nexuslite.wasp.tree;

/** What the engine does when no page frame is free and none is clean. */
public interface FramePressure {
    /**
     * Makes a checkpoint happen, or waits for the one that runs, and returns when trying again is worth it. Called with no latch held and,
     * as far as this package knows, no pin.
     *
     * @param thrashes pages come and go, but so few that what one operation needs is never there all at once
     * @throws io.nexuslite.error.MemoryBudgetExceededException if waiting will not help
     */
    void waitForClean(boolean thrashes);
}
