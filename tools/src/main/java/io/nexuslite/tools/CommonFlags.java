package io.nexuslite.tools;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every subcommand understands. */
final class CommonFlags {
    /** How much is logged. */
    enum LogLevel {
        error, warn, info, debug, trace
    }

    @Option(names = "--json", description = "Answer and error as JSON, for programs.")
    boolean json;

    @Option(names = "--debug", description = "With an error, show where in the program it happened.")
    boolean debug;

    @Option(names = "--log-level", paramLabel = "LEVEL", description = "error, warn, info, debug or trace. Default: warn.")
    void setLogLevel(LogLevel level) {
        System.setProperty(QuietLogging.LEVEL, level.name());
    }

    @Option(names = "--log-file", paramLabel = "FILE", description = "Append the log to this file instead of standard error.")
    void setLogFile(Path file) {
        System.setProperty(QuietLogging.FILE, file.toString());
    }

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;
}
