package io.nexuslite.tools;

import picocli.CommandLine.Option;

/** What every subcommand understands. */
final class CommonFlags {
    @Option(names = "--json", description = "Answer and error as JSON, for programs.")
    boolean json;

    @Option(names = "--debug", description = "With an error, show where in the program it happened.")
    boolean debug;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;
}
