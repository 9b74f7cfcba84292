package io.nexuslite.tools;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where documents go, and in which of the two forms of Extended JSON. */
final class OutputFlags {
    @Option(names = {"-o",
            "--output"}, paramLabel = "FILE", description = "Write to this file, which appears when it is complete. Default: standard output.")
    Path output;

    @Option(names = "--canonical", description = "Canonical Extended JSON, which keeps every type; without it the relaxed form.")
    boolean canonical;
}
