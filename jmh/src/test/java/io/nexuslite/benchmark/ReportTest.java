package io.nexuslite.benchmark;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final String RESULT = """
            {"benchmark": "io.nexuslite.benchmark.GetBenchmark.zipf", "mode": "avgt", "threads": 1,
             "params": {"contender": "%s", "documents": "1000000"},
             "primaryMetric": {"score": %s, "scoreError": %s, "scoreUnit": "ns/op"},
             "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 0.25}}}""";

    @Test
    void tellsHowMuchFasterOthersAre() {
        String json = "[" + String.format(RESULT, "NEXUSLITE", "400", "20.0") + ","
                + String.format(RESULT, "LMDB", "800", "\"NaN\"") + "]";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Report.print(json, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("### GetBenchmark.zipf, threads 1, documents 1000000"), text);
        assertTrue(text.contains("| NEXUSLITE | 400.0 ns/op | 5 % | 1.00 | 0.25 | — |"), text);
        assertTrue(text.contains("| LMDB | 800.0 ns/op | — | 0.50 | 0.25 | — |"), text);
    }
}
