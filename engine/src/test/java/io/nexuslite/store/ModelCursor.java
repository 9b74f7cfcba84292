package io.nexuslite.store;

import io.nexuslite.error.DatabaseClosedException;
import java.util.Map;

/** Cursor of the model: the key it stands on. Each step looks for the nearest key anew. */
final class ModelCursor implements TreeCursor {
    /** Told the keys that a step has passed over, both included; null for no bound. */
    interface Passed {
        void between(byte[] low, byte[] high);
    }

    private final ModelEngine engine;
    private final TreeKind kind;
    private final ModelSource source;
    private final long csn;
    private final ModelSnapshot snapshot;
    private final Passed passed;
    private final ModelViewMemory memory = new ModelViewMemory();
    private final RecordView view = new RecordView();
    private byte[] key;
    private boolean closed;

    /**
     * @param snapshot that must stay open, or null
     * @param passed told what was looked at, or null
     */
    ModelCursor(ModelEngine engine, TreeKind kind, ModelSource source, long csn, ModelSnapshot snapshot,
            Passed passed) {
        this.engine = engine;
        this.kind = kind;
        this.source = source;
        this.csn = csn;
        this.snapshot = snapshot;
        this.passed = passed;
        engine.cursorOpened();
    }

    @Override
    public boolean seek(Key from, SeekMode mode) {
        byte[] bytes = ModelRecord.bytes(from);
        return switch (mode) {
            case AT_OR_AFTER -> step(bytes, true, true);
            case AFTER -> step(bytes, false, true);
            case AT_OR_BEFORE -> step(bytes, true, false);
            case BEFORE -> step(bytes, false, false);
        };
    }

    @Override
    public boolean first() {
        return step(null, true, true);
    }

    @Override
    public boolean last() {
        return step(null, true, false);
    }

    @Override
    public boolean next() {
        return step(key, false, true);
    }

    @Override
    public boolean previous() {
        return step(key, false, false);
    }

    private boolean step(byte[] from, boolean inclusive, boolean forward) {
        if (closed) {
            throw new DatabaseClosedException("cursor");
        }
        if (snapshot != null) {
            snapshot.checkOpen();
        }
        memory.invalidate();
        synchronized (engine) {
            engine.checkOpen();
            Map.Entry<byte[], ModelRecord> found = source.nearest(from, inclusive, forward, csn);
            key = found == null ? null : found.getKey();
            if (passed != null) {
                passed.between(forward ? from : key, forward ? key : from);
            }
            if (found != null) {
                memory.show(key, found.getValue(), kind, view);
            }
            return found != null;
        }
    }

    @Override
    public RecordView record() {
        if (key == null) {
            throw new IllegalStateException("The cursor stands nowhere.");
        }
        return view;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.invalidate();
            engine.cursorClosed();
        }
    }
}
