package io.nexuslite;

/**
 * A caller's reusable handle for work without garbage: buffers and a place among the readers. Used by one thread at a time.
 */
public interface Session extends AutoCloseable {
    /** Ends the last view and gives the buffers back. Idempotent. */
    @Override
    void close();
}
