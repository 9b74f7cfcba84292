package io.nexuslite.transfer;

import static io.nexuslite.transfer.BsonRow.BYTE;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes values as people read them in tables. To be reused; one thread at a time; allocates nothing in the steady state. */
final class CellWriter {
    /** Bit of a UUID among the types of a column, apart from other binary. */
    static final long UUID_BIT = 1L << 62;
    private static final long PLAIN_BINARY_BIT = 1L << BsonType.BINARY;
    private static final int UUID_SIZE = 16;

    private final JsonWriter json;
    private final DecimalText decimal = new DecimalText();
    private final CellType looks = new CellType();
    private final StringBuilder number = new StringBuilder(32);
    private final int quote;
    private final byte delimiter;
    private final byte[] nullText;

    /** Whether the last text is to stand in quotes. */
    private boolean quoted;

    /** @param jsonStyle of what has no text of its own */
    CellWriter(CsvOptions options, byte delimiter, JsonStyle jsonStyle) {
        json = new JsonWriter(jsonStyle);
        this.delimiter = delimiter;
        quote = options.quote();
        nullText = options.nullText() == null ? new byte[0] : options.nullText().getBytes(StandardCharsets.UTF_8);
    }

    /** The bit of the value's type; types that no column type stands for share none with those that have one. */
    static long typeBit(BsonCursor cursor) {
        byte type = cursor.type();
        if (type == BsonType.BINARY) {
            byte subtype = cursor.binarySubtype();
            return subtype == BsonType.SUBTYPE_UUID && cursor.binaryLength() == UUID_SIZE
                    ? UUID_BIT
                    : subtype == 0 ? PLAIN_BINARY_BIT : 1L << BsonType.DOCUMENT;
        }
        return 1L << (type == BsonType.MIN_KEY || type == BsonType.MAX_KEY ? BsonType.DOCUMENT : type);
    }

    /** The type that keeps all values of a column whose types had these bits. */
    static ColumnType typeOf(long bits) {
        if (bits == UUID_BIT) {
            return ColumnType.UUID;
        }
        if (Long.bitCount(bits) != 1) {
            return ColumnType.JSON;
        }
        return switch ((byte) Long.numberOfTrailingZeros(bits)) {
            case BsonType.STRING -> ColumnType.STRING;
            case BsonType.INT32 -> ColumnType.INT32;
            case BsonType.INT64 -> ColumnType.INT64;
            case BsonType.DOUBLE -> ColumnType.DOUBLE;
            case BsonType.DECIMAL128 -> ColumnType.DECIMAL;
            case BsonType.BOOLEAN -> ColumnType.BOOLEAN;
            case BsonType.DATE_TIME -> ColumnType.DATE;
            case BsonType.OBJECT_ID -> ColumnType.OBJECT_ID;
            case BsonType.BINARY -> ColumnType.BINARY;
            default -> ColumnType.JSON;
        };
    }

    /** Whether the text written last is to stand in quotes. */
    boolean isQuoted() {
        return quoted;
    }

    /** Appends the text of the value the cursor stands on, without quotes. */
    void append(BsonCursor cursor, boolean asJson, ByteText out) {
        int from = out.length;
        quoted = false;
        out.room(0);
        if (asJson) {
            jsonText(cursor, out);
            return;
        }
        switch (cursor.type()) {
            case BsonType.STRING, BsonType.SYMBOL -> {
                out.put(cursor.memory(), cursor.stringOffset(), cursor.stringLength());
                out.bytes[out.length] = 0;
                quoted = needsQuotes(out.bytes, from, out.length)
                        || looks.of(out.bytes, from, out.length) != ColumnType.STRING;
            }
            case BsonType.INT32 -> out.length = Digits.write(cursor.int32(), out.bytes, from);
            case BsonType.INT64 -> out.length = Digits.write(cursor.int64(), out.bytes, from);
            case BsonType.DOUBLE -> {
                number.setLength(0);
                number.append(cursor.doubleValue());
                out.putAscii(number);
            }
            case BsonType.BOOLEAN -> out.putAscii(cursor.booleanValue() ? "true" : "false");
            case BsonType.NULL, BsonType.UNDEFINED -> out.put(nullText, 0, nullText.length);
            case BsonType.DATE_TIME -> {
                long millis = cursor.dateTimeMillis();
                out.length = millis >= 0 && millis <= IsoDate.LAST_MILLIS
                        ? IsoDate.format(millis, out.bytes, from)
                        : Digits.write(millis, out.bytes, from);
            }
            case BsonType.DECIMAL128 -> out.length = decimal.format(cursor.decimal128High(), cursor.decimal128Low(),
                    out.bytes, from);
            case BsonType.OBJECT_ID -> hex(cursor.memory(), cursor.objectIdOffset(), 12, out);
            case BsonType.BINARY -> binary(cursor, out);
            default -> jsonText(cursor, out);
        }
        quoted |= cursor.type() != BsonType.STRING && hasSpecial(out.bytes, from, out.length);
    }

    private void binary(BsonCursor cursor, ByteText out) {
        long bit = typeBit(cursor);
        if (bit == UUID_BIT) {
            long at = cursor.binaryOffset();
            hex(cursor.memory(), at, 4, out);
            for (int group = 0; group < 3; group++) {
                out.put((byte) '-');
                hex(cursor.memory(), at + 4 + 2 * group, 2, out);
            }
            out.put((byte) '-');
            hex(cursor.memory(), at + 10, 6, out);
        } else if (bit == PLAIN_BINARY_BIT) {
            int size = cursor.binaryLength();
            out.room((size + 2L) / 3 * 4);
            out.length = Base64Text.encode(cursor.memory(), cursor.binaryOffset(), size, out.bytes, out.length);
            quoted = size == 0;
        } else {
            jsonText(cursor, out);
        }
    }

    private void jsonText(BsonCursor cursor, ByteText out) {
        json.reset();
        json.appendValue(cursor);
        out.put(json.bytes(), 0, json.length());
        quoted = true;
    }

    private static void hex(MemorySegment memory, long offset, int size, ByteText out) {
        out.room(2L * size);
        for (int i = 0; i < size; i++) {
            byte value = memory.get(BYTE, offset + i);
            out.bytes[out.length++] = Hex.of(value >> 4);
            out.bytes[out.length++] = Hex.of(value);
        }
    }

    /** Whether a text would be read as something else without quotes. */
    boolean needsQuotes(byte[] bytes, int from, int to) {
        return from == to || Arrays.equals(bytes, from, to, nullText, 0, nullText.length)
                || bytes[from] == ' ' || bytes[to - 1] == ' ' || hasSpecial(bytes, from, to);
    }

    private boolean hasSpecial(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte c = bytes[i];
            if (c == delimiter || c == '\n' || c == '\r' || c == quote && quote >= 0) {
                return true;
            }
        }
        return false;
    }
}
