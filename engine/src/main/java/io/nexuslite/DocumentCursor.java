package io.nexuslite;

import io.nexuslite.error.DatabaseClosedException;
import java.util.Iterator;

/**
 * The documents of one run of a query, read one by one from its snapshot. One thread at a time.
 *
 * @param <T> what documents are decoded to
 */
public interface DocumentCursor<T> extends Iterator<T>, AutoCloseable {
    /**
     * Goes one document on and shows it undecoded, without garbage.
     *
     * @param into valid until the cursor's next call
     * @return false at the end
     * @throws DatabaseClosedException if the cursor was closed
     */
    boolean advance(DocumentView into);

    /** Ends the run and gives its memory back. Idempotent. */
    @Override
    void close();
}
