package io.nexuslite.benchmark;

import java.nio.file.Path;

/** What is measured: one line of a result each. docs/benchmarks.md tells how each is set up. */
public enum Contender {
    /** Through sessions, as users who want no garbage call it. */
    NEXUSLITE {
        @Override
        Store store(Path directory) {
            return new NexusLiteStore(directory);
        }
    },
    /** The storage engine without the collections on top: the difference is what these cost. */
    NEXUSLITE_ENGINE {
        @Override
        Store store(Path directory) {
            return new EngineStore(directory);
        }
    },
    ROCKSDB {
        @Override
        Store store(Path directory) {
            return new RocksStore(directory, false);
        }
    },
    ROCKSDB_LZ4 {
        @Override
        Store store(Path directory) {
            return new RocksStore(directory, true);
        }
    },
    LMDB {
        @Override
        Store store(Path directory) {
            return new LmdbStore(directory);
        }
    },
    MVSTORE {
        @Override
        Store store(Path directory) {
            return new MvStore(directory);
        }
    },
    SQLITE {
        @Override
        Store store(Path directory) {
            return new SqliteStore(directory);
        }
    },
    MAPDB {
        @Override
        Store store(Path directory) {
            return new MapDbStore(directory);
        }
    },
    XODUS {
        @Override
        Store store(Path directory) {
            return new XodusStore(directory);
        }
    },
    /** No store: the same bytes read and written where they are known to lie. */
    LIMIT {
        @Override
        Store store(Path directory) {
            return new LimitStore(directory);
        }
    };

    abstract Store store(Path directory);
}
