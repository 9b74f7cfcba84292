package io.nexuslite.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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

/** Loading all documents in random order into an empty store, until it is closed; and what that takes on disk. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
public class LoadBenchmark extends Settings {
    /** What is loaded, and where. */
    @State(Scope.Benchmark)
    public static class Loading {
        /** Who is measured. */
        @Param
        public Contender contender;

        /** Documents to load. */
        @Param("1000000")
        public int documents;

        private Dataset dataset;
        private Workspace workspace;

        /** Makes the documents. */
        @Setup(Level.Trial)
        public void setUp() {
            dataset = new Dataset(documents);
            workspace = new Workspace();
        }

        /** Makes room. */
        @Setup(Level.Iteration)
        public void clear() {
            workspace.clear();
        }

        /** Removes everything. */
        @TearDown(Level.Trial)
        public void tearDown() {
            workspace.close();
            dataset.close();
        }
    }

    /** Sizes of one load. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Sizes {
        /** Bytes of all files behind the close. */
        public long diskBytes;
        /** Bytes of all documents. */
        public long rawBytes;
        /** The one divided by the other. */
        public double diskPerRaw;
    }

    /** All documents. */
    @Benchmark
    public Store load(Loading loading, Sizes sizes) {
        Store store = loading.contender.store(loading.workspace.directory());
        store.load(loading.dataset);
        sizes.diskBytes = loading.workspace.byteCount();
        sizes.rawBytes = loading.dataset.byteCount();
        sizes.diskPerRaw = (double) sizes.diskBytes / sizes.rawBytes;
        return store;
    }
}
