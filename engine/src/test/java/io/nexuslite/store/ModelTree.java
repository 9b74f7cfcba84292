package io.nexuslite.store;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Tree of the model: for each key all its versions by commit number. Guarded by the engine's monitor. */
final class ModelTree implements Tree, ModelSource {
    private static final long NOT_DROPPED = Long.MAX_VALUE;

    private final ModelEngine engine;
    private final int treeId;
    private final TreeKind kind;
    private final TreeMap<byte[], TreeMap<Long, ModelRecord>> versions = new TreeMap<>(Arrays::compareUnsigned);
    private long droppedCsn = NOT_DROPPED;
    private long recordCount;

    ModelTree(ModelEngine engine, int treeId, TreeKind kind) {
        this.engine = engine;
        this.treeId = treeId;
        this.kind = kind;
    }

    ModelTree copyFor(ModelEngine other) {
        ModelTree copy = new ModelTree(other, treeId, kind);
        versions.forEach((key, chain) -> copy.versions.put(key, new TreeMap<>(chain)));
        copy.droppedCsn = droppedCsn;
        copy.recordCount = recordCount;
        return copy;
    }

    @Override
    public int treeId() {
        return treeId;
    }

    @Override
    public TreeKind kind() {
        return kind;
    }

    @Override
    public boolean get(Session session, Key key, RecordView into) {
        ((ModelSession) session).startCall();
        synchronized (engine) {
            engine.checkOpen();
            return show((ModelSession) session, key, engine.csn(), into);
        }
    }

    @Override
    public boolean get(Session session, Snapshot at, Key key, RecordView into) {
        ((ModelSession) session).startCall();
        ((ModelSnapshot) at).checkOpen();
        synchronized (engine) {
            engine.checkOpen();
            return show((ModelSession) session, key, at.csn(), into);
        }
    }

    private boolean show(ModelSession session, Key key, long csn, RecordView into) {
        byte[] keyBytes = ModelRecord.bytes(key);
        ModelRecord record = visible(keyBytes, csn);
        if (record == null) {
            return false;
        }
        session.view.show(keyBytes, record, kind, into);
        return true;
    }

    @Override
    public TreeCursor cursor(Session session, Snapshot at) {
        ((ModelSession) session).startCall();
        return new ModelCursor(engine, kind, this, at.csn(), (ModelSnapshot) at, null);
    }

    @Override
    public long recordCount() {
        synchronized (engine) {
            return recordCount;
        }
    }

    /** The record of a key as of a commit, or null. */
    ModelRecord visible(byte[] key, long csn) {
        return newest(versions.get(key), csn);
    }

    private ModelRecord newest(TreeMap<Long, ModelRecord> chain, long csn) {
        if (chain == null || csn >= droppedCsn) {
            return null;
        }
        Map.Entry<Long, ModelRecord> newest = chain.floorEntry(csn);
        return newest == null || newest.getValue().isTombstone() ? null : newest.getValue();
    }

    @Override
    public Map.Entry<byte[], ModelRecord> nearest(byte[] from, boolean inclusive, boolean forward, long csn) {
        NavigableMap<byte[], TreeMap<Long, ModelRecord>> ahead = forward ? versions : versions.descendingMap();
        if (from != null) {
            ahead = ahead.tailMap(from, inclusive);
        }
        for (Map.Entry<byte[], TreeMap<Long, ModelRecord>> entry : ahead.entrySet()) {
            ModelRecord record = newest(entry.getValue(), csn);
            if (record != null) {
                return Map.entry(entry.getKey(), record);
            }
        }
        return null;
    }

    /** Whether a key from low to high, both included and null for no bound, has a version newer than {@code csn}. */
    boolean changedSince(byte[] low, byte[] high, long csn) {
        if (droppedCsn != NOT_DROPPED && droppedCsn > csn) {
            return true;
        }
        NavigableMap<byte[], TreeMap<Long, ModelRecord>> range = versions;
        range = low == null ? range : range.tailMap(low, true);
        range = high == null ? range : range.headMap(high, true);
        return range.values().stream().anyMatch(chain -> chain.lastKey() > csn);
    }

    boolean isDropped() {
        return droppedCsn != NOT_DROPPED;
    }

    void dropAt(long csn) {
        droppedCsn = csn;
        recordCount = 0;
    }

    void apply(byte[] key, ModelRecord record, long csn) {
        boolean before = visible(key, csn) != null;
        versions.computeIfAbsent(key, absent -> new TreeMap<>()).put(csn, record.at(csn));
        recordCount += (record.isTombstone() ? 0 : 1) - (before ? 1 : 0);
    }
}
