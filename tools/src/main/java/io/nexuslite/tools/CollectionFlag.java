package io.nexuslite.tools;

import picocli.CommandLine.Option;

/** Which collection. */
final class CollectionFlag {
    @Option(names = {"-c",
            "--collection"}, required = true, paramLabel = "NAME", description = "Collection of the documents.")
    String name;
}
