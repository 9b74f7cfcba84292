package io.nexuslite;

import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.store.StorageEngine;
import java.util.ArrayList;
import java.util.List;

/** Contexts that wait for the next operation. Any thread. One that is out when the pool closes is closed when it comes back. */
final class ContextPool implements AutoCloseable {
    private static final int IDLE_MAX = 32;

    private final StorageEngine engine;
    private final OperationContext[] idle = new OperationContext[IDLE_MAX];
    private final int sortBytesMax;
    private int idleCount;
    private boolean closed;

    ContextPool(StorageEngine engine, int sortBytesMax) {
        this.engine = engine;
        this.sortBytesMax = sortBytesMax;
    }

    /** A context for one operation; the caller releases it. */
    OperationContext acquire() {
        synchronized (this) {
            if (closed) {
                throw new DatabaseClosedException("database");
            }
            if (idleCount > 0) {
                return idle[--idleCount];
            }
        }
        return new OperationContext(engine, sortBytesMax);
    }

    void release(OperationContext context) {
        context.reset();
        synchronized (this) {
            if (!closed && idleCount < IDLE_MAX) {
                idle[idleCount++] = context;
                return;
            }
        }
        context.close();
    }

    @Override
    public void close() {
        List<OperationContext> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            while (idleCount > 0) {
                left.add(idle[--idleCount]);
            }
        }
        left.forEach(OperationContext::close);
    }
}
