package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.KeyString;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.io.Host;
import io.nexuslite.io.Hosts;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.SeekMode;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.EngineOptions;
import io.nexuslite.wasp.WaspEngine;
import io.nexuslite.wasp.log.LogDurability;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** NexusLite's storage engine alone: one tree of documents, without catalog, validation, expiry or generated ids. */
final class EngineStore implements Store {
    private final Path file;
    private StorageEngine engine;
    private int treeId;

    EngineStore(Path directory) {
        file = directory.resolve("engine.nxl");
    }

    private static EngineOptions options(Durability.Mode durability) {
        return EngineOptions.defaults().withMemory(NexusLiteStore.MEMORY_BYTES_MAX)
                .withDurability(LogDurability.valueOf(durability.name()));
    }

    @Override
    public void load(Dataset dataset) {
        Host host = Hosts.platform();
        WaspEngine.create(host, file, options(Durability.Mode.NONE));
        open(Durability.Mode.NONE);
        try (Session session = engine.openSession(); Arena arena = Arena.ofConfined()) {
            try (Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
                treeId = engine.createTree(transaction, TreeKind.DOCUMENT);
                transaction.commit();
            }
            Tree tree = engine.tree(treeId);
            RecordMeta meta = new RecordMeta();
            IdKey key = new IdKey(arena);
            for (int index : dataset.loadOrder()) {
                try (Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
                    transaction.putDocument(tree, key.set(dataset.idHigh(index), dataset.idLow(index)),
                            dataset.memory(), dataset.offset(index), dataset.length(index),
                            meta.reset(engine.clockMillis()));
                    transaction.commit();
                }
            }
        }
        close();
    }

    @Override
    public void open(Durability.Mode durability) {
        engine = WaspEngine.open(Hosts.platform(), file, options(durability));
    }

    @Override
    public Client client(Draws draws, Bodies bodies) {
        return new EngineClient(engine, treeId, draws, bodies);
    }

    @Override
    public void close() {
        if (engine != null) {
            engine.close();
            engine = null;
        }
    }

    /** Key string of an id. */
    private static final class IdKey {
        private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED
                .withOrder(ByteOrder.BIG_ENDIAN);
        private static final ValueLayout.OfInt INT_LE = ValueLayout.JAVA_INT_UNALIGNED
                .withOrder(ByteOrder.LITTLE_ENDIAN);
        private static final int VALUE_LENGTH = Integer.BYTES + 1 + Dataset.ID_LENGTH;

        private final MemorySegment value;
        private final MemorySegment keyBytes;
        private final Key key = new Key();

        IdKey(Arena arena) {
            value = arena.allocate(VALUE_LENGTH);
            value.set(INT_LE, 0, Dataset.ID_LENGTH);
            value.set(ValueLayout.JAVA_BYTE, Integer.BYTES, BsonType.SUBTYPE_UUID);
            keyBytes = arena.allocate(KeyTooLongException.KEY_LENGTH_MAX);
        }

        Key set(long high, long low) {
            value.set(LONG_BE, Integer.BYTES + 1, high);
            value.set(LONG_BE, Integer.BYTES + 1 + Long.BYTES, low);
            int length = KeyString.encode(value, 0, BsonType.BINARY, false, keyBytes, 0,
                    KeyTooLongException.KEY_LENGTH_MAX);
            return key.wrap(keyBytes, 0, length);
        }
    }

    private static final class EngineClient extends Client {
        private final StorageEngine engine;
        private final Tree tree;
        private final Session session;
        private final Arena arena = Arena.ofShared();
        private final IdKey key = new IdKey(arena);
        private final RecordView view = new RecordView();
        private final RecordMeta meta = new RecordMeta();
        private Snapshot snapshot;
        private TreeCursor cursor;

        EngineClient(StorageEngine engine, int treeId, Draws draws, Bodies bodies) {
            super(draws, bodies);
            this.engine = engine;
            tree = engine.tree(treeId);
            session = engine.openSession();
        }

        @Override
        long get(int draw) {
            if (!tree.get(session, key.set(draws.idHigh(draw), draws.idLow(draw)), view)) {
                throw missing(draw);
            }
            return Checksum.of(view.memory(), view.offset(), view.length());
        }

        @Override
        long scan(int count) {
            long sum = 0;
            for (int index = 0; index < count; index++) {
                if (cursor == null || !cursor.next()) {
                    rewind();
                }
                RecordView record = cursor.record();
                sum += Checksum.of(record.memory(), record.offset(), record.length());
            }
            return sum;
        }

        @Override
        long range(int draw, int count) {
            try (Snapshot now = engine.snapshot("range"); TreeCursor from = tree.cursor(session, now)) {
                long sum = 0;
                boolean found = from.seek(key.set(draws.idHigh(draw), draws.idLow(draw)), SeekMode.AT_OR_AFTER);
                for (int index = 0; index < count && found; index++) {
                    RecordView record = from.record();
                    sum += Checksum.of(record.memory(), record.offset(), record.length());
                    found = from.next();
                }
                return sum;
            }
        }

        private void rewind() {
            closeCursor();
            snapshot = engine.snapshot("benchmark");
            cursor = tree.cursor(session, snapshot);
            if (!cursor.first()) {
                throw new IllegalStateException("No documents.");
            }
        }

        private void closeCursor() {
            if (cursor != null) {
                cursor.close();
                snapshot.close();
            }
        }

        @Override
        void store(int draw, int length) {
            try (Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
                transaction.putDocument(tree, key.set(draws.idHigh(draw), draws.idLow(draw)), bodies.memory(), 0,
                        length, meta.reset(engine.clockMillis()));
                transaction.commit();
            }
        }

        @Override
        public void close() {
            closeCursor();
            session.close();
            arena.close();
        }
    }
}
