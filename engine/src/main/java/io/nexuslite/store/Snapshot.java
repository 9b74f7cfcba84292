package io.nexuslite.store;

/** A registered commit number: what was visible at it stays readable until the snapshot is closed. Any thread. */
public interface Snapshot extends AutoCloseable {
    /** Newest commit that the snapshot shows. */
    long csn();

    /** Who took it, for reports. */
    String owner();

    /** When it was taken, milliseconds since 1970 UTC; expiry is judged at this instant. */
    long startMillis();

    /** Ends it. Idempotent. */
    @Override
    void close();
}
