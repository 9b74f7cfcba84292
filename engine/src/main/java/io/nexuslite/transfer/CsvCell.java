package io.nexuslite.transfer;

import static io.nexuslite.transfer.BsonRow.BYTE;
import static io.nexuslite.transfer.BsonRow.INT;
import static io.nexuslite.transfer.BsonRow.LONG;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Turns the text of a cell into a BSON value behind a {@link BsonRow}.
 *
 * <p>To be reused; one thread at a time; owns memory; in the steady state allocates nothing but for whole numbers of more than 18
 * digits.
 */
final class CsvCell implements AutoCloseable {
    /** No value: the field is left out. */
    static final byte ABSENT = BsonType.NONE;

    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final int UUID_LENGTH = 36;
    private static final int OBJECT_ID_LENGTH = 24;
    private static final int DATE_LENGTH_MAX = 64;

    private final BsonRow row;
    private final CsvOptions options;
    private final byte quote;
    private final byte[] nullText;
    private final int textBytesMax;
    private final CellType looks = new CellType();
    private final NumberScan number = new NumberScan();
    private final DecimalText decimal = new DecimalText();
    private final TextFault fault = new TextFault();
    private final BsonCursor cursor = new BsonCursor();
    private byte[] scratch = new byte[256 + JsonText.SLACK];
    private BsonRow jsonRow;
    private JsonParser json;

    /** The cell as it stands in the input, and what is read of it: the same, or the scratch array. */
    private byte[] cell;
    private int cellAt;
    private byte[] text;
    private int from;
    private int to;

    /** @param row borrowed */
    CsvCell(BsonRow row, CsvOptions options, int textBytesMax) {
        this.row = row;
        this.options = options;
        this.textBytesMax = textBytesMax;
        quote = (byte) Math.max(0, options.quote());
        nullText = options.nullText() == null ? null : options.nullText().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Appends the value of the cell {@code text[from, to)} to the row, where there is room for it.
     *
     * @param kind one of {@link CsvTokens}
     * @return its BSON type, or {@link #ABSENT}
     * @throws TextFault if it is none of the type
     */
    byte append(byte[] text, int from, int to, byte kind, ColumnType type) {
        cell = text;
        cellAt = from;
        this.text = text;
        this.from = from;
        this.to = to;
        if (kind == CsvTokens.PLAIN) {
            if (from == to) {
                return empty(type);
            }
            if (nullText != null && matches(nullText)) {
                return BsonType.NULL;
            }
        }
        boolean string = type == ColumnType.STRING
                || type == ColumnType.AUTO
                        && (!options.inferring() || kind != CsvTokens.PLAIN && !options.inferringQuoted());
        if (string) {
            return string(kind);
        }
        if (kind == CsvTokens.ESCAPED) {
            unescape();
        }
        return type == ColumnType.AUTO ? inferred() : typed(type);
    }

    @Override
    public void close() {
        if (jsonRow != null) {
            jsonRow.close();
        }
    }

    private TextFault wrong(int at, String what) {
        return fault.at(text == cell ? at : cellAt, what);
    }

    private byte empty(ColumnType type) {
        return switch (options.empty()) {
            case OMIT -> ABSENT;
            case NULL -> BsonType.NULL;
            case STRING -> type == ColumnType.AUTO || type == ColumnType.STRING ? string(CsvTokens.PLAIN) : ABSENT;
        };
    }

    private boolean matches(byte[] expected) {
        if (to - from != expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (text[from + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** Takes the doubled quotes out, into the scratch array, which becomes the text. */
    private void unescape() {
        scratch(to - from);
        int length = 0;
        for (int i = from; i < to; i++) {
            byte c = text[i];
            scratch[length++] = c;
            if (c == quote) {
                i++;
            }
        }
        useScratch(length);
    }

    private void scratch(int length) {
        if (scratch.length - JsonText.SLACK < length) {
            scratch = new byte[Math.max(length, 2 * scratch.length) + JsonText.SLACK];
        }
    }

    private void useScratch(int length) {
        scratch[length] = 0;
        text = scratch;
        from = 0;
        to = length;
    }

    private byte string(byte kind) {
        byte[] in = text;
        MemorySegment out = row.memory;
        int start = row.length + Integer.BYTES;
        int end = start;
        int at = from;
        while (at < to) {
            if (kind != CsvTokens.ESCAPED) {
                long word = (long) JsonText.WORD.get(in, at);
                int plain = Math.min(to - at, Long.numberOfTrailingZeros(word & HIGH_BITS) >>> 3);
                out.set(LONG, end, word);
                at += plain;
                end += plain;
                if (at == to) {
                    break;
                }
            }
            byte c = in[at];
            if (c >= 0) {
                out.set(BYTE, end++, c);
                at += c == quote && kind == CsvTokens.ESCAPED ? 2 : 1;
            } else {
                int size = JsonText.utf8Sequence(in, at);
                if (size < 0) {
                    throw wrong(at - 1 - size, "expected UTF-8");
                }
                for (int i = 0; i < size; i++) {
                    out.set(BYTE, end++, in[at++]);
                }
            }
        }
        out.set(INT, start - Integer.BYTES, end - start + 1);
        out.set(BYTE, end, (byte) 0);
        row.length = end + 1;
        return BsonType.STRING;
    }

    private byte inferred() {
        return switch (looks.of(text, from, to)) {
            case INT64 -> integer(looks.integer());
            case DOUBLE -> doubleValue(DoubleText.parse(looks.number(), text));
            case BOOLEAN -> bool((text[from] | 0x20) == 't');
            case DATE -> date(IsoDate.parse(text, from, to));
            case DECIMAL -> large(looks.number());
            default -> string(CsvTokens.PLAIN);
        };
    }

    private byte integer(long value) {
        return value == (int) value ? int32((int) value) : int64(value);
    }

    private byte int32(int value) {
        row.memory.set(INT, row.length, value);
        row.length += Integer.BYTES;
        return BsonType.INT32;
    }

    private byte int64(long value) {
        row.memory.set(LONG, row.length, value);
        row.length += Long.BYTES;
        return BsonType.INT64;
    }

    private byte doubleValue(double value) {
        row.memory.set(LONG, row.length, Double.doubleToRawLongBits(value));
        row.length += Double.BYTES;
        return BsonType.DOUBLE;
    }

    private byte bool(boolean value) {
        row.memory.set(BYTE, row.length++, (byte) (value ? 1 : 0));
        return BsonType.BOOLEAN;
    }

    private byte date(long millis) {
        int64(millis);
        return BsonType.DATE_TIME;
    }

    /** A whole number of more than 18 digits: as JSON has it, and a string where no type holds it. */
    private byte large(NumberScan scan) {
        if (scan.power() == 0 && !scan.isCut()
                && (scan.mantissa() >= 0 || scan.isNegative() && scan.mantissa() == Long.MIN_VALUE)) {
            return int64(scan.isNegative() ? -scan.mantissa() : scan.mantissa());
        }
        double value = DoubleText.parse(scan, text);
        String digits = new String(text, from, to - from, StandardCharsets.ISO_8859_1);
        if (Double.isFinite(value) && new BigDecimal(value).compareTo(new BigDecimal(digits)) == 0) {
            return doubleValue(value);
        }
        return decimal.parse(text, from, to) == null ? decimalValue() : string(CsvTokens.PLAIN);
    }

    private byte decimalValue() {
        row.memory.set(LONG, row.length, decimal.low());
        row.memory.set(LONG, (long) row.length + Long.BYTES, decimal.high());
        row.length += 2 * Long.BYTES;
        return BsonType.DECIMAL128;
    }

    private byte typed(ColumnType type) {
        return switch (type) {
            case INT32 -> {
                long value = wholeNumber("expected a whole number of 32 bits");
                if (value != (int) value) {
                    throw wrong(from, "expected a whole number of 32 bits, found a larger one");
                }
                yield int32((int) value);
            }
            case INT64 -> int64(wholeNumber("expected a whole number of 64 bits"));
            case DOUBLE -> doubleValue(decimalNumber());
            case DECIMAL -> {
                String wrong = decimal.parse(text, from, to);
                if (wrong != null) {
                    throw wrong(from, wrong);
                }
                yield decimalValue();
            }
            case BOOLEAN -> bool(truth());
            case DATE -> date(instant());
            case OBJECT_ID -> objectId();
            case UUID -> uuid();
            case BINARY -> binary();
            default -> json();
        };
    }

    private long wholeNumber(String what) {
        boolean negative = from < to && text[from] == '-';
        int at = negative || from < to && text[from] == '+' ? from + 1 : from;
        if (at == to) {
            throw wrong(at, what);
        }
        long value = 0; // below zero, where there is one number more
        for (; at < to; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9) {
                throw wrong(at, what);
            }
            if (value < (Long.MIN_VALUE + digit) / 10) {
                throw wrong(from, what + ", found a larger one");
            }
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            throw wrong(from, what + ", found a larger one");
        }
        return negative ? value : -value;
    }

    private double decimalNumber() {
        if (isText("NaN")) {
            return Double.NaN;
        }
        if (isText("Infinity") || isText("-Infinity")) {
            return text[from] == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        String wrong = from == to ? "expected a number" : number.scan(text, from);
        if (wrong != null || number.end() != to) {
            throw wrong(wrong != null && from < to ? number.end() : from, "expected a number");
        }
        double value = DoubleText.parse(number, text);
        if (Double.isInfinite(value)) {
            throw wrong(from, "expected a number within the range of a double, found a larger one");
        }
        return value;
    }

    private boolean isText(String expected) {
        if (to - from != expected.length()) {
            return false;
        }
        for (int i = 0; i < expected.length(); i++) {
            if (text[from + i] != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean truth() {
        int length = to - from;
        if (length == 1) {
            int c = text[from] | 0x20;
            if (c == 't' || c == 'y' || text[from] == '1') {
                return true;
            }
            if (c == 'f' || c == 'n' || text[from] == '0') {
                return false;
            }
        } else if (isIgnoringCase("true") || isIgnoringCase("yes")) {
            return true;
        } else if (isIgnoringCase("false") || isIgnoringCase("no")) {
            return false;
        }
        throw wrong(from, "expected true or false");
    }

    private boolean isIgnoringCase(String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((text[from + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private long instant() {
        int length = to - from;
        if (length > 0 && length <= DATE_LENGTH_MAX) {
            long millis = IsoDate.parse(text, from, to);
            if (millis != IsoDate.INVALID) {
                return millis;
            }
            if (isWhole()) {
                return wholeNumber("expected milliseconds of 64 bits");
            }
            int at = from;
            byte[] shown = text;
            completeDate();
            millis = IsoDate.parse(text, from, to);
            text = shown;
            from = at;
            if (millis != IsoDate.INVALID) {
                return millis;
            }
        }
        throw wrong(from, "expected a date of ISO 8601 or milliseconds since 1970");
    }

    private boolean isWhole() {
        int at = text[from] == '-' ? from + 1 : from;
        while (at < to && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at == to && text[to - 1] != '-';
    }

    /** Makes an instant of a day, or of a local time, in the scratch array. */
    private void completeDate() {
        byte[] completed = new byte[DATE_LENGTH_MAX + 16 + JsonText.SLACK];
        int length = to - from;
        System.arraycopy(text, from, completed, 0, length);
        int time = 0;
        for (int i = 1; i < length && time == 0; i++) {
            if (completed[i] == ' ' || (completed[i] | 0x20) == 't') {
                completed[i] = 'T';
                time = i;
            }
        }
        if (time == 0) {
            completed[length++] = 'T';
            for (char c : "00:00".toCharArray()) {
                completed[length++] = (byte) c;
            }
        }
        byte last = completed[length - 1];
        boolean zoned = (last | 0x20) == 'z' || time != 0 && hasOffset(completed, time, length);
        if (!zoned) {
            completed[length++] = 'Z';
        }
        text = completed;
        from = 0;
        to = length;
    }

    private static boolean hasOffset(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '+' || bytes[i] == '-') {
                return true;
            }
        }
        return false;
    }

    private byte objectId() {
        if (to - from != OBJECT_ID_LENGTH) {
            throw wrong(from, "expected 24 hexadecimal digits");
        }
        for (int i = from; i < to; i += 2) {
            hexByte(i, "expected 24 hexadecimal digits");
        }
        return BsonType.OBJECT_ID;
    }

    private void hexByte(int at, String what) {
        int value = Hex.digit(text[at]) << 4 | Hex.digit(text[at + 1]);
        if (value < 0) {
            throw wrong(at, what);
        }
        row.memory.set(BYTE, row.length++, (byte) value);
    }

    private byte uuid() {
        String what = "expected a UUID";
        if (to - from != UUID_LENGTH) {
            throw wrong(from, what);
        }
        binaryHead(16, BsonType.SUBTYPE_UUID);
        for (int i = 0; i < UUID_LENGTH; i += 2) {
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (text[from + i++] != '-') {
                    throw wrong(from + i - 1, what);
                }
            }
            hexByte(from + i, what);
        }
        return BsonType.BINARY;
    }

    private void binaryHead(int length, byte subtype) {
        row.memory.set(INT, row.length, length);
        row.memory.set(BYTE, row.length + (long) Integer.BYTES, subtype);
        row.length += Integer.BYTES + 1;
    }

    private byte binary() {
        int head = row.length;
        int length = to - from;
        int at = head + Integer.BYTES + 1 + Long.BYTES; // decoding in place wants its source behind its target
        MemorySegment.copy(text, from, row.memory, BYTE, at, length);
        int decoded = Base64Text.decode(row.memory, at, length, head + Integer.BYTES + 1L);
        if (decoded < 0) {
            throw wrong(from, "expected base 64");
        }
        binaryHead(decoded, (byte) 0);
        row.length += decoded;
        return BsonType.BINARY;
    }

    private byte json() {
        if (json == null) {
            jsonRow = new BsonRow(textBytesMax);
            json = new JsonParser(jsonRow, true, false);
        }
        if (text != scratch) {
            int length = to - from;
            scratch(length);
            System.arraycopy(text, from, scratch, 0, length);
            useScratch(length);
        }
        JsonText place = json.text();
        place.bytes = scratch;
        place.lines = false;
        try {
            int end = place.skip(json.value(scratch, place.skip(0), to));
            if (end < to) {
                throw wrong(end, "expected the end of the cell behind a value of JSON");
            }
        } catch (TextFault wrong) {
            throw wrong(from, "expected Extended JSON: " + wrong.what() + " at byte " + (wrong.at() + 1)
                    + " of the cell, found another");
        }
        cursor.wrap(jsonRow.memory, 0, jsonRow.length);
        cursor.next();
        int length = cursor.valueLength();
        if (!row.room(length)) {
            throw wrong(from, "document is larger than " + BsonType.DOCUMENT_SIZE_MAX + " bytes");
        }
        MemorySegment.copy(jsonRow.memory, cursor.valueOffset(), row.memory, row.length, length);
        row.length += length;
        return cursor.type();
    }
}
