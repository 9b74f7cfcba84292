package io.nexuslite.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/** Caches beside each other, popular keys first (Zipf 0.99): each value is read or written as a whole, and a wrong one fails the run. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class CacheBenchmark {
    private static final int TRACE = 1 << 20;

    /** The cache, filled with all keys. */
    @State(Scope.Benchmark)
    public static class Filled {
        /** Which cache. */
        @Param({"NEXUSLITE", "NEXUSLITE_HYBRID", "CAFFEINE"})
        public CacheContender.Kind cache;

        /** Keys, a power of two; half as many entries have room in {@link CacheBenchmark#getPut} and {@link CacheBenchmark#put}. */
        @Param("131072")
        public int keys;

        /** Whether all keys have room. */
        @Param({"true", "false"})
        public boolean roomForAll;

        CacheContender contender;

        /** Opens and fills it. */
        @Setup(Level.Trial)
        public void setUp() {
            contender = CacheContender.open(cache, roomForAll ? keys + keys / 2 : keys / 2);
            CacheContender.Client client = contender.client();
            for (int key = 0; key < keys; key++) {
                client.put(key);
            }
        }

        /** Closes it. */
        @TearDown(Level.Trial)
        public void tearDown() {
            contender.close();
        }
    }

    /** One thread's keys. */
    @State(Scope.Thread)
    public static class Caller {
        CacheContender.Client client;
        long[] trace;
        int next;

        /** Draws the keys. */
        @Setup(Level.Trial)
        public void setUp(Filled filled, ThreadParams thread) {
            client = filled.contender.client();
            trace = KeyTraces.zipf(filled.keys, TRACE, thread.getThreadIndex());
        }

        long key() {
            return trace[next++ & TRACE - 1];
        }

        long get(long key) {
            long sum = client.get(key);
            if (sum != -1 && sum != CacheContender.sumOf(key)) {
                throw new IllegalStateException("wrong value of key " + key);
            }
            return sum;
        }
    }

    /** Lookups. */
    @Benchmark
    public long get(Filled filled, Caller caller) {
        return caller.get(caller.key());
    }

    /** Lookups by two threads. */
    @Benchmark
    @Threads(2)
    public long getTwoThreads(Filled filled, Caller caller) {
        return caller.get(caller.key());
    }

    /** Three lookups to a put. */
    @Benchmark
    public long getPut(Filled filled, Caller caller) {
        long key = caller.key();
        if ((caller.next & 3) == 0) {
            caller.client.put(key);
            return key;
        }
        return caller.get(key);
    }

    /** Puts. */
    @Benchmark
    public void put(Filled filled, Caller caller) {
        caller.client.put(caller.key());
    }
}
