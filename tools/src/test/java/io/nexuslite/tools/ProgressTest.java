package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void drawsTheBar() {
        assertEquals("import [###############...............]  50 % 1,000 (2,000/s)",
                Progress.line("import", 50, 100, 1_000, 500_000_000L));
        assertEquals("import [##############################] 100 % 7 (7/s)",
                Progress.line("import", 101, 100, 7, 1_000_000_000L));
        assertEquals("import 7 (7/s)", Progress.line("import", 7, 0, 7, 1_000_000_000L));
    }

    @Test
    void keepsQuietAboutShortSteps() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (Progress progress = new Progress(new PrintStream(err, true, StandardCharsets.UTF_8), false, "import",
                10)) {
            progress.update(5, 5);
        }
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void rateOfNoTimeIsNoFailure() {
        assertEquals("0/s", Progress.rate(0, 0));
    }
}
