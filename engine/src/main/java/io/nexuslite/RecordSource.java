package io.nexuslite;

import io.nexuslite.store.RecordView;

/** Records of documents, one after the other, that a query looks at. One thread at a time. */
interface RecordSource extends AutoCloseable {
    /** A source of nothing. */
    RecordSource EMPTY = new RecordSource() {
        @Override
        public boolean next() {
            return false;
        }

        @Override
        public RecordView record() {
            throw new IllegalStateException("There is no record.");
        }

        @Override
        public void close() {
            // Owns nothing.
        }
    };

    /** Goes one record on; false at the end. */
    boolean next();

    /** The current record. Valid until the next step. */
    RecordView record();

    @Override
    void close();
}
