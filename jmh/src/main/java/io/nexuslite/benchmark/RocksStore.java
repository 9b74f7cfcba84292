package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.Filter;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with a block cache that holds everything, bloom filters, hashed data blocks, direct buffers across JNI, and compacted
 * to one level behind the load. GROUP is the write-ahead log without a sync, NONE is no write-ahead log.
 */
final class RocksStore implements Store {
    private static final long BLOCK_CACHE_BYTES = 1L << 30;
    private static final long WRITE_BUFFER_BYTES = 128L << 20;
    private static final int WRITE_BUFFERS = 4;
    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final int BLOCK_BYTES = 4096;

    private final Path directory;
    private final CompressionType compression;
    private Cache cache;
    private Filter filter;
    private Options options;
    private WriteOptions writeOptions;
    private RocksDB database;

    RocksStore(Path directory, boolean lz4) {
        RocksDB.loadLibrary();
        this.directory = directory;
        this.compression = lz4 ? CompressionType.LZ4_COMPRESSION : CompressionType.NO_COMPRESSION;
    }

    @Override
    public void load(Dataset dataset) {
        open(Durability.Mode.NONE);
        Bodies bodies = new Bodies(dataset);
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            ByteBuffer key = ByteBuffer.allocateDirect(Dataset.ID_LENGTH);
            for (int index : dataset.loadOrder()) {
                key.clear().putLong(dataset.idHigh(index)).putLong(dataset.idLow(index)).flip();
                database.put(writeOptions, key,
                        bodies.buffer().clear().limit(bodies.copy(dataset, index)));
            }
            database.flush(flush);
            database.compactRange();
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
        close();
    }

    @Override
    public void open(Durability.Mode durability) {
        cache = new LRUCache(BLOCK_CACHE_BYTES);
        filter = new BloomFilter(BLOOM_BITS_PER_KEY);
        options = new Options().setCreateIfMissing(true).setCompressionType(compression)
                .setWriteBufferSize(WRITE_BUFFER_BYTES).setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setIncreaseParallelism(Runtime.getRuntime().availableProcessors())
                .setRecycleLogFileNum(durability == Durability.Mode.NONE ? 0 : WRITE_BUFFERS)
                .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
                .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter)
                        .setBlockSize(BLOCK_BYTES)
                        .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash));
        writeOptions = new WriteOptions().setSync(durability == Durability.Mode.SYNC)
                .setDisableWAL(durability == Durability.Mode.NONE);
        try {
            database = RocksDB.open(options, directory.toString());
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Client client(Draws draws, Bodies bodies) {
        return new RocksClient(database, writeOptions, draws, bodies);
    }

    @Override
    public void close() {
        if (database != null) {
            try {
                database.closeE();
            } catch (RocksDBException e) {
                throw new IllegalStateException(e);
            }
            database = null;
            writeOptions.close();
            options.close();
            filter.close();
            cache.close();
        }
    }

    private static final class RocksClient extends Client {
        private final RocksDB database;
        private final WriteOptions writeOptions;
        private final ReadOptions readOptions = new ReadOptions();
        private final ByteBuffer key = ByteBuffer.allocateDirect(Dataset.ID_LENGTH);
        private final ByteBuffer value = ByteBuffer.allocateDirect(Dataset.LENGTH_MAX);
        private RocksIterator iterator;

        RocksClient(RocksDB database, WriteOptions writeOptions, Draws draws, Bodies bodies) {
            super(draws, bodies);
            this.database = database;
            this.writeOptions = writeOptions;
        }

        private ByteBuffer key(int draw) {
            return key.clear().putLong(draws.idHigh(draw)).putLong(draws.idLow(draw)).flip();
        }

        @Override
        long get(int draw) {
            try {
                int length = database.get(readOptions, key(draw), value.clear());
                if (length == RocksDB.NOT_FOUND) {
                    throw missing(draw);
                }
                return Checksum.of(value, length);
            } catch (RocksDBException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        long scan(int count) {
            long sum = 0;
            for (int index = 0; index < count; index++) {
                if (iterator != null) {
                    iterator.next();
                }
                if (iterator == null || !iterator.isValid()) {
                    rewind();
                }
                sum += Checksum.of(value, iterator.value(value.clear()));
            }
            return sum;
        }

        @Override
        long range(int draw, int count) {
            try {
                if (iterator == null) {
                    iterator = database.newIterator(readOptions);
                } else {
                    iterator.refresh();
                }
                long sum = 0;
                iterator.seek(key(draw));
                for (int index = 0; index < count && iterator.isValid(); index++) {
                    sum += Checksum.of(value, iterator.value(value.clear()));
                    iterator.next();
                }
                iterator.status();
                return sum;
            } catch (RocksDBException e) {
                throw new IllegalStateException(e);
            }
        }

        private void rewind() {
            closeIterator();
            iterator = database.newIterator(readOptions);
            iterator.seekToFirst();
        }

        private void closeIterator() {
            if (iterator != null) {
                try {
                    iterator.status();
                } catch (RocksDBException e) {
                    throw new IllegalStateException(e);
                }
                iterator.close();
            }
        }

        @Override
        void store(int draw, int length) {
            try {
                database.put(writeOptions, key(draw), bodies.buffer().clear().limit(length));
            } catch (RocksDBException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            closeIterator();
            readOptions.close();
        }
    }
}
