package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.transfer.Compression;
import io.nexuslite.transfer.DumpMetadata;
import io.nexuslite.transfer.FieldSelection;
import io.nexuslite.transfer.Format;
import io.nexuslite.transfer.ImportMode;
import io.nexuslite.transfer.ImportOptions;
import io.nexuslite.transfer.ImportReport;
import io.nexuslite.transfer.RowError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
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
    /** Bytes by whose first line an input is known again. */
    private static final int HEAD_SIZE = 256;

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
    @Option(names = "--error-file", paramLabel = "FILE", description = "With --skip-errors: describe the rows left out here, one JSON document a line, also if the import fails; none for no file. Default: FILE.errors.jsonl.")
    private Path errorFile;
    @Option(names = "--batch", paramLabel = "N", defaultValue = "1000", description = "Documents of a transaction. Default: ${DEFAULT-VALUE}.")
    private int batch;
    @Option(names = "--id-field", paramLabel = "FIELD", description = "This field becomes the _id; a row without it, or with an _id beside it, is refused.")
    private String idField;
    @Option(names = "--compression", paramLabel = "WHAT", description = "none, gzip, zstd, lz4. Default: found out.")
    private Compression compression;
    @Option(names = "--expansion-max", paramLabel = "N", description = "Compressed input that becomes more than so many times as large, beyond 64 MiB, is refused. Default: ${DEFAULT-VALUE}.", defaultValue = "1000")
    private int expansionMax;
    @Option(names = "--fields", split = ",", paramLabel = "FIELD", description = "Fields to take; default: all.")
    private Set<String> fields = new LinkedHashSet<>();
    @Option(names = "--drop-fields", split = ",", paramLabel = "FIELD", description = "Fields to leave out.")
    private Set<String> dropped = new LinkedHashSet<>();
    @Option(names = "--rename", split = ",", paramLabel = "OLD=NEW", description = "Fields to rename, before any becomes the _id.")
    private Map<String, String> renamed = new LinkedHashMap<>();
    @Option(names = "--ttl-field", paramLabel = "FIELD", description = "Field that says when a document expires: a date, or seconds from now on.")
    private String expiryField;
    @Option(names = "--dry-run", description = "Read and check everything, and store nothing.")
    private boolean dryRun;
    @Option(names = "--resume", description = "Go on where an import of this FILE ended before its time; how far it came stands in FILE.resume.json.")
    private boolean resume;
    @Option(names = "--drop", description = "Drop the collection before the first row is stored.")
    private boolean drop;
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
                Database opened = dryRun ? database.openToChange() : database.openOrCreate()) {
            if (drop && !dryRun && !(resume && Files.exists(stateFile()))) {
                opened.dropCollection(target);
            }
            report = importer.into(opened, target);
        }
        if (report.cancelled()) {
            console.err().println("nexuslite: cancelled; the batches stored until then stay");
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
        return report.errors() == 0 && !report.cancelled() ? ExitCode.DONE : ExitCode.REFUSED;
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
                    .withFrameLabelField(csv.indexField)
                    .withCompression(compression).withDecompressionLimits(expansionMax, Long.MAX_VALUE)
                    .withFields(new FieldSelection(fields, dropped, renamed)).withExpiryField(expiryField)
                    .withDryRun(dryRun);
            if (resume) {
                options = options.withResume(stateFile(), inputKey());
            }
            return skipErrors
                    ? options.withSkippedErrors(errorsMax == null ? Long.MAX_VALUE : errorsMax, errorFile())
                    : options;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private Path errorFile() {
        if (errorFile != null) {
            return errorFile.toString().equals("none") ? null : errorFile;
        }
        return input.equals("-") ? null : Path.of(input + ".errors.jsonl");
    }

    private Path stateFile() {
        return Path.of(input + ".resume.json");
    }

    private String inputKey() {
        if (input.equals("-")) {
            throw new UsageException("--resume needs a file: standard input cannot be read again", null);
        }
        byte[] head = new byte[HEAD_SIZE];
        try (InputStream in = Files.newInputStream(Path.of(input))) {
            int length = in.readNBytes(head, 0, HEAD_SIZE);
            CRC32 crc = new CRC32();
            for (int i = 0; i < length && head[i] != '\n'; i++) { // a row that was mended since may stand anywhere behind
                crc.update(head[i]);
            }
            return Path.of(input).getFileName() + " " + Long.toHexString(crc.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
