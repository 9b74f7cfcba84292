package io.nexuslite.tools;

import org.bson.BsonDocument;
import picocli.CommandLine.Option;

/** Which documents a command changes, and whether that is meant. */
final class WriteFlags {
    @Option(names = {"-f", "--filter"}, paramLabel = "JSON", description = "Which documents; '{}' for any.")
    String filter;

    @Option(names = "--many", description = "All documents that match; without it the first one.")
    boolean many;

    @Option(names = "--confirm", description = "All documents of the collection are meant: needed with --many where the filter is empty.")
    boolean confirm;

    /** @throws UsageException if there is no filter, or all documents are meant and nobody said so */
    BsonDocument filter() {
        if (filter == null) {
            throw new UsageException("--filter is missing; '{}' for any document", null);
        }
        BsonDocument parsed = Texts.document(filter, "--filter");
        if (many && parsed.isEmpty() && !confirm) {
            throw new UsageException("this changes every document of the collection: add --confirm if that is meant",
                    null);
        }
        return parsed;
    }
}
