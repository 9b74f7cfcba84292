package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import java.nio.file.Path;
import java.util.Iterator;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/**
 * MapDB's B-tree over a mapped file, values beside the nodes. SYNC is its write-ahead log with a commit for each put; for GROUP and NONE it
 * has the store without a log only, which promises nothing.
 */
final class MapDbStore implements Store {
    private static final String NAME = "documents";

    private final Path file;
    private boolean durable;
    private DB database;
    private BTreeMap<byte[], byte[]> documents;

    MapDbStore(Path directory) {
        file = directory.resolve("benchmark.mapdb");
    }

    @Override
    public void load(Dataset dataset) {
        open(Durability.Mode.NONE);
        for (int index : dataset.loadOrder()) {
            documents.put(HeapClient.key(dataset.idHigh(index), dataset.idLow(index)),
                    HeapClient.value(dataset.memory(), dataset.offset(index), dataset.length(index)));
        }
        close();
    }

    @Override
    public void open(Durability.Mode durability) {
        durable = durability == Durability.Mode.SYNC;
        DBMaker.Maker maker = DBMaker.fileDB(file.toFile()).fileMmapEnable().fileMmapPreclearDisable();
        database = (durable ? maker.transactionEnable() : maker).make();
        documents = database.treeMap(NAME).keySerializer(Serializer.BYTE_ARRAY)
                .valueSerializer(Serializer.BYTE_ARRAY).valuesOutsideNodesEnable().createOrOpen();
    }

    @Override
    public Client client(Draws draws, Bodies bodies) {
        return new MapDbClient(draws, bodies);
    }

    @Override
    public void close() {
        if (database != null) {
            if (durable) {
                database.commit();
            }
            database.close();
            database = null;
        }
    }

    private final class MapDbClient extends HeapClient {
        private Iterator<byte[]> values;

        MapDbClient(Draws draws, Bodies bodies) {
            super(draws, bodies);
        }

        @Override
        byte[] find(byte[] key) {
            return documents.get(key);
        }

        @Override
        byte[] next() {
            if (values == null || !values.hasNext()) {
                values = documents.valueIterator();
            }
            return values.next();
        }

        @Override
        long range(byte[] key, int count) {
            Iterator<byte[]> behind = documents.valueIterator(key, true, null, false);
            long sum = 0;
            for (int index = 0; index < count && behind.hasNext(); index++) {
                sum += Checksum.of(behind.next());
            }
            return sum;
        }

        @Override
        void replace(byte[] key, byte[] value) {
            documents.put(key, value);
            if (durable) {
                database.commit();
            }
        }

        @Override
        public void close() {
            values = null;
        }
    }
}
