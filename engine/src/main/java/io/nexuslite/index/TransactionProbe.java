package io.nexuslite.index;

import io.nexuslite.store.Transaction;

/**
 * Tells about indexes as a transaction sees them. It counts nothing, since what a transaction reads must not change before it
 * commits, and a count would read much that the query does not. One thread at a time; owns a little memory.
 */
public final class TransactionProbe implements IndexProbe, AutoCloseable {
    private final IndexMarks marks = new IndexMarks();
    private Transaction transaction;

    /** A probe of nothing; {@link #of} comes first. */
    public TransactionProbe() {
    }

    /** Looks through a transaction, borrowed until the next call. Its view ends with each question. */
    public TransactionProbe of(Transaction through) {
        transaction = through;
        return this;
    }

    @Override
    public long multikeyPaths(Index index) {
        return marks.multikeyPaths(transaction, index.tree());
    }

    @Override
    public long entryCount(Index index) {
        return index.tree().recordCount();
    }

    @Override
    public long countUpTo(Index index, KeyRanges ranges, long limit) {
        return UNKNOWN;
    }

    @Override
    public void close() {
        marks.close();
    }
}
