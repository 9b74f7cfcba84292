package io.nexuslite.store;

/**
 * A caller's reusable handle: its epoch slot and buffers. Used by one thread at a time; a virtual thread may move between
 * carriers. Reads through a session allocate nothing.
 */
public interface Session extends AutoCloseable {
    /** Ends the last view and gives the buffers back. Idempotent. Waits until what the session has read is durable. */
    @Override
    void close();
}
