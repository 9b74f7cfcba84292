package io.nexuslite.tools;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A command that is run for its answer. */
final class CapturedRun {
    private CapturedRun() {
    }

    /** What it prints; empty if it fails. */
    static String of(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int exitCode = NexusLiteCli.run(arguments, InputStream.nullInputStream(),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        return exitCode == ExitCode.DONE ? out.toString(StandardCharsets.UTF_8) : "";
    }
}
