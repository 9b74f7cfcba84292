package io.nexuslite.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.infra.ThreadParams;

/** Puts that return once they are on disk, one transaction each. All threads together. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class DurablePutBenchmark extends Settings {
    private static final int DRAWS = 1 << 16;

    /** Writes to documents of its own. */
    public static class Writer extends ClientState {
        /** Opens the thread's client. */
        @Setup(Level.Trial)
        public void setUp(DurablePutState state, ThreadParams threads) {
            open(state, Draws.own(state.dataset, DRAWS, threads.getThreadCount(), threads.getThreadIndex()),
                    new Bodies(state.dataset));
        }
    }

    /** One thread: the time of a flush, and little else. */
    @Benchmark
    public int oneThread(DurablePutState state, Writer writer) {
        return writer.client.put(writer.nextDraw());
    }

    /** Two threads. */
    @Benchmark
    @Threads(2)
    public int threads2(DurablePutState state, Writer writer) {
        return writer.client.put(writer.nextDraw());
    }

    /** Eight threads. */
    @Benchmark
    @Threads(8)
    public int threads8(DurablePutState state, Writer writer) {
        return writer.client.put(writer.nextDraw());
    }

    /** Many threads: how well they share flushes. */
    @Benchmark
    @Threads(32)
    public int threads32(DurablePutState state, Writer writer) {
        return writer.client.put(writer.nextDraw());
    }
}
