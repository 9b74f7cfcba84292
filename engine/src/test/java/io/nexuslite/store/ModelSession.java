package io.nexuslite.store;

import io.nexuslite.error.DatabaseClosedException;

/** Session of the model: the memory of its last view, and its open transaction. */
final class ModelSession implements Session {
    private final ModelEngine engine;
    final ModelViewMemory view = new ModelViewMemory();
    ModelTransaction transaction;
    private boolean closed;

    ModelSession(ModelEngine engine) {
        this.engine = engine;
    }

    /** Every call on the session ends its last view. */
    void startCall() {
        if (closed) {
            throw new DatabaseClosedException("session");
        }
        view.invalidate();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (transaction != null) {
            transaction.close();
        }
        closed = true;
        view.invalidate();
        engine.sessionClosed();
    }
}
