package io.nexuslite.transfer;

import static io.nexuslite.transfer.BsonRow.BYTE;
import static io.nexuslite.transfer.BsonRow.INT;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.MemorySegment;

/** Makes a BSON document of the cells of a record. To be reused; one thread at a time; owns memory. */
final class CsvRow implements AutoCloseable {
    /** Room for what an element takes beside its name and text. */
    private static final int ELEMENT_ROOM = 64;

    private final BsonRow row;
    private final CsvCell cell;
    private final CsvOptions options;
    private final TextFault fault = new TextFault();
    private ColumnPlan plan;
    private boolean mayBeDeep;
    private byte[] bytes;
    private int start;
    private CsvTokens tokens;

    CsvRow(CsvOptions options, int textBytesMax) {
        this.options = options;
        row = new BsonRow(textBytesMax);
        cell = new CsvCell(row, options, textBytesMax);
    }

    void plan(ColumnPlan plan) {
        this.plan = plan;
        mayBeDeep = hasJson(plan.root());
    }

    BsonView view() {
        return row.view();
    }

    /**
     * Makes the document.
     *
     * @param start where the record begins, of which {@code tokens} tells the cells
     * @throws TextFault if a cell is not of its type, or the document too large or deep
     */
    void make(byte[] bytes, int start, CsvTokens tokens) {
        this.bytes = bytes;
        this.start = start;
        this.tokens = tokens;
        row.length = Integer.BYTES;
        fields(plan.root());
        close(0);
        if (mayBeDeep) {
            checkDepth();
        }
    }

    @Override
    public void close() {
        cell.close();
        row.close();
    }

    private static boolean hasJson(ColumnPlan.Node node) {
        boolean found = node.type == ColumnType.JSON;
        for (ColumnPlan.Node child : node.children) {
            found |= hasJson(child);
        }
        return found;
    }

    /** Appends the fields below a node; false if there are none. */
    private boolean fields(ColumnPlan.Node node) {
        int end = row.length;
        boolean any = false;
        for (ColumnPlan.Node child : node.children) {
            int elementAt = row.length;
            byte type = field(child, elementAt);
            if (type != CsvCell.ABSENT) {
                row.memory.set(BYTE, elementAt, type);
                end = row.length;
                any = true;
            } else if (node.array) {
                row.memory.set(BYTE, elementAt, BsonType.NULL); // holds the place of those behind it
                row.length = elementAt + 1 + child.name.length;
            } else {
                row.length = elementAt;
            }
        }
        row.length = end;
        return any;
    }

    /** Appends name and value, and returns the type. */
    private byte field(ColumnPlan.Node node, int elementAt) {
        int column = node.column >= 0 && node.column < tokens.count ? node.column : -1;
        int from = column < 0 ? 0 : tokens.starts[column];
        int length = column < 0 ? 0 : tokens.ends[column] - from;
        room(node.name.length + length + ELEMENT_ROOM, from);
        MemorySegment.copy(node.name, 0, row.memory, BYTE, elementAt + 1L, node.name.length);
        row.length = elementAt + 1 + node.name.length;
        byte type = CsvCell.ABSENT;
        if (column >= 0) {
            type = node.list
                    ? list(node, from, from + length, tokens.kinds[column])
                    : cell.append(bytes, start + from, start + from + length, tokens.kinds[column], node.type);
        }
        if (node.children.length > 0) {
            int valueEnd = row.length;
            row.length += Integer.BYTES;
            if (fields(node)) {
                if (type != CsvCell.ABSENT) {
                    throw fault.at(start + from, "expected a value or fields below it, found both");
                }
                close(valueEnd);
                return node.array ? BsonType.ARRAY : BsonType.DOCUMENT;
            }
            row.length = valueEnd;
        }
        return type;
    }

    /** Appends an array of what stands in a cell, each element converted by itself. */
    private byte list(ColumnPlan.Node node, int from, int to, byte kind) {
        if (from == to && kind == CsvTokens.PLAIN) {
            return CsvCell.ABSENT;
        }
        int arrayAt = row.length;
        row.length += Integer.BYTES;
        int at = from;
        byte elements = kind == CsvTokens.ESCAPED ? kind : CsvTokens.PLAIN;
        for (int index = 0; from < to && at <= to; index++) {
            int end = at;
            while (end < to && bytes[start + end] != options.arraySeparator()) {
                end++;
            }
            room(end - at + ELEMENT_ROOM, at);
            int elementAt = row.length;
            row.length = RowNames.index(row.memory, elementAt + 1, index);
            byte type = cell.append(bytes, start + at, start + end, elements, node.type);
            row.memory.set(BYTE, elementAt, type == CsvCell.ABSENT ? BsonType.NULL : type);
            at = end + 1;
        }
        close(arrayAt);
        return BsonType.ARRAY;
    }

    private void room(int bytes, int from) {
        if (!row.room(bytes)) {
            throw tooLarge(from);
        }
    }

    private TextFault tooLarge(int from) {
        return fault.at(start + from, "document is larger than " + BsonType.DOCUMENT_SIZE_MAX + " bytes");
    }

    /** Ends the document or array that begins at {@code at}. */
    private void close(int at) {
        int end = row.length;
        if (!row.room(ELEMENT_ROOM) || end - at >= BsonType.DOCUMENT_SIZE_MAX) {
            throw tooLarge(0);
        }
        row.memory.set(BYTE, end, (byte) 0);
        row.memory.set(INT, at, end + 1 - at);
        row.length = end + 1;
    }

    private void checkDepth() {
        BsonCursor cursor = new BsonCursor().wrap(row.memory, 0, row.length);
        try {
            RowNames.walk(cursor);
        } catch (InvalidDocumentException e) {
            throw fault.at(start, "expected at most " + BsonType.DEPTH_MAX + " levels, found more");
        }
    }
}
