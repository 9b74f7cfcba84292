package io.nexuslite.store;

import io.nexuslite.error.DatabaseClosedException;

/** Snapshot of the model: a commit number. */
final class ModelSnapshot implements Snapshot {
    private final ModelEngine engine;
    private final String owner;
    private final long csn;
    private final long startMillis;
    private boolean closed;

    ModelSnapshot(ModelEngine engine, String owner, long csn, long startMillis) {
        this.engine = engine;
        this.owner = owner;
        this.csn = csn;
        this.startMillis = startMillis;
    }

    void checkOpen() {
        if (closed) {
            throw new DatabaseClosedException("snapshot " + owner);
        }
    }

    @Override
    public long csn() {
        return csn;
    }

    @Override
    public String owner() {
        return owner;
    }

    @Override
    public long startMillis() {
        return startMillis;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            engine.snapshotClosed();
        }
    }
}
