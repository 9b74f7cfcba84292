package io.nexuslite.transfer;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.io.Host;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Documents as records of CSV or TSV. Where the columns are not said, documents are put aside until all have been seen, and all
 * is written by {@link #commit}; memory is bounded by the longest document and the columns. Owns its output.
 */
final class CsvSink implements DocumentSink {
    private static final int BATCH_BYTES = 64 * 1024;

    private final Output output;
    private final CsvOptions options;
    private final byte delimiter;
    private final TableColumns columns;
    private final CellWriter writer;
    /** Where documents wait; {@code null} if they need not. */
    private final Spool spool;
    private final ByteText cells = new ByteText();
    private final ByteText text = new ByteText();
    private final TableColumns.Visitor register = this::register;
    private final TableColumns.Visitor write = this::write;

    /** Where the cells of the open record lie, by column; those of another record are empty. */
    private int[] starts = {};
    private int[] ends = {};
    private boolean[] quoted = {};
    private long[] records = {};
    private boolean[] asJson = {};
    private long record;
    private boolean begun;
    private boolean closed;

    CsvSink(Host host, Output output, boolean tabs, CsvOptions options) {
        this.output = output;
        this.options = options;
        delimiter = options.delimiter(tabs);
        columns = new TableColumns(options.columns(), options.nested(), options.arrayColumns());
        writer = new CellWriter(options, delimiter,
                options.typedHeader() ? JsonStyle.CANONICAL_COMPACT : JsonStyle.RELAXED_COMPACT);
        spool = options.columns().isEmpty() || options.typedHeader() ? new Spool(host) : null;
    }

    @Override
    public Outcome accept(BsonView document) {
        if (spool != null) {
            columns.visit(document, register);
            spool.append(document);
        } else {
            begin();
            record(document);
        }
        return Outcome.INSERTED;
    }

    @Override
    public void commit() {
        begin();
        if (spool != null) {
            try (SpooledDocuments documents = new SpooledDocuments(spool)) {
                for (BsonView document = documents.next(); document != null; document = documents.next()) {
                    record(document);
                }
            }
        }
        drain();
        output.commit();
    }

    @Override
    public long bytes() {
        return output.bytes() + text.length;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try (output) {
                if (spool != null) {
                    spool.close();
                }
            }
        }
    }

    private void register(TableColumns.Node column, BsonCursor cursor) {
        column.types |= CellWriter.typeBit(cursor);
    }

    /** Writes the names, once the columns are known. */
    private void begin() {
        if (begun) {
            return;
        }
        begun = true;
        int count = columns.count();
        starts = new int[count];
        ends = new int[count];
        quoted = new boolean[count];
        asJson = new boolean[count];
        records = new long[count];
        Arrays.fill(records, -1);
        for (int i = 0; i < count; i++) {
            TableColumns.Node column = columns.column(i);
            ColumnType type = CellWriter.typeOf(column.types);
            asJson[i] = options.typedHeader() && type == ColumnType.JSON;
            if (options.header()) {
                String name = options.typedHeader() ? column.path + ":" + type.label() : column.path;
                byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
                separate(i);
                cell(utf8, 0, utf8.length, writer.needsQuotes(utf8, 0, utf8.length), column);
            }
        }
        if (options.header() && count > 0) {
            endLine();
        }
    }

    private void record(BsonView document) {
        record++;
        cells.length = 0;
        columns.visit(document, write);
        int count = starts.length;
        for (int i = 0; i < count; i++) {
            separate(i);
            if (records[i] == record) {
                cell(cells.bytes, starts[i], ends[i] - starts[i], quoted[i], columns.column(i));
            }
        }
        if (count > 0) {
            endLine();
        }
        if (text.length >= BATCH_BYTES) {
            drain();
        }
    }

    private void write(TableColumns.Node node, BsonCursor cursor) {
        int column = node.column;
        starts[column] = cells.length;
        writer.append(cursor, asJson[column], cells);
        ends[column] = cells.length;
        quoted[column] = writer.isQuoted();
        records[column] = record;
    }

    private void separate(int column) {
        if (column > 0) {
            text.put(delimiter);
        }
    }

    private void cell(byte[] bytes, int from, int length, boolean quotes, TableColumns.Node column) {
        if (!quotes || options.quote() < 0) {
            if (quotes) {
                refuseSpecial(bytes, from, length, column);
            }
            text.put(bytes, from, length);
            return;
        }
        byte quote = (byte) options.quote();
        text.room(2L * length + 2);
        byte[] out = text.bytes;
        int at = text.length;
        out[at++] = quote;
        for (int i = from; i < from + length; i++) {
            byte c = bytes[i];
            out[at++] = c;
            if (c == quote) {
                out[at++] = c;
            }
        }
        out[at++] = quote;
        text.length = at;
    }

    private void refuseSpecial(byte[] bytes, int from, int length, TableColumns.Node column) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == delimiter || bytes[i] == '\n' || bytes[i] == '\r') {
                throw new InvalidDocumentException(
                        "expected no delimiter and no end of a line in a cell, since quotes are off, found one", -1,
                        column.path);
            }
        }
    }

    private void endLine() {
        if (options.carriageReturns()) {
            text.put((byte) '\r');
        }
        text.put((byte) '\n');
    }

    private void drain() {
        output.write(text.bytes, 0, text.length);
        text.length = 0;
    }
}
