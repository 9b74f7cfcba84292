package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.error.IoFailedException;
import io.nexuslite.error.RowException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void saysWhatACallerWouldDoDifferently() {
        assertEquals(ExitCode.USAGE, ExitCode.of(new UsageException("x", null)));
        assertEquals(ExitCode.REFUSED, ExitCode.of(new RefusedException("x")));
        assertEquals(ExitCode.REFUSED, ExitCode.of(new RowException("x", 1, 1, 0, null)));
        assertEquals(ExitCode.FAILED, ExitCode.of(new DatabaseLockedException("a.nxl", 1, "host", 0)));
        assertEquals(ExitCode.FAILED, ExitCode.of(new IoFailedException("pread", 5, "a.nxl", 0, "x", null)));
        assertEquals(ExitCode.FAILED, ExitCode.of(new IllegalStateException("x")));
    }

    @Test
    void messageIsOneLine() {
        assertEquals("no such file: a", NexusLiteCli.messageOf(new UncheckedIOException(new NoSuchFileException("a"))));
        assertEquals("input or output failed: a b",
                NexusLiteCli.messageOf(new UncheckedIOException(new IOException("a\n  b\n"))));
        assertTrue(NexusLiteCli.messageOf(new IllegalStateException("x")).contains("defect"));
    }
}
