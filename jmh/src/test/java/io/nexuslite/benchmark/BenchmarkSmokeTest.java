package io.nexuslite.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Every benchmark with every contender, tiny and in this JVM: each verifies its store, or fails. The times mean nothing. */
class BenchmarkSmokeTest {
    private static final String DOCUMENTS = "500";
    private static final int ALL = Contender.values().length;

    @Test
    void readersFindEveryDocument(@TempDir Path directory) throws RunnerException {
        assertEquals(3 * ALL, run(GetBenchmark.class, directory).size());
        assertEquals(ALL, run(ScanBenchmark.class, directory).size());
    }

    @Test
    void writersFindTheirLastDocument(@TempDir Path directory) throws RunnerException {
        assertEquals(2 * ALL, run(PutBenchmark.class, directory).size());
        assertEquals(4 * (ALL - 1), run(DurablePutBenchmark.class, directory).size());
    }

    @Test
    void workloadsFindTheirLastDocument(@TempDir Path directory) throws RunnerException {
        assertEquals(Workload.values().length * (ALL - 1), run(YcsbBenchmark.class, directory).size());
    }

    @Test
    void loadsTellWhatTheyTakeOnDisk(@TempDir Path directory) throws RunnerException {
        Collection<RunResult> results = run(LoadBenchmark.class, directory);
        assertEquals(ALL, results.size());
        for (RunResult result : results) {
            double ratio = result.getSecondaryResults().get("diskPerRaw").getScore();
            assertTrue(ratio > 0.3, result.getParams() + " " + ratio); // who lost documents would have less
        }
    }

    @Test
    void opensAndCloses(@TempDir Path directory) throws RunnerException {
        assertEquals(2 * (ALL - 2), run(OpenCloseBenchmark.class, directory).size());
    }

    @Test
    void cachesGiveTheRightValues(@TempDir Path directory) throws RunnerException {
        Options options = options(CacheBenchmark.class, directory).param("keys", "16384").build();
        assertEquals(4 * 2 * CacheContender.Kind.values().length, new Runner(options).run().size());
    }

    @Test
    void cachesHitWhatIsPopular() {
        long[] trace = KeyTraces.zipf(1 << 16, 1 << 18, 0);
        for (CacheContender.Kind kind : CacheContender.Kind.values()) {
            double ratio = CacheHitRatio.hitRatio(kind, 1 << 13, trace);
            assertTrue(ratio > 0.4 && ratio < 1, kind + " " + ratio);
        }
    }

    @Test
    void datasetIsTheSameEachTime() {
        try (Dataset first = new Dataset(1000); Dataset second = new Dataset(1000)) {
            assertEquals(first.checksum(), second.checksum());
            List<Integer> places = new ArrayList<>();
            for (int index : first.loadOrder()) {
                places.add(index);
            }
            assertEquals(1000, places.stream().distinct().count());
        }
    }

    private static Collection<RunResult> run(Class<?> benchmark, Path directory) throws RunnerException {
        return new Runner(options(benchmark, directory).param("documents", DOCUMENTS).build()).run();
    }

    private static ChainedOptionsBuilder options(Class<?> benchmark, Path directory) {
        return new OptionsBuilder().include("^" + benchmark.getName().replace(".", "\\.") + "\\.").forks(0)
                .warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(20))
                .shouldFailOnError(true).output(directory.resolve("output.txt").toString());
    }
}
