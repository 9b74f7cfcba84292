package io.nexuslite.transfer;

import static io.nexuslite.transfer.BsonRow.BYTE;
import static io.nexuslite.transfer.BsonRow.INT;
import static io.nexuslite.transfer.BsonRow.LONG;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** The document that is made of one row of a frame. To be reused; one thread at a time; owns memory. */
final class FrameRow implements AutoCloseable {
    private static final int ELEMENT_ROOM = 64;

    /** A column: its name in UTF-8 with the NUL behind it, and what its texts and numbers become. */
    record Column(byte[] name, ColumnType type) {
    }

    private final BsonRow row;
    private final CsvCell cell;
    private final boolean keepsNull;
    private final Map<String, ColumnType> types;
    private final Set<String> dates;
    private final TextFault fault = new TextFault();
    private final StringBuilder number = new StringBuilder(32);
    private byte[] text = new byte[256 + JsonText.SLACK];

    FrameRow(CsvOptions options, Set<String> dates, int textBytesMax) {
        row = new BsonRow(textBytesMax);
        cell = new CsvCell(row, options.withEmpty(CsvOptions.Empty.STRING), textBytesMax);
        keepsNull = options.empty() == CsvOptions.Empty.NULL;
        types = options.types();
        this.dates = dates;
    }

    Column column(String name) {
        ColumnType type = types.getOrDefault(name, dates.contains(name) ? ColumnType.DATE : ColumnType.AUTO);
        return new Column((name + "\0").getBytes(StandardCharsets.UTF_8), type);
    }

    BsonView view() {
        return row.view();
    }

    void begin() {
        row.length = Integer.BYTES;
    }

    /** @throws TextFault if the document is too large */
    void end() {
        int end = row.length;
        if (!row.room(1) || end >= BsonType.DOCUMENT_SIZE_MAX) {
            throw tooLarge();
        }
        row.memory.set(BYTE, end, (byte) 0);
        row.memory.set(INT, 0, end + 1);
        row.length = end + 1;
    }

    private TextFault tooLarge() {
        return fault.at(0, "document is larger than " + BsonType.DOCUMENT_SIZE_MAX + " bytes");
    }

    /**
     * Adds the value a cursor stands on.
     *
     * @throws TextFault if it is none of the column's type
     */
    void add(Column column, BsonCursor value) {
        if (value.type() == BsonType.NULL && !keepsNull) {
            return;
        }
        int length = value.valueLength();
        int elementAt = row.length;
        if (!row.room(length + column.name().length + ELEMENT_ROOM)) {
            throw tooLarge();
        }
        MemorySegment.copy(column.name(), 0, row.memory, BYTE, elementAt + 1L, column.name().length);
        row.length = elementAt + 1 + column.name().length;
        byte type = converted(column.type(), value);
        if (type == CsvCell.ABSENT) {
            MemorySegment.copy(value.memory(), value.valueOffset(), row.memory, row.length, length);
            row.length += length;
            type = value.type();
        }
        row.memory.set(BYTE, elementAt, type);
    }

    /** Adds a label as a field: text that is a whole number becomes one. */
    void addLabel(Column column, BsonCursor label) {
        if (label.type() == BsonType.STRING && column.type() == ColumnType.AUTO) {
            int length = text(label);
            if (length > 0 && length < Digits.LENGTH_MAX && isWhole(length)) {
                add(new Column(column.name(), ColumnType.AUTO), label, length);
                return;
            }
        }
        add(column, label);
    }

    private void add(Column column, BsonCursor label, int length) {
        int elementAt = row.length;
        if (!row.room(length + column.name().length + ELEMENT_ROOM)) {
            throw tooLarge();
        }
        MemorySegment.copy(column.name(), 0, row.memory, BYTE, elementAt + 1L, column.name().length);
        row.length = elementAt + 1 + column.name().length;
        row.memory.set(BYTE, elementAt, cell.append(text, 0, length, CsvTokens.PLAIN, ColumnType.AUTO));
    }

    private boolean isWhole(int length) {
        for (int i = text[0] == '-' ? 1 : 0; i < length; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private byte converted(ColumnType type, BsonCursor value) {
        if (type == ColumnType.AUTO) {
            return CsvCell.ABSENT;
        }
        switch (value.type()) {
            case BsonType.STRING :
                return cell.append(text, 0, text(value), CsvTokens.QUOTED, type);
            case BsonType.INT32, BsonType.INT64 :
                long whole = value.type() == BsonType.INT32 ? value.int32() : value.int64();
                return type == ColumnType.DATE ? date(whole) : converted(Digits.write(whole, text, 0), type);
            case BsonType.DOUBLE :
                if (type == ColumnType.DATE && value.doubleValue() == Math.rint(value.doubleValue())) {
                    return date((long) value.doubleValue());
                }
                number.setLength(0);
                number.append(value.doubleValue());
                for (int i = 0; i < number.length(); i++) {
                    text[i] = (byte) number.charAt(i);
                }
                return converted(number.length(), type);
            default :
                return CsvCell.ABSENT;
        }
    }

    private byte converted(int length, ColumnType type) {
        text[length] = 0;
        return cell.append(text, 0, length, CsvTokens.QUOTED, type);
    }

    private byte date(long millis) {
        row.memory.set(LONG, row.length, millis);
        row.length += Long.BYTES;
        return BsonType.DATE_TIME;
    }

    private int text(BsonCursor value) {
        int length = value.stringLength();
        if (text.length - JsonText.SLACK < length) {
            text = new byte[Math.max(length, 2 * text.length) + JsonText.SLACK];
        }
        MemorySegment.copy(value.memory(), BYTE, value.stringOffset(), text, 0, length);
        text[length] = 0;
        return length;
    }

    @Override
    public void close() {
        cell.close();
        row.close();
    }
}
