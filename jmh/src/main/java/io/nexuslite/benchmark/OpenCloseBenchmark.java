package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Opening what was closed, up to the first document read; and closing behind one durable put. In a warm JVM. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 30)
public class OpenCloseBenchmark extends Settings {
    /** A loaded store, closed. */
    @State(Scope.Benchmark)
    public static class Loaded {
        /** Who is measured. */
        @Param({"NEXUSLITE", "NEXUSLITE_ENGINE", "ROCKSDB", "LMDB", "MVSTORE", "SQLITE", "MAPDB", "XODUS"})
        public Contender contender;

        /** Documents in the store: the times should be the same. */
        @Param({"10000", "1000000"})
        public int documents;

        private Dataset dataset;
        private Workspace workspace;
        private Bodies bodies;
        private Draws draws;
        private Store store;
        private int draw;

        /** Loads. */
        @Setup(Level.Trial)
        public void setUp() {
            dataset = new Dataset(documents);
            workspace = new Workspace();
            workspace.requireDisk();
            bodies = new Bodies(dataset);
            draws = Draws.uniform(dataset, 1 << 10, 0);
            store = contender.store(workspace.directory());
            store.load(dataset);
        }

        /** Removes everything. */
        @TearDown(Level.Trial)
        public void tearDown() {
            workspace.close();
            dataset.close();
        }

        private Client open() {
            store.open(Durability.Mode.SYNC);
            draw = (draw + 1) & draws.count() - 1;
            return store.client(draws, bodies);
        }
    }

    /** Opened by the measured call and closed behind it. */
    @State(Scope.Thread)
    public static class Closed {
        private Client client;

        /** Checks that the document that was read is the document; closes. */
        @TearDown(Level.Invocation)
        public void tearDown(Loaded loaded) {
            Client.require("a document", loaded.dataset.checksum(loaded.draws.document(loaded.draw)),
                    client.get(loaded.draw));
            client.close();
            loaded.store.close();
        }
    }

    /** Opened and written to before the measured call. */
    @State(Scope.Thread)
    public static class Opened {
        /** Opens and puts. */
        @Setup(Level.Invocation)
        public void setUp(Loaded loaded) {
            try (Client client = loaded.open()) {
                client.put(loaded.draw);
                client.verifyLastPut();
            }
        }
    }

    /** Opens, and reads a document. */
    @Benchmark
    public long open(Loaded loaded, Closed closed) {
        closed.client = loaded.open();
        return closed.client.get(loaded.draw);
    }

    /** Closes with one document changed. */
    @Benchmark
    public Store close(Loaded loaded, Opened opened) {
        loaded.store.close();
        return loaded.store;
    }
}
