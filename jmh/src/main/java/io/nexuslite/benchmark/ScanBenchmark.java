package io.nexuslite.benchmark;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** Scans over all documents in the order of their ids, each read in full; the time is that of one document. */
public class ScanBenchmark extends Settings {
    private static final int STEPS = 1000;

    /** Goes on where the last invocation stopped. */
    public static class Scanner extends ClientState {
        /** Opens the thread's client. */
        @Setup(Level.Trial)
        public void setUp(ReadState state) {
            open(state, Draws.uniform(state.dataset, 1, 0), null);
        }
    }

    /** Forwards, from the first document to the last, and again. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public long ordered(ReadState state, Scanner scanner) {
        return scanner.client.scan(STEPS);
    }
}
