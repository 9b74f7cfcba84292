package io.nexuslite.transfer;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.FieldName;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.io.Host;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Documents as a frame that pandas reads, whose columns are their fields. Documents are put aside until all have been seen, since
 * a frame names its columns first; memory depends on the columns and the longest document only. Owns its output.
 */
final class FrameSink implements DocumentSink {
    static final int BATCH_BYTES = 64 * 1024;

    final Host host;
    final Output output;
    final Spool spool;
    final TableColumns columns;
    private final FrameShape shape;
    private final FieldName labelField;
    private final JsonWriter cells = new JsonWriter(JsonStyle.PLAIN);
    final JsonWriter labels = new JsonWriter(JsonStyle.PLAIN);
    final JsonWriter text = new JsonWriter(JsonStyle.PLAIN);
    private final BsonCursor cursor = new BsonCursor();
    private final TableColumns.Visitor measure = this::measure;
    private final TableColumns.Visitor write = this::write;

    /** Bytes of the values of each column. */
    private long[] valueBytes = {};
    long labelBytes;
    long rows;
    private long labelTypes;
    private long row;
    private int[] starts = {};
    private int[] ends = {};
    private long[] rowsOf = {};
    private boolean closed;

    FrameSink(Host host, Output output, FrameShape shape, ExportOptions options) {
        this.host = host;
        this.output = output;
        this.shape = shape;
        labelField = options.frameLabelField() == null ? null : FieldName.of(options.frameLabelField());
        List<String> names = new ArrayList<>(options.csv().columns());
        names.remove(options.frameLabelField());
        columns = new TableColumns(names, false, false);
        spool = new Spool(host);
    }

    @Override
    public Outcome accept(BsonView document) {
        if (shape == FrameShape.COLUMNS || labelField != null) {
            labelBytes += label(document, rows, true);
        }
        columns.visit(document, measure);
        spool.append(document);
        rows++;
        return Outcome.INSERTED;
    }

    @Override
    public void commit() {
        int count = columns.count();
        starts = new int[count];
        ends = new int[count];
        rowsOf = new long[count];
        Arrays.fill(rowsOf, -1);
        switch (shape) {
            case SPLIT -> split();
            case COLUMNS -> new FrameColumns(this).write();
            case INDEX -> index();
            case VALUES -> values("[", "]");
            case TABLE -> table();
        }
        drain();
        output.commit();
    }

    @Override
    public long bytes() {
        return output.bytes() + text.length();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try (output) {
                spool.close();
            }
        }
    }

    private void measure(TableColumns.Node column, BsonCursor value) {
        if (isLabel(column)) {
            return;
        }
        column.count++;
        column.types |= CellWriter.typeBit(value);
        if (shape == FrameShape.COLUMNS) {
            cells.reset();
            cells.appendValue(value);
            if (column.column >= valueBytes.length) {
                valueBytes = Arrays.copyOf(valueBytes, Math.max(16, 2 * column.column));
            }
            valueBytes[column.column] += cells.length();
        }
    }

    boolean isLabel(TableColumns.Node column) {
        return labelField != null && column.name.equals(labelField);
    }

    long valueBytes(int column) {
        return column < valueBytes.length ? valueBytes[column] : 0;
    }

    /** Puts the label of a row into {@link #labels}, and returns its length. */
    int label(BsonView document, long ordinal, boolean quoted) {
        labels.reset();
        if (labelField == null) {
            if (quoted) {
                labels.appendQuoted(Long.toString(ordinal));
            } else {
                labels.append(Long.toString(ordinal));
            }
            return labels.length();
        }
        if (!document.find(labelField, cursor)) {
            throw new InvalidDocumentException("expected the field that labels the row, found none", -1,
                    labelField.name());
        }
        labelTypes |= CellWriter.typeBit(cursor);
        labels.appendValue(cursor);
        byte first = labels.bytes()[0];
        if (first == '{' || first == '[') {
            throw new InvalidDocumentException("expected a text, number or date that labels the row, found another", -1,
                    labelField.name());
        }
        if (quoted && first != '"') {
            String plain = labels.toString();
            labels.reset();
            labels.appendQuoted(plain);
        }
        return labels.length();
    }

    /** Puts the cells of a document where {@link #cell} finds them. */
    void read(BsonView document) {
        row++;
        cells.reset();
        columns.visit(document, write);
    }

    private void write(TableColumns.Node node, BsonCursor value) {
        int column = node.column;
        starts[column] = cells.length();
        cells.appendValue(value);
        ends[column] = cells.length();
        rowsOf[column] = row;
    }

    /** Whether the document read last has a value for the column. */
    boolean hasCell(int column) {
        return rowsOf[column] == row;
    }

    /** Appends the cell of the document read last; null where it has none. */
    void cell(int column, JsonWriter target) {
        if (hasCell(column)) {
            target.append(cells.bytes(), starts[column], ends[column] - starts[column]);
        } else {
            target.append("null");
        }
    }

    void drainSometimes() {
        if (text.length() >= BATCH_BYTES) {
            drain();
        }
    }

    private void drain() {
        output.write(text.bytes(), 0, text.length());
        text.reset();
    }

    private void split() {
        text.append("{\"columns\":[");
        boolean first = true;
        for (int i = 0; i < columns.count(); i++) {
            if (!isLabel(columns.column(i))) {
                separate(first);
                first = false;
                text.appendQuoted(columns.column(i).path);
            }
        }
        text.append("],\"index\":[");
        try (SpooledDocuments documents = new SpooledDocuments(spool)) {
            long ordinal = 0;
            for (BsonView document = documents.next(); document != null; document = documents.next()) {
                separate(ordinal == 0);
                label(document, ordinal++, false);
                text.append(labels.bytes(), 0, labels.length());
                drainSometimes();
            }
        }
        values("],\"data\":[", "]}");
    }

    private void separate(boolean first) {
        if (!first) {
            text.append((byte) ',');
        }
    }

    private void values(String before, String behind) {
        text.append(before);
        try (SpooledDocuments documents = new SpooledDocuments(spool)) {
            boolean firstRow = true;
            for (BsonView document = documents.next(); document != null; document = documents.next()) {
                separate(firstRow);
                firstRow = false;
                read(document);
                text.append((byte) '[');
                boolean first = true;
                for (int i = 0; i < starts.length; i++) {
                    if (shape == FrameShape.VALUES || !isLabel(columns.column(i))) {
                        separate(first);
                        first = false;
                        cell(i, text);
                    }
                }
                text.append((byte) ']');
                drainSometimes();
            }
        }
        text.append(behind);
    }

    private void index() {
        text.append((byte) '{');
        try (SpooledDocuments documents = new SpooledDocuments(spool)) {
            long ordinal = 0;
            for (BsonView document = documents.next(); document != null; document = documents.next()) {
                separate(ordinal == 0);
                label(document, ordinal++, true);
                text.append(labels.bytes(), 0, labels.length());
                text.append(":{");
                members(document, true);
                drainSometimes();
            }
        }
        text.append((byte) '}');
    }

    /** The members of an object with all columns, and its closing brace. */
    private void members(BsonView document, boolean none) {
        read(document);
        boolean first = none;
        for (int i = 0; i < starts.length; i++) {
            if (!isLabel(columns.column(i))) {
                separate(first);
                first = false;
                text.appendQuoted(columns.column(i).path);
                text.append((byte) ':');
                cell(i, text);
            }
        }
        text.append((byte) '}');
    }

    private void table() {
        String name = labelField == null ? "index" : labelField.name();
        text.append("{\"schema\":{\"fields\":[{\"name\":");
        text.appendQuoted(name);
        text.append(labelField == null ? ",\"type\":\"integer\"}" : typeOf(labelTypes, true));
        for (int i = 0; i < columns.count(); i++) {
            TableColumns.Node column = columns.column(i);
            if (!isLabel(column)) {
                if (column.path.equals(name)) {
                    throw new InvalidDocumentException("expected no field named as the label, found one", -1, name);
                }
                text.append(",{\"name\":");
                text.appendQuoted(column.path);
                text.append(typeOf(column.types, column.count == rows));
            }
        }
        text.append("],\"primaryKey\":[");
        text.appendQuoted(name);
        text.append("],\"pandas_version\":\"1.4.0\"},\"data\":[");
        try (SpooledDocuments documents = new SpooledDocuments(spool)) {
            long ordinal = 0;
            for (BsonView document = documents.next(); document != null; document = documents.next()) {
                separate(ordinal == 0);
                label(document, ordinal++, false);
                text.append((byte) '{');
                text.appendQuoted(name);
                text.append((byte) ':');
                text.append(labels.bytes(), 0, labels.length());
                members(document, false);
                drainSometimes();
            }
        }
        text.append("]}");
    }

    /** The rest of a column's description in a table's schema. */
    private static String typeOf(long types, boolean always) {
        long bits = types & ~(1L << BsonType.NULL);
        boolean whole = always && bits == types;
        long integers = 1L << BsonType.INT32 | 1L << BsonType.INT64;
        long numbers = integers | 1L << BsonType.DOUBLE | 1L << BsonType.DECIMAL128;
        if (bits == 0) {
            return ",\"type\":\"string\"}";
        }
        if ((bits & ~integers) == 0) {
            return whole ? ",\"type\":\"integer\"}" : ",\"type\":\"integer\",\"extDtype\":\"Int64\"}";
        }
        if ((bits & ~numbers) == 0) {
            return ",\"type\":\"number\"}";
        }
        if (bits == 1L << BsonType.BOOLEAN) {
            return whole ? ",\"type\":\"boolean\"}" : ",\"type\":\"boolean\",\"extDtype\":\"boolean\"}";
        }
        return bits == 1L << BsonType.DATE_TIME
                ? ",\"type\":\"datetime\",\"tz\":\"UTC\"}"
                : ",\"type\":\"string\"}";
    }
}
