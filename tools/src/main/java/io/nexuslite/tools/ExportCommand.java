package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DocumentCollection;
import java.util.concurrent.Callable;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes documents to a file or to standard output. */
@Command(name = "export", description = "Write the documents of a collection, from one snapshot.", sortOptions = false)
final class ExportCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CollectionFlag collection;
    @Mixin
    private QueryFlags query;
    @Mixin
    private OutputFlags output;
    @Mixin
    private CommonFlags common;

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (common.json && output.output == null) {
            throw new UsageException("--json reports on standard output, so the documents need --output", null);
        }
        QueryFlags.Parsed parsed = query.parsed();
        try (Database opened = database.openToRead()) {
            DocumentCollection<RawBsonDocument> documents = DatabaseFlags.raw(opened, collection.name);
            long start = System.nanoTime();
            long count = Exporter.export(parsed.on(documents), console, output,
                    parsed.isAll() ? documents.estimatedDocumentCount() : 0);
            long nanos = System.nanoTime() - start;
            if (common.json) {
                console.out()
                        .println(new BsonDocument("exported", new BsonInt64(count))
                                .append("millis", new BsonInt64(nanos / 1_000_000))
                                .append("output", new BsonString(output.output.toString())).toJson());
            } else {
                console.err().println("exported " + count + " documents (" + Progress.rate(count, nanos) + ")");
            }
        }
        return ExitCode.DONE;
    }
}
