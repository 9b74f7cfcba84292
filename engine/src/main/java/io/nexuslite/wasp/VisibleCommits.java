package io.nexuslite.wasp;

import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.wasp.log.WaspLog;

/** The newest commit that is applied, and the newest that readers may see: the log's, once there is one. Any thread. */
final class VisibleCommits {
    private volatile long applied;
    private volatile WaspLog log;
    private volatile boolean closed;

    /** Everything up to {@code csn} is on disk and visible. */
    VisibleCommits(long csn) {
        applied = csn;
    }

    /** Recovery has applied the next commit. */
    void replayed(long csn) {
        applied = csn;
    }

    /** From now on the log tells. */
    void follow(WaspLog newLog) {
        log = newLog;
    }

    /** Newest commit applied; exact while the caller keeps writers out. */
    long appliedHorizon() {
        WaspLog current = log;
        return current == null ? applied : current.lastCsn();
    }

    /** No reader may begin any more. */
    void close() {
        closed = true;
    }

    /**
     * Newest commit that readers may see.
     *
     * @throws DatabaseClosedException if the engine is closed, so that a read does not come by memory that is gone
     */
    long readHorizon() {
        if (closed) {
            throw new DatabaseClosedException("database");
        }
        WaspLog current = log;
        return current == null ? applied : current.readHorizon();
    }

    /** Newest commit that is on disk. */
    long durableHorizon() {
        WaspLog current = log;
        return current == null ? applied : current.durableHorizon();
    }
}
