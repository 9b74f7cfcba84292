package io.nexuslite.benchmark;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.ThreadParams;

/** Puts of a new document in place of any other, one transaction each, that do not wait for the disk. */
public class PutBenchmark extends Settings {
    private static final int DRAWS = 1 << 20;

    /** Writes to documents of its own. */
    public static class Writer extends ClientState {
        /** Opens the thread's client. */
        @Setup(Level.Trial)
        public void setUp(PutState state, ThreadParams threads) {
            open(state, Draws.own(state.dataset, DRAWS, threads.getThreadCount(), threads.getThreadIndex()),
                    new Bodies(state.dataset));
        }
    }

    /** One thread. */
    @Benchmark
    public int put(PutState state, Writer writer) {
        return writer.client.put(writer.nextDraw());
    }
}
