package io.nexuslite.transfer;

import java.util.Objects;
import java.util.function.Consumer;

/** How to export. Immutable; begin with {@link #DEFAULT} and change it by the {@code with} methods. */
public final class ExportOptions {
    /** The format's own style; an existing file is replaced. */
    public static final ExportOptions DEFAULT = new ExportOptions();

    private JsonStyle style;
    private boolean replaceExisting = true;
    private CsvOptions csv = CsvOptions.DEFAULT;
    private String frameLabelField;

    private ExportOptions() {
    }

    private ExportOptions(ExportOptions from) {
        style = from.style;
        replaceExisting = from.replaceExisting;
        csv = from.csv;
        frameLabelField = from.frameLabelField;
    }

    private ExportOptions with(Consumer<ExportOptions> change) {
        ExportOptions changed = new ExportOptions(this);
        change.accept(changed);
        return changed;
    }

    /** How documents are written; {@code null} for the format's own way. */
    public ExportOptions withStyle(JsonStyle style) {
        return with(options -> options.style = style);
    }

    /** Whether a file that is there is replaced, keeping its permissions; otherwise the export is refused. */
    public ExportOptions withReplaceExisting(boolean replaceExisting) {
        return with(options -> options.replaceExisting = replaceExisting);
    }

    /** Field that is the label of a row of a pandas frame; with {@code null}, the default, labels are running numbers from 0 on. */
    public ExportOptions withFrameLabelField(String frameLabelField) {
        return with(options -> options.frameLabelField = frameLabelField);
    }

    /** How CSV and TSV are written; of frames of pandas, names of the columns. */
    public ExportOptions withCsv(CsvOptions csv) {
        return with(options -> options.csv = Objects.requireNonNull(csv, "csv"));
    }

    public JsonStyle style() {
        return style;
    }

    public boolean replaceExisting() {
        return replaceExisting;
    }

    public String frameLabelField() {
        return frameLabelField;
    }

    public CsvOptions csv() {
        return csv;
    }

    JsonStyle styleFor(Format format) {
        if (style != null) {
            return style;
        }
        if (format.isFrame()) {
            return JsonStyle.PLAIN;
        }
        return format == Format.EXTJSON ? JsonStyle.CANONICAL : JsonStyle.RELAXED;
    }
}
