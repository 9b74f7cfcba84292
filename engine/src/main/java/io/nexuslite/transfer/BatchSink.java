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
    private boolean open;
    private int count;
    private long bytes;
    private boolean closed;

    /** @param options whose mode and batch limits are taken */
    public BatchSink(ImportTarget target, ImportOptions options) {
        this.target = Objects.requireNonNull(target, "target");
        mode = options.mode();
        batchSize = options.batchSize();
        batchBytes = options.batchBytes();
    }

    @Override
    public Outcome accept(BsonView document) {
        if (!open) {
            target.begin();
            open = true;
        }
        Outcome outcome = target.put(document, mode);
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
            target.commit();
        }
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
