package io.nexuslite;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a running query holds, and gives back once: at its end, when it is closed, when its transaction ends, or when nobody can
 * reach it any more.
 */
final class QueryResources implements AutoCloseable, Runnable {
    private final CollectionAccess access;
    private final OperationContext context;
    private final ReadScope scope;
    private final AtomicBoolean closed = new AtomicBoolean();
    private MatchScan scan;

    QueryResources(CollectionAccess access, OperationContext context, ReadScope scope) {
        this.access = access;
        this.context = context;
        this.scope = scope;
        access.opened(this);
    }

    void hold(MatchScan newScan) {
        scan = newScan;
    }

    boolean isClosed() {
        return closed.get();
    }

    @Override
    public void run() {
        close();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            access.closed(this);
            if (scan != null) {
                scan.close();
            }
        } finally {
            try {
                scope.close();
            } finally {
                access.core().contexts().release(context);
            }
        }
    }
}
