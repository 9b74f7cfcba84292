package io.nexuslite.transfer;

/**
 * How to export. Immutable; begin with {@link #DEFAULT}.
 *
 * @param style how documents are written; {@code null} for the format's own way
 * @param replaceExisting whether a file that is there is replaced, keeping its permissions; otherwise the export is refused
 */
public record ExportOptions(JsonStyle style, boolean replaceExisting) {
    /** The format's own style; an existing file is replaced. */
    public static final ExportOptions DEFAULT = new ExportOptions(null, true);

    public ExportOptions withStyle(JsonStyle style) {
        return new ExportOptions(style, replaceExisting);
    }

    public ExportOptions withReplaceExisting(boolean replaceExisting) {
        return new ExportOptions(style, replaceExisting);
    }

    JsonStyle styleFor(Format format) {
        if (style != null) {
            return style;
        }
        return format == Format.EXTJSON ? JsonStyle.CANONICAL : JsonStyle.RELAXED;
    }
}
