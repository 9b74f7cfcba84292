package io.nexuslite.transfer;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How tables of text are read and written: RFC 4180 where nothing else is said. Immutable; begin with {@link #DEFAULT} and change it
 * by the {@code with} methods.
 *
 * <p>A name such as {@code address.city} means a field of a document, {@code tags.0} an element of an array, and {@code tags[]} an
 * array whose elements stand in one cell.
 */
public final class CsvOptions {
    /** What becomes of a cell with nothing in it, not even quotes. */
    public enum Empty {
        /** The field is left out. */
        OMIT,
        /** The field is null. */
        NULL,
        /** The field is an empty string, where its type allows for strings. */
        STRING
    }

    /** Comma, double quotes, names in the first record, types found out; empty cells are left out. */
    public static final CsvOptions DEFAULT = new CsvOptions();

    private static final int NONE = -1;

    private int delimiter = NONE;
    private int quote = '"';
    private boolean header = true;
    private List<String> columns = List.of();
    private Map<String, ColumnType> types = Map.of();
    private boolean typedHeader;
    private boolean inferring = true;
    private boolean inferringQuoted;
    private boolean nested = true;
    private boolean arrayColumns;
    private char arraySeparator = '|';
    private Empty empty = Empty.OMIT;
    private String nullText;
    private boolean ragged;
    private boolean carriageReturns = true;

    private CsvOptions() {
    }

    private CsvOptions(CsvOptions from) {
        delimiter = from.delimiter;
        quote = from.quote;
        header = from.header;
        columns = from.columns;
        types = from.types;
        typedHeader = from.typedHeader;
        inferring = from.inferring;
        inferringQuoted = from.inferringQuoted;
        nested = from.nested;
        arrayColumns = from.arrayColumns;
        arraySeparator = from.arraySeparator;
        empty = from.empty;
        nullText = from.nullText;
        ragged = from.ragged;
        carriageReturns = from.carriageReturns;
    }

    private CsvOptions with(Consumer<CsvOptions> change) {
        CsvOptions changed = new CsvOptions(this);
        change.accept(changed);
        if (changed.delimiter >= 0
                && (changed.delimiter == changed.quote || changed.arraySeparator == changed.delimiter)) {
            throw new IllegalArgumentException("Delimiter, quote and separator of arrays must be different");
        }
        return changed;
    }

    /** What stands between cells, in place of the comma of CSV or the tab of TSV: ASCII, and nothing that numbers are made of. */
    public CsvOptions withDelimiter(char delimiter) {
        return with(options -> options.delimiter = checked("Delimiter", delimiter));
    }

    /** What stands around cells that hold delimiters. */
    public CsvOptions withQuote(char quote) {
        return with(options -> options.quote = checked("Quote", quote));
    }

    /** Nothing stands around cells: a cell cannot hold a delimiter or the end of a line. */
    public CsvOptions withoutQuote() {
        return with(options -> options.quote = NONE);
    }

    /** Whether the first record is names; without, columns are {@link #withColumns as said} or {@code column1} and so on. */
    public CsvOptions withHeader(boolean header) {
        return with(options -> options.header = header);
    }

    /**
     * Names of the columns, in their order. In an import they stand for those of the file; an export writes these and no others,
     * and then needs to look at each document once only.
     */
    public CsvOptions withColumns(List<String> columns) {
        return with(options -> options.columns = List.copyOf(columns));
    }

    /** Types by name of the column; the others are found out. */
    public CsvOptions withTypes(Map<String, ColumnType> types) {
        return with(options -> options.types = Map.copyOf(types));
    }

    /**
     * Whether names carry the type of their column, as in {@code price:decimal}. An export that writes them keeps every type and
     * value, but for names that hold dots, and arrays that are in columns of their own.
     */
    public CsvOptions withTypedHeader(boolean typedHeader) {
        return with(options -> options.typedHeader = typedHeader);
    }

    /** Whether types are found out; if not, all is strings where nothing else is said. */
    public CsvOptions withInferring(boolean inferring) {
        return with(options -> options.inferring = inferring);
    }

    /** Whether types are found out also in quotes; if not, what stands in quotes is a string. */
    public CsvOptions withInferringQuoted(boolean inferringQuoted) {
        return with(options -> options.inferringQuoted = inferringQuoted);
    }

    /** Whether dots in names mean documents in documents. */
    public CsvOptions withNested(boolean nested) {
        return with(options -> options.nested = nested);
    }

    /** Whether an export writes arrays in columns {@code tags.0}, {@code tags.1}; otherwise as JSON in one cell. */
    public CsvOptions withArrayColumns(boolean arrayColumns) {
        return with(options -> options.arrayColumns = arrayColumns);
    }

    /** What stands between the elements in a cell of a column such as {@code tags[]}. */
    public CsvOptions withArraySeparator(char arraySeparator) {
        return with(options -> options.arraySeparator = (char) checked("Separator of arrays", arraySeparator));
    }

    public CsvOptions withEmpty(Empty empty) {
        return with(options -> options.empty = Objects.requireNonNull(empty, "empty"));
    }

    /** How null is written: read as null where it stands without quotes; {@code null} for no such text. */
    public CsvOptions withNullText(String nullText) {
        return with(options -> options.nullText = nullText);
    }

    /** Whether a record may have fewer cells than there are columns. More are never allowed. */
    public CsvOptions withRagged(boolean ragged) {
        return with(options -> options.ragged = ragged);
    }

    /** Whether an export ends lines as RFC 4180 says, by carriage return and line feed; otherwise by line feed. */
    public CsvOptions withCarriageReturns(boolean carriageReturns) {
        return with(options -> options.carriageReturns = carriageReturns);
    }

    byte delimiter(boolean tabs) {
        return (byte) (delimiter != NONE ? delimiter : tabs ? '\t' : ',');
    }

    boolean hasDelimiter() {
        return delimiter != NONE;
    }

    /** Below zero for none. */
    int quote() {
        return quote;
    }

    boolean header() {
        return header;
    }

    List<String> columns() {
        return columns;
    }

    Map<String, ColumnType> types() {
        return types;
    }

    boolean typedHeader() {
        return typedHeader;
    }

    boolean inferring() {
        return inferring;
    }

    boolean inferringQuoted() {
        return inferringQuoted;
    }

    boolean nested() {
        return nested;
    }

    boolean arrayColumns() {
        return arrayColumns;
    }

    byte arraySeparator() {
        return (byte) arraySeparator;
    }

    Empty empty() {
        return empty;
    }

    String nullText() {
        return nullText;
    }

    boolean ragged() {
        return ragged;
    }

    boolean carriageReturns() {
        return carriageReturns;
    }

    private static int checked(String what, char c) {
        boolean allowed = c > 0 && c < 0x7F && !Character.isLetterOrDigit(c) && "\r\n.-+".indexOf(c) < 0;
        if (!allowed) {
            throw new IllegalArgumentException(
                    what + " must be an ASCII character that is no letter, digit, line end, point or"
                            + " sign, found U+" + Integer.toHexString(0x10000 + c).substring(1));
        }
        return c;
    }
}
