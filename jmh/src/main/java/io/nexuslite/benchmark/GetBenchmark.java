package io.nexuslite.benchmark;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.infra.ThreadParams;

/** Gets of one document by its id, read in full. Everything is in memory. */
public class GetBenchmark extends Settings {
    private static final int DRAWS = 1 << 20;

    /** Draws every document as often as any other. */
    public static class Uniform extends ClientState {
        /** Opens the thread's client. */
        @Setup(Level.Trial)
        public void setUp(ReadState state, ThreadParams thread) {
            open(state, Draws.uniform(state.dataset, DRAWS, thread.getThreadIndex()), null);
        }
    }

    /** Draws few documents often. */
    public static class Zipf extends ClientState {
        /** Opens the thread's client. */
        @Setup(Level.Trial)
        public void setUp(ReadState state, ThreadParams thread) {
            open(state, Draws.zipf(state.dataset, DRAWS, thread.getThreadIndex()), null);
        }
    }

    /** Any document, one thread. */
    @Benchmark
    public long uniform(ReadState state, Uniform client) {
        return client.client.get(client.nextDraw());
    }

    /** Any document, two threads; the time is that of one thread's get. */
    @Benchmark
    @Threads(2)
    public long uniformTwoThreads(ReadState state, Uniform client) {
        return client.client.get(client.nextDraw());
    }

    /** Popular documents, one thread. */
    @Benchmark
    public long zipf(ReadState state, Zipf client) {
        return client.client.get(client.nextDraw());
    }
}
