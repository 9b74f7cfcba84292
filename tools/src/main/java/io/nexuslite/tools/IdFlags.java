package io.nexuslite.tools;

import picocli.CommandLine.Option;

/** How the id of a command line is read. */
final class IdFlags {
    @Option(names = "--id-type", paramLabel = "TYPE", defaultValue = "auto", description = "${COMPLETION-CANDIDATES}. auto: Extended JSON if it is that, else a UUID if it looks like one, else a string.")
    Texts.IdType type;
}
