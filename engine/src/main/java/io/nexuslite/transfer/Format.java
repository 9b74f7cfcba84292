package io.nexuslite.transfer;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How documents lie in a file. */
public enum Format {
    /** One JSON document a line. Written as relaxed Extended JSON. */
    NDJSON("ndjson", "ndjson", "jsonl"),
    /** An array of JSON documents, or documents one behind the other, on as many lines as they like. Written as an array. */
    JSON("json", "json"),
    /** As NDJSON and read as {@link #JSON}, but written as canonical Extended JSON, which keeps every type. */
    EXTJSON("extjson", "extjson", "ejson"),
    /** Records of cells between commas, as RFC 4180 has it; see {@link CsvOptions}. */
    CSV("csv", "csv"),
    /** As CSV between tabs. */
    TSV("tsv", "tsv", "tab"),
    /** Documents of BSON one behind the other, as {@code mongodump} writes them. */
    BSON("bson", "bson"),
    /** What pandas' {@code to_json(orient="records")} writes: an array of documents, without wrappers of Extended JSON. */
    PANDAS_RECORDS("pandas-records"),
    /** {@code orient="split"}: columns, labels and rows of cells, each an array. */
    PANDAS_SPLIT("pandas-split"),
    /** {@code orient="columns"}, the default: for each column its cells by label. */
    PANDAS_COLUMNS("pandas-columns"),
    /** {@code orient="index"}: for each label its cells by column. */
    PANDAS_INDEX("pandas-index"),
    /** {@code orient="values"}: rows of cells without names. */
    PANDAS_VALUES("pandas-values"),
    /** {@code orient="table"}: a schema, and an array of documents. */
    PANDAS_TABLE("pandas-table");

    private final String label;
    private final String[] suffixes;

    Format(String label, String... suffixes) {
        this.label = label;
        this.suffixes = suffixes;
    }

    /** Whether it is one of pandas. */
    boolean isFrame() {
        return ordinal() >= PANDAS_RECORDS.ordinal();
    }

    /** How a frame is laid out in one value; {@code null} if it is not. */
    FrameShape shape() {
        return switch (this) {
            case PANDAS_SPLIT -> FrameShape.SPLIT;
            case PANDAS_COLUMNS -> FrameShape.COLUMNS;
            case PANDAS_INDEX -> FrameShape.INDEX;
            case PANDAS_VALUES -> FrameShape.VALUES;
            case PANDAS_TABLE -> FrameShape.TABLE;
            default -> null;
        };
    }

    /** The name by which users choose it. */
    public String label() {
        return label;
    }

    /** Suffixes of files in this format, without dot, the usual one first. */
    public String[] suffixes() {
        return suffixes.clone();
    }

    /**
     * The format with that label, in any case.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Format of(String label) {
        for (Format format : values()) {
            if (format.label.equalsIgnoreCase(label)) {
                return format;
            }
        }
        throw new IllegalArgumentException("Unknown format: expected " + labels() + ", found " + label);
    }

    /** All labels, for people. */
    public static String labels() {
        return Arrays.stream(values()).map(Format::label).collect(Collectors.joining(", "));
    }
}
