package io.nexuslite.store;

import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.error.TransactionConflictException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Transaction of the model: its writes in sorted maps, and the ranges of keys that it has read. An optimistic commit fails
 * if a key in one of these ranges has a version newer than the transaction's beginning.
 */
final class ModelTransaction implements Transaction {
    private record ReadRange(ModelTree tree, byte[] low, byte[] high) {
    }

    private final ModelEngine engine;
    private final ModelSession session;
    private final TransactionMode mode;
    private final long horizon;
    private final Map<ModelTree, TreeMap<byte[], ModelRecord>> writes = new HashMap<>();
    private final List<ReadRange> reads = new ArrayList<>();
    private final ModelViewMemory view = new ModelViewMemory();
    final Set<ModelTree> created = new LinkedHashSet<>();
    private final Set<ModelTree> dropped = new LinkedHashSet<>();
    private boolean ended;
    private boolean committed;

    ModelTransaction(ModelEngine engine, ModelSession session, TransactionMode mode, long horizon) {
        this.engine = engine;
        this.session = session;
        this.mode = mode;
        this.horizon = horizon;
    }

    @Override
    public boolean get(Tree tree, Key key, RecordView into) {
        synchronized (engine) {
            startCall();
            byte[] bytes = ModelRecord.bytes(key);
            ModelRecord record = find((ModelTree) tree, bytes);
            if (record != null) {
                view.show(bytes, record, tree.kind(), into);
            }
            return record != null;
        }
    }

    private ModelRecord find(ModelTree tree, byte[] key) {
        reads.add(new ReadRange(tree, key, key));
        if (dropped.contains(tree)) {
            return null;
        }
        ModelRecord own = writes.getOrDefault(tree, new TreeMap<>(Arrays::compareUnsigned)).get(key);
        if (own != null) {
            return own.isTombstone() ? null : own;
        }
        return tree.visible(key, horizon);
    }

    @Override
    public void putDocument(Tree tree, Key key, MemorySegment memory, long offset, int length, RecordMeta meta) {
        if (tree.kind() != TreeKind.DOCUMENT) {
            throw new IllegalArgumentException("not a document tree");
        }
        write((ModelTree) tree, key, ModelRecord.ofDocument(ModelRecord.bytes(memory, offset, length), meta));
    }

    @Override
    public void put(Tree tree, Key key, MemorySegment memory, long offset, int length) {
        if (tree.kind() != TreeKind.KEYED) {
            throw new IllegalArgumentException("not a keyed tree");
        }
        write((ModelTree) tree, key, ModelRecord.ofValue(ModelRecord.bytes(memory, offset, length)));
    }

    @Override
    public boolean delete(Tree tree, Key key) {
        synchronized (engine) {
            startCall();
            boolean found = find((ModelTree) tree, ModelRecord.bytes(key)) != null;
            if (found) {
                write((ModelTree) tree, key, ModelRecord.tombstone());
            }
            return found;
        }
    }

    private void write(ModelTree tree, Key key, ModelRecord record) {
        synchronized (engine) {
            startCall();
            engine.checkWritable();
            if (dropped.contains(tree)) {
                throw new IllegalArgumentException("dropped in this transaction: tree " + tree.treeId());
            }
            writes.computeIfAbsent(tree, absent -> new TreeMap<>(Arrays::compareUnsigned)).put(ModelRecord.bytes(key),
                    record);
        }
    }

    void drop(ModelTree tree) {
        startCall();
        writes.remove(tree);
        dropped.add(tree);
    }

    @Override
    public TreeCursor cursor(Tree tree) {
        synchronized (engine) {
            startCall();
            ModelTree modelTree = (ModelTree) tree;
            TreeMap<byte[], ModelRecord> own = new TreeMap<>(Arrays::compareUnsigned);
            own.putAll(writes.getOrDefault(modelTree, own));
            boolean gone = dropped.contains(modelTree);
            ModelSource both = (from, inclusive, forward, csn) -> gone
                    ? null
                    : nearest(modelTree, own, from, inclusive, forward);
            return new ModelCursor(engine, tree.kind(), both, horizon, null,
                    (low, high) -> reads.add(new ReadRange(modelTree, low, high)));
        }
    }

    private Map.Entry<byte[], ModelRecord> nearest(ModelTree tree, TreeMap<byte[], ModelRecord> own, byte[] from,
            boolean inclusive, boolean forward) {
        byte[] committedFrom = from;
        boolean committedInclusive = inclusive;
        while (true) {
            Map.Entry<byte[], ModelRecord> old = tree.nearest(committedFrom, committedInclusive, forward, horizon);
            Map.Entry<byte[], ModelRecord> mine = nearestOwn(own, from, inclusive, forward);
            if (old == null) {
                return mine;
            }
            if (!own.containsKey(old.getKey())) {
                int order = mine == null ? -1 : Arrays.compareUnsigned(old.getKey(), mine.getKey());
                return mine == null || (forward ? order < 0 : order > 0) ? old : mine;
            }
            committedFrom = old.getKey(); // overwritten by the transaction: look behind it
            committedInclusive = false;
        }
    }

    private static Map.Entry<byte[], ModelRecord> nearestOwn(TreeMap<byte[], ModelRecord> own, byte[] from,
            boolean inclusive, boolean forward) {
        NavigableMap<byte[], ModelRecord> ahead = forward ? own : own.descendingMap();
        if (from != null) {
            ahead = ahead.tailMap(from, inclusive);
        }
        return ahead.entrySet().stream().filter(entry -> !entry.getValue().isTombstone()).findFirst().orElse(null);
    }

    @Override
    public long commit() {
        boolean writesNothing;
        synchronized (engine) {
            startCall();
            writesNothing = writes.isEmpty() && created.isEmpty() && dropped.isEmpty();
        }
        if (writesNothing) {
            end(true);
            return horizon;
        }
        boolean mustLock = mode == TransactionMode.OPTIMISTIC;
        if (mustLock) {
            engine.writer.acquireUninterruptibly();
        }
        try {
            synchronized (engine) {
                engine.checkWritable();
                validate();
                long csn = engine.nextCsn();
                writes.forEach((tree, map) -> map.forEach((key, record) -> tree.apply(key, record, csn)));
                dropped.forEach(tree -> tree.dropAt(csn));
                committed = true;
                return csn;
            }
        } finally {
            if (mustLock) {
                engine.writer.release();
            }
            end(committed);
        }
    }

    private void validate() {
        if (mode == TransactionMode.EXCLUSIVE) {
            return;
        }
        for (ReadRange read : reads) {
            if (read.tree.changedSince(read.low, read.high, horizon)) {
                throw new TransactionConflictException("another changed what was read in tree " + read.tree.treeId());
            }
        }
        for (ModelTree tree : writes.keySet()) {
            if (tree.isDropped()) {
                throw new TransactionConflictException("another dropped tree " + tree.treeId());
            }
        }
        for (ModelTree tree : dropped) {
            if (tree.isDropped()) {
                throw new TransactionConflictException("another dropped tree " + tree.treeId());
            }
        }
    }

    @Override
    public void close() {
        if (!ended) {
            end(false);
        }
    }

    private void end(boolean keepTrees) {
        synchronized (engine) {
            ended = true;
            view.invalidate();
            if (!keepTrees) {
                created.forEach(engine::forget);
            }
            session.transaction = null;
            engine.transactionClosed();
        }
        if (mode == TransactionMode.EXCLUSIVE) {
            engine.writer.release();
        }
    }

    private void startCall() {
        engine.checkOpen();
        if (ended) {
            throw new DatabaseClosedException("transaction");
        }
        view.invalidate();
    }
}
