package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The workloads A to F of YCSB by one thread, with writes that do not wait for the disk; everything is in memory. */
public class YcsbBenchmark extends Settings {
    private static final int OPERATIONS = 1 << 20;

    /** A loaded store and one thread's operations on it. */
    @State(Scope.Benchmark)
    public static class Run extends StoreState {
        /** Who is measured. */
        @Param({"NEXUSLITE", "NEXUSLITE_ENGINE", "ROCKSDB", "ROCKSDB_LZ4", "LMDB", "MVSTORE", "SQLITE", "MAPDB",
                "XODUS"})
        public Contender contender;

        /** What is done. */
        @Param
        public Workload workload;

        private Mix mix;
        private Client client;

        /** Loads, reopens and verifies. */
        @Setup(Level.Trial)
        public void setUp() {
            prepare(contender, Durability.Mode.GROUP);
            mix = new Mix(workload, dataset, OPERATIONS);
            client = client(mix.draws(), new Bodies(dataset));
        }

        /** Closes and removes everything. */
        @TearDown(Level.Trial)
        public void tearDown() {
            end();
        }
    }

    /** One operation of the workload. */
    @Benchmark
    public long operation(Run run) {
        return run.mix.step(run.client);
    }
}
