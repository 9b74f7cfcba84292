package io.nexuslite.store;

/** Walks records in key order, forwards and backwards. One thread at a time. */
public interface TreeCursor extends AutoCloseable {
    /** Goes to the record that {@code mode} names; false if there is none, and the cursor stands nowhere. */
    boolean seek(Key key, SeekMode mode);

    /** Goes to the first record; false if there is none. */
    boolean first();

    /** Goes to the last record; false if there is none. */
    boolean last();

    /** Goes one record on; from nowhere to the first. False at the end, and the cursor stands nowhere. */
    boolean next();

    /** Goes one record back; from nowhere to the last. False at the beginning, and the cursor stands nowhere. */
    boolean previous();

    /** The record the cursor stands on. Valid until the cursor's next step. */
    RecordView record();

    @Override
    void close();
}
