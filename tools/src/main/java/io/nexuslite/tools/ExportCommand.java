package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DocumentCollection;
import io.nexuslite.transfer.DocumentSource;
import io.nexuslite.transfer.DumpMetadata;
import io.nexuslite.transfer.ExportReport;
import io.nexuslite.transfer.Format;
import java.util.List;
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
            ExportReport report;
            try (DocumentSource source = parsed.on(documents).source()) {
                report = Exporter.export(source, console, output, "export",
                        parsed.isAll() ? documents.estimatedDocumentCount() : 0);
            }
            if (output.output != null && output.formatOrDefault() == Format.BSON) {
                new DumpMetadata(collection.name, List.of()).write(output.output);
            }
            if (common.json) {
                console.out()
                        .println(new BsonDocument("exported", new BsonInt64(report.rows()))
                                .append("bytes", new BsonInt64(report.bytes()))
                                .append("millis", new BsonInt64(report.nanos() / 1_000_000))
                                .append("output", new BsonString(output.output.toString())).toJson());
            } else {
                console.err().println("exported " + report.rows() + " documents ("
                        + Progress.rate(report.rows(), report.nanos()) + ")");
            }
        }
        return ExitCode.DONE;
    }
}
