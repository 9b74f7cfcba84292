package io.nexuslite.tools;

import io.nexuslite.transfer.Compression;
import io.nexuslite.transfer.DocumentSink;
import io.nexuslite.transfer.ExportOptions;
import io.nexuslite.transfer.Format;
import io.nexuslite.transfer.FormatDetector;
import io.nexuslite.transfer.Formats;
import io.nexuslite.transfer.JsonStyle;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where documents go, and in which form. */
final class OutputFlags {
    @Option(names = {"-o",
            "--output"}, paramLabel = "FILE", description = "Write to this file, which appears when it is complete. Default: standard output.")
    Path output;

    @Option(names = "--format", paramLabel = "FORMAT", converter = FormatConverter.class, description = "ndjson (one document a line), json (an array), extjson (canonical, one a line), csv, tsv, bson, pandas-records, -split, -columns, -index, -values, -table. Default: by the file's name, else ndjson.")
    Format format;

    @Option(names = "--table", description = "A table for people: a column for each field of the first documents, cut to a width.")
    boolean table;

    @Option(names = "--canonical", description = "Canonical Extended JSON, which keeps every type; without it the relaxed form.")
    boolean canonical;

    @Option(names = "--plain", description = "JSON without the wrappers of Extended JSON: dates, ids and binary as strings. Not all types come back.")
    boolean plain;

    @Option(names = "--compression", paramLabel = "WHAT", description = "none, gzip, zstd, lz4. Default: by the file's name (.gz, .zst, .lz4).")
    Compression compression;

    @Mixin
    private CsvFlags csv = new CsvFlags();

    /**
     * Where the documents go. A file appears when the sink is committed; without that nothing of it stays, so nobody takes half an
     * answer for a whole one.
     */
    DocumentSink open(Console console) {
        if (table) {
            if (output != null || format != null || canonical || plain) {
                throw new UsageException("--table is for people: it goes to standard output, and has no format", null);
            }
            return new TableSink(new StandardOutput(console.out()));
        }
        return output == null
                ? Formats.create(new StandardOutput(console.out()), formatOrDefault(), options())
                : Formats.create(output, formatOrDefault(), options());
    }

    Format formatOrDefault() {
        if (format != null) {
            return format;
        }
        Format named = output == null ? null : FormatDetector.ofName(output.getFileName().toString());
        return named == null ? Format.NDJSON : named;
    }

    private ExportOptions options() {
        ExportOptions options = ExportOptions.DEFAULT.withCsv(csv.options()).withFrameLabelField(csv.indexField)
                .withCompression(compression);
        if (canonical && plain) {
            throw new UsageException("--canonical and --plain cannot both be", null);
        }
        if (plain) {
            return options.withStyle(JsonStyle.PLAIN);
        }
        return canonical ? options.withStyle(JsonStyle.CANONICAL) : options;
    }
}
