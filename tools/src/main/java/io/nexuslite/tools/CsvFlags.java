package io.nexuslite.tools;

import io.nexuslite.transfer.ColumnType;
import io.nexuslite.transfer.CsvOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How tables are read and written. */
final class CsvFlags {
    @Option(names = "--delimiter", paramLabel = "C", description = "csv, tsv: what stands between cells; \\t for a tab. Default: a comma or a tab.")
    String delimiter;

    @Option(names = "--quote", paramLabel = "C", description = "csv, tsv: what stands around cells; none for nothing. Default: \".")
    String quote;

    @Option(names = "--no-header", description = "csv, tsv: the first record is no names.")
    boolean noHeader;

    @Option(names = "--columns", split = ",", paramLabel = "NAME", description = "csv, tsv, pandas: names of the columns, in their order. An export writes these and no others.")
    List<String> columns = new ArrayList<>();

    @Option(names = "--types", split = ",", paramLabel = "NAME=TYPE", description = "csv, tsv import: auto, string, int32, int64, double, decimal, bool, date, objectid, uuid, binary, json.")
    Map<String, String> types = new LinkedHashMap<>();

    @Option(names = "--typed-header", description = "csv, tsv: names carry types, as in price:decimal. Such an export keeps every type.")
    boolean typedHeader;

    @Option(names = "--no-infer", description = "csv, tsv import: cells are strings where nothing else is said.")
    boolean noInfer;

    @Option(names = "--infer-quoted", description = "csv, tsv import: find types out also in quotes.")
    boolean inferQuoted;

    @Option(names = "--flat", description = "csv, tsv: dots in names mean nothing.")
    boolean flat;

    @Option(names = "--array-columns", description = "csv, tsv export: arrays in columns tags.0, tags.1 instead of JSON in one cell.")
    boolean arrayColumns;

    @Option(names = "--array-separator", paramLabel = "C", description = "csv, tsv import: between the elements in cells of a column tags[]. Default: |.")
    String arraySeparator;

    @Option(names = "--empty", paramLabel = "WHAT", description = "csv, tsv import: an empty cell is left out (omit), null, or an empty string. Default: omit.")
    CsvOptions.Empty empty;

    @Option(names = "--null-text", paramLabel = "TEXT", description = "csv, tsv: how null is written.")
    String nullText;

    @Option(names = "--ragged", description = "csv, tsv import: records may have fewer cells than there are columns.")
    boolean ragged;

    @Option(names = "--lf", description = "csv, tsv export: end lines with a line feed alone.")
    boolean lineFeeds;

    @Option(names = "--index-field", paramLabel = "FIELD", description = "pandas: field that is the label of a row, such as _id. Default: running numbers; an import calls other labels index.")
    String indexField;

    /** @throws UsageException if they make no sense */
    CsvOptions options() {
        try {
            CsvOptions options = CsvOptions.DEFAULT.withHeader(!noHeader).withColumns(columns).withTypes(parsedTypes())
                    .withTypedHeader(typedHeader).withInferring(!noInfer).withInferringQuoted(inferQuoted)
                    .withNested(!flat).withArrayColumns(arrayColumns).withNullText(nullText).withRagged(ragged)
                    .withCarriageReturns(!lineFeeds);
            if (quote != null) {
                options = quote.equals("none")
                        ? options.withoutQuote()
                        : options.withQuote(character(quote, "--quote"));
            }
            if (arraySeparator != null) {
                options = options.withArraySeparator(character(arraySeparator, "--array-separator"));
            }
            if (delimiter != null) {
                options = options.withDelimiter(character(delimiter, "--delimiter"));
            }
            return empty == null ? options : options.withEmpty(empty);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private Map<String, ColumnType> parsedTypes() {
        Map<String, ColumnType> parsed = new LinkedHashMap<>();
        types.forEach((name, type) -> parsed.put(name, ColumnType.of(type)));
        return parsed;
    }

    private static char character(String text, String flag) {
        String plain = text.equals("\\t") ? "\t" : text;
        if (plain.length() != 1) {
            throw new UsageException(flag + " must be one character, found '" + text + "'", null);
        }
        return plain.charAt(0);
    }
}
