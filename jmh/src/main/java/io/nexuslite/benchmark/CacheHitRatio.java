package io.nexuslite.benchmark;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Hit ratios of caches of the same size on the same traces: each miss is put. Prints a table: {@code java -cp benchmarks.jar
 * io.nexuslite.benchmark.CacheHitRatio [KEYS]}.
 */
public final class CacheHitRatio {
    private static final int KEYS = 1 << 17;
    private static final int ROUNDS = 20;

    private CacheHitRatio() {
    }

    /** Runs all traces. */
    public static void main(String... arguments) {
        print(arguments.length == 0 ? KEYS : Integer.parseInt(arguments[0]), System.out);
    }

    static void print(int keys, PrintStream output) {
        int length = keys * ROUNDS;
        output.printf("%-18s %8s %8s %8s%n", "cache of a tenth", "zipf", "shifting", "loop");
        for (CacheContender.Kind kind : CacheContender.Kind.values()) {
            output.printf(Locale.ROOT, "%-18s %8.4f %8.4f %8.4f%n", kind,
                    hitRatio(kind, keys / 10, KeyTraces.zipf(keys, length, 0)),
                    hitRatio(kind, keys / 10, KeyTraces.shiftingZipf(keys, length)),
                    hitRatio(kind, keys / 10, KeyTraces.loop(keys / 5, length)));
        }
    }

    static double hitRatio(CacheContender.Kind kind, int entries, long[] trace) {
        try (CacheContender contender = CacheContender.open(kind, entries)) {
            CacheContender.Client client = contender.client();
            long hits = 0;
            for (long key : trace) {
                long sum = client.get(key);
                if (sum == -1) {
                    client.put(key);
                } else if (sum != CacheContender.sumOf(key)) {
                    throw new IllegalStateException("wrong value of key " + key);
                } else {
                    hits++;
                }
            }
            return (double) hits / trace.length;
        }
    }
}
