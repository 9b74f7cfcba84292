package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import java.nio.file.Path;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreTool;
import org.h2.mvstore.type.ByteArrayDataType;

/**
 * H2's MVStore with a cache that holds everything, compacted behind the load. SYNC is a commit and a sync for each put, which writers
 * side by side share by the store's own lock; GROUP is a commit for each put; NONE is what its background thread makes of it.
 */
final class MvStore implements Store {
    private static final int CACHE_MEGABYTES = 1024;
    private static final String NAME = "documents";

    private final String file;
    private Durability.Mode durability;
    private MVStore store;
    private MVMap<byte[], byte[]> documents;

    MvStore(Path directory) {
        file = directory.resolve("benchmark.mv").toString();
    }

    @Override
    public void load(Dataset dataset) {
        open(Durability.Mode.NONE);
        for (int index : dataset.loadOrder()) {
            documents.put(HeapClient.key(dataset.idHigh(index), dataset.idLow(index)),
                    HeapClient.value(dataset.memory(), dataset.offset(index), dataset.length(index)));
        }
        close();
        MVStoreTool.compact(file, false);
    }

    @Override
    public void open(Durability.Mode mode) {
        durability = mode;
        MVStore.Builder builder = new MVStore.Builder().fileName(file).cacheSize(CACHE_MEGABYTES);
        if (mode != Durability.Mode.NONE) {
            builder.autoCommitDisabled();
        }
        store = builder.open();
        documents = store.openMap(NAME, new MVMap.Builder<byte[], byte[]>().keyType(ByteArrayDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE));
    }

    @Override
    public Client client(Draws draws, Bodies bodies) {
        return new MvClient(draws, bodies);
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
            store = null;
        }
    }

    private final class MvClient extends HeapClient {
        private Cursor<byte[], byte[]> cursor;

        MvClient(Draws draws, Bodies bodies) {
            super(draws, bodies);
        }

        @Override
        byte[] find(byte[] key) {
            return documents.get(key);
        }

        @Override
        byte[] next() {
            if (cursor == null || !cursor.hasNext()) {
                cursor = documents.cursor(null);
            }
            cursor.next();
            return cursor.getValue();
        }

        @Override
        long range(byte[] key, int count) {
            Cursor<byte[], byte[]> values = documents.cursor(key);
            long sum = 0;
            for (int index = 0; index < count && values.hasNext(); index++) {
                values.next();
                sum += Checksum.of(values.getValue());
            }
            return sum;
        }

        @Override
        void replace(byte[] key, byte[] value) {
            documents.put(key, value);
            if (durability != Durability.Mode.NONE) {
                store.commit();
                if (durability == Durability.Mode.SYNC) {
                    store.sync();
                }
            }
        }

        @Override
        public void close() {
            cursor = null;
        }
    }
}
