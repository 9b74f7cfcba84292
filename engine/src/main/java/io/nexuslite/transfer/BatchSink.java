package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;
import java.util.Objects;

/**
 * Puts documents into a collection, batch by batch. A batch that is full is stored at once and stays, whatever comes after;
 * {@link #close} without {@link #commit} drops the one that is open. Owns the target. One thread at a time.
 */
public final class BatchSink implements DocumentSink {
    private final ImportTarget target;
    private final ImportMode mode;
    private final int batchSize;
    private final int batchBytes;
    private final boolean dryRun;
    /** Documents whose id may be there already, since an import before this one may have stored them and not known it. */
    private long tolerated;
    private long commits;
    private boolean open;
    private int count;
    private long bytes;
    private boolean closed;

    /** @param options whose mode, batch limits, dry run and resumption are taken */
    public BatchSink(ImportTarget target, ImportOptions options) {
        this.target = Objects.requireNonNull(target, "target");
        mode = options.mode();
        batchSize = options.batchSize();
        batchBytes = options.batchBytes();
        dryRun = options.dryRun();
        tolerated = ResumeState.isThere(options) ? batchSize : 0;
    }

    @Override
    public Outcome accept(BsonView document) {
        return accept(document, ImportTarget.NO_EXPIRY);
    }

    @Override
    public Outcome accept(BsonView document, long expiryMillis) {
        if (!open) {
            target.begin();
            open = true;
        }
        boolean mayBeThere = tolerated > 0 && (mode == ImportMode.INSERT || mode == ImportMode.FAIL);
        Outcome outcome = target.put(document, mayBeThere ? ImportMode.SKIP : mode, expiryMillis);
        tolerated -= tolerated > 0 ? 1 : 0;
        count++;
        bytes += document.length();
        if (count >= batchSize || bytes >= batchBytes) {
            commit();
        }
        return outcome;
    }

    @Override
    public void commit() {
        if (open) {
            open = false;
            count = 0;
            bytes = 0;
            if (dryRun) {
                target.rollback();
            } else {
                target.commit();
            }
            commits++;
        }
    }

    @Override
    public long commits() {
        return commits;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (target) {
            if (open) {
                open = false;
                target.rollback();
            }
        }
    }
}
