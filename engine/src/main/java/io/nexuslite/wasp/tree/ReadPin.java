package io.nexuslite.wasp.tree;

/** A reader's epoch pin, in the engine's hands. Used by the thread that reads. */
public interface ReadPin {
    void pin();

    /** Ends the pin of {@link #pin}, or the one under which the tree was called; none is left, so that reading a page may block. */
    void unpin();

    /**
     * Called inside a new pin, after a read was interrupted by {@link #unpin}: the horizon to start again with.
     *
     * @param horizon the horizon that the read had; registered horizons stay as they are, others are loaded anew
     */
    long horizonAgain(long horizon);
}
