package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.transfer.DumpMetadata;
import io.nexuslite.transfer.Format;
import io.nexuslite.transfer.ImportMode;
import io.nexuslite.transfer.ImportOptions;
import io.nexuslite.transfer.ImportReport;
import io.nexuslite.transfer.RowError;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads documents from a file or from standard input into a collection. */
@Command(name = "import", sortOptions = false, description = "Read documents into a collection. The first row that is refused ends it (exit code 1); the batches before it stay.")
final class ImportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "What to read; - or nothing for standard input.")
    private String input = "-";
    @Mixin
    private DatabaseFlags database;
    @Option(names = {"-c",
            "--collection"}, paramLabel = "NAME", description = "Collection of the documents. Default for a .bson file: as its .metadata.json says, else the file's name.")
    private String collection;
    @Option(names = "--format", paramLabel = "FORMAT", converter = FormatConverter.class, description = "ndjson (one document a line), json or extjson (an array, or documents one behind the other), csv, tsv, bson, pandas-records, -split, -columns, -index, -values, -table. Default: found out.")
    private Format format;
    @Option(names = "--mode", paramLabel = "MODE", defaultValue = "insert", description = "A document whose _id is there already: insert refuses its row, upsert replaces, skip keeps the old one, fail ends the "
            + "import also with --skip-errors. Default: ${DEFAULT-VALUE}.")
    private ImportMode mode;
    @Option(names = "--skip-errors", description = "Leave out rows that are refused, tell them, and go on; exit code 1 if there were any.")
    private boolean skipErrors;
    @Option(names = "--max-errors", paramLabel = "N", description = "With --skip-errors: most rows to leave out; one more ends the import.")
    private Long errorsMax;
    @Option(names = "--error-file", paramLabel = "FILE", description = "With --skip-errors: describe the rows left out here, one JSON document a line, also if the import fails.")
    private Path errorFile;
    @Option(names = "--batch", paramLabel = "N", defaultValue = "1000", description = "Documents of a transaction. Default: ${DEFAULT-VALUE}.")
    private int batch;
    @Option(names = "--id-field", paramLabel = "FIELD", description = "This field becomes the _id; a row without it, or with an _id beside it, is refused.")
    private String idField;
    @Mixin
    private CsvFlags csv;
    @Mixin
    private CommonFlags common;

    ImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ImportOptions options = options();
        String target = collection != null ? collection : collectionOfDump();
        ImportReport report;
        try (Importer importer = input.equals("-")
                ? Importer.fromStandardInput(format, options, console)
                : Importer.fromFile(Path.of(input), format, options, console);
                Database opened = database.openOrCreate()) {
            report = importer.into(opened, target);
        }
        for (RowError error : report.firstErrors()) {
            console.err().println("nexuslite: " + NexusLiteCli.oneLine(error.reason()));
        }
        if (common.json) {
            console.out().println(json(report).toJson());
        } else {
            console.out()
                    .println("read " + report.rows() + ", inserted " + report.inserted() + ", replaced "
                            + report.replaced() + ", skipped "
                            + report.skipped() + ", refused " + report.errors() + " ("
                            + Progress.rate(report.rows(), report.nanos()) + ")");
        }
        return report.errors() == 0 ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private String collectionOfDump() {
        String name = input.equals("-") ? "" : String.valueOf(Path.of(input).getFileName());
        int suffix = name.indexOf(".bson");
        if (suffix < 1) {
            throw new UsageException("--collection is missing", null);
        }
        DumpMetadata metadata = DumpMetadata.read(Path.of(input));
        if (metadata != null && !metadata.indexes().isEmpty()) {
            console.err().println("nexuslite: note: the dump has " + metadata.indexes().size()
                    + " indexes beside that of _id, which are not made");
        }
        return metadata != null && metadata.collectionName() != null
                ? metadata.collectionName()
                : name.substring(0, suffix);
    }

    private ImportOptions options() {
        if (!skipErrors && (errorsMax != null || errorFile != null)) {
            throw new UsageException("--max-errors and --error-file say how to skip: add --skip-errors", null);
        }
        try {
            ImportOptions options = ImportOptions.DEFAULT.withMode(mode)
                    .withBatch(batch, ImportOptions.DEFAULT.batchBytes())
                    .withIdField(idField).withCsv(csv.options())
                    .withFrameLabelField(csv.indexField);
            return skipErrors
                    ? options.withSkippedErrors(errorsMax == null ? Long.MAX_VALUE : errorsMax, errorFile)
                    : options;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private static BsonDocument json(ImportReport report) {
        BsonArray errors = new BsonArray();
        for (RowError error : report.firstErrors()) {
            errors.add(new BsonDocument("line", new BsonInt64(error.line()))
                    .append("column", new BsonInt64(error.column()))
                    .append("byte", new BsonInt64(error.bytePosition()))
                    .append("reason", new BsonString(error.reason())));
        }
        return new BsonDocument("read", new BsonInt64(report.rows()))
                .append("inserted", new BsonInt64(report.inserted()))
                .append("replaced", new BsonInt64(report.replaced())).append("skipped", new BsonInt64(report.skipped()))
                .append("refused", new BsonInt64(report.errors())).append("bytes", new BsonInt64(report.bytes()))
                .append("millis", new BsonInt64(report.nanos() / 1_000_000)).append("errors", errors);
    }
}
