package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lmdbjava.ByteBufferProxy;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/**
 * LMDB through its map, its own checks switched off by {@code lmdbjava.disable.checks}. A get renews the client's read
 * transaction, so that it sees the newest commit, as the others do; a put is a transaction. GROUP and NONE are both MDB_NOSYNC:
 * in the kernel at the commit, flushed by nobody.
 */
final class LmdbStore implements Store {
    private static final long MAP_BYTES = 8L << 30; // address space, not memory
    private static final int LOAD_BATCH = 10_000;
    private static final int READERS_MAX = 256;
    private static final String NAME = "documents";

    private final Path directory;
    private Env<ByteBuffer> environment;
    private Dbi<ByteBuffer> documents;

    LmdbStore(Path directory) {
        this.directory = directory;
    }

    @Override
    public void load(Dataset dataset) {
        open(Durability.Mode.NONE);
        int[] order = dataset.loadOrder();
        ByteBuffer key = ByteBuffer.allocateDirect(Dataset.ID_LENGTH);
        Bodies bodies = new Bodies(dataset);
        for (int start = 0; start < order.length; start += LOAD_BATCH) {
            try (Txn<ByteBuffer> transaction = environment.txnWrite()) {
                for (int place = start; place < Math.min(start + LOAD_BATCH, order.length); place++) {
                    int index = order[place];
                    key.clear().putLong(dataset.idHigh(index)).putLong(dataset.idLow(index)).flip();
                    documents.put(transaction, key, bodies.buffer().clear().limit(bodies.copy(dataset, index)));
                }
                transaction.commit();
            }
        }
        environment.sync(true);
        close();
    }

    @Override
    public void open(Durability.Mode durability) {
        List<EnvFlags> flags = new ArrayList<>(List.of(EnvFlags.MDB_NOTLS, EnvFlags.MDB_NORDAHEAD));
        if (durability != Durability.Mode.SYNC) {
            flags.add(EnvFlags.MDB_NOSYNC);
        }
        environment = Env.create(ByteBufferProxy.PROXY_OPTIMAL).setMapSize(MAP_BYTES).setMaxDbs(1)
                .setMaxReaders(READERS_MAX).open(directory.toFile(), flags.toArray(EnvFlags[]::new));
        documents = environment.openDbi(NAME, DbiFlags.MDB_CREATE);
    }

    @Override
    public Client client(Draws draws, Bodies bodies) {
        return new LmdbClient(environment, documents, draws, bodies);
    }

    @Override
    public void close() {
        if (environment != null) {
            environment.close();
            environment = null;
        }
    }

    private static final class LmdbClient extends Client {
        private final Env<ByteBuffer> environment;
        private final Dbi<ByteBuffer> documents;
        private final ByteBuffer key = ByteBuffer.allocateDirect(Dataset.ID_LENGTH);
        private final Txn<ByteBuffer> reader;
        private Txn<ByteBuffer> scanReader;
        private Cursor<ByteBuffer> cursor;
        private Cursor<ByteBuffer> ranger;

        LmdbClient(Env<ByteBuffer> environment, Dbi<ByteBuffer> documents, Draws draws, Bodies bodies) {
            super(draws, bodies);
            this.environment = environment;
            this.documents = documents;
            reader = environment.txnRead();
            reader.reset();
        }

        private ByteBuffer key(int draw) {
            return key.clear().putLong(draws.idHigh(draw)).putLong(draws.idLow(draw)).flip();
        }

        @Override
        long get(int draw) {
            reader.renew();
            ByteBuffer value = documents.get(reader, key(draw));
            if (value == null) {
                reader.reset();
                throw missing(draw);
            }
            long sum = Checksum.of(value, value.limit());
            reader.reset();
            return sum;
        }

        @Override
        long scan(int count) {
            long sum = 0;
            for (int index = 0; index < count; index++) {
                if (cursor == null || !cursor.next()) {
                    rewind();
                }
                ByteBuffer value = cursor.val();
                sum += Checksum.of(value, value.limit());
            }
            return sum;
        }

        @Override
        long range(int draw, int count) {
            reader.renew();
            if (ranger == null) {
                ranger = documents.openCursor(reader);
            } else {
                ranger.renew(reader);
            }
            long sum = 0;
            boolean found = ranger.get(key(draw), GetOp.MDB_SET_RANGE);
            for (int index = 0; index < count && found; index++) {
                ByteBuffer value = ranger.val();
                sum += Checksum.of(value, value.limit());
                found = ranger.next();
            }
            reader.reset();
            return sum;
        }

        private void rewind() {
            closeCursor();
            scanReader = environment.txnRead();
            cursor = documents.openCursor(scanReader);
            if (!cursor.first()) {
                throw new IllegalStateException("No documents.");
            }
        }

        private void closeCursor() {
            if (cursor != null) {
                cursor.close();
                scanReader.close();
            }
        }

        @Override
        void store(int draw, int length) {
            try (Txn<ByteBuffer> transaction = environment.txnWrite()) {
                documents.put(transaction, key(draw), bodies.buffer().clear().limit(length));
                transaction.commit();
            }
        }

        @Override
        public void close() {
            closeCursor();
            if (ranger != null) {
                reader.renew();
                ranger.close();
            }
            reader.close();
        }
    }
}
