package io.nexuslite.transfer;

import static io.nexuslite.transfer.BsonRow.BYTE;
import static io.nexuslite.transfer.BsonRow.LONG;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes documents as MongoDB Extended JSON v2 in UTF-8, into one array that is reused.
 *
 * <p>The text is that of {@code org.bson.json.JsonWriter} in its modes EXTENDED and RELAXED, with these exceptions: characters
 * beyond ASCII are written as they are, where that writer escapes those that are no letters, marks or digits; so is U+007F; a
 * DBPointer keeps its type in relaxed text, too; and {@link JsonStyle} may leave the blanks out.
 *
 * <p>To be reused; one thread at a time; allocates nothing in the steady state.
 */
public final class JsonWriter {
    private static final int CAPACITY_FIRST = 64 * 1024;
    /** What stands around a value and in a value of fixed length. */
    private static final int OVERHEAD = 256;
    /** Bytes that one byte of text may become: a control as an escape. */
    private static final int ESCAPE_LENGTH = 6;
    private static final int UUID_SIZE = 16;
    /** Longer decimals hold more than a double, or have exponents that may be beyond it, and are strings in plain text. */
    private static final int DECIMAL_PLAIN_MAX = 15;

    private final boolean canonical;
    private final boolean compact;
    private final boolean plain;
    private final BsonCursor cursor = new BsonCursor();
    private final DecimalText decimal = new DecimalText();
    private final StringBuilder number = new StringBuilder(32);

    /** The text; another array after it has grown. */
    private byte[] text = new byte[CAPACITY_FIRST];
    private int length;

    /** A writer with nothing written. */
    public JsonWriter(JsonStyle style) {
        canonical = style.isCanonical();
        compact = style.isCompact();
        plain = style.isPlain();
    }

    /** The array that holds the text, from 0 to {@link #length}. Valid until the next call. */
    public byte[] bytes() {
        return text;
    }

    /** Bytes of text so far. */
    public int length() {
        return length;
    }

    /** Forgets the text and keeps the array. */
    public void reset() {
        length = 0;
    }

    /** Writes the text to a stream, and forgets it. */
    public void writeTo(OutputStream target) throws IOException {
        target.write(text, 0, length);
        length = 0;
    }

    /** The text. Allocates. */
    @Override
    public String toString() {
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    /** Appends one byte. */
    void append(byte value) {
        room(1);
        text[length++] = value;
    }

    /** Appends ASCII. */
    void append(String ascii) {
        room(ascii.length());
        put(ascii);
    }

    /** Appends bytes as they are. */
    void append(byte[] source, int offset, int size) {
        room(size);
        System.arraycopy(source, offset, text, length, size);
        length += size;
    }

    /** Appends a text in quotes. */
    void appendQuoted(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        room((long) utf8.length * ESCAPE_LENGTH + OVERHEAD);
        text[length++] = '"';
        for (byte c : utf8) {
            if (c >= ' ' && c != '"' && c != '\\' || c < 0) {
                text[length++] = c;
            } else {
                length = escaped(c, text, length);
            }
        }
        text[length++] = '"';
    }

    /** Appends a document, which is valid BSON and borrowed for the call. */
    public void append(BsonView document) {
        cursor.wrap(document);
        container(cursor, (byte) '{', (byte) '}');
    }

    /** Appends the value of the element a cursor stands on. The cursor is walked into its value, and back. */
    public void appendValue(BsonCursor element) {
        room(OVERHEAD);
        value(element);
    }

    private void container(BsonCursor cursor, byte open, byte close) {
        room(OVERHEAD);
        text[length++] = open;
        boolean first = true;
        while (cursor.next()) {
            int nameLength = cursor.nameLength();
            room((long) nameLength * ESCAPE_LENGTH + OVERHEAD);
            if (!first) {
                text[length++] = ',';
                blank();
            }
            first = false;
            if (open == '{') {
                quoted(cursor.memory(), cursor.nameOffset(), nameLength);
                text[length++] = ':';
                blank();
            }
            value(cursor);
        }
        room(OVERHEAD);
        text[length++] = close;
    }

    private void blank() {
        if (!compact) {
            text[length++] = ' ';
        }
    }

    private void value(BsonCursor cursor) {
        if (plain && plainValue(cursor)) {
            return;
        }
        switch (cursor.type()) {
            case BsonType.STRING -> string(cursor.memory(), cursor.stringOffset(), cursor.stringLength());
            case BsonType.INT32 -> integer("{\"$numberInt\":", cursor.int32());
            case BsonType.INT64 -> integer("{\"$numberLong\":", cursor.int64());
            case BsonType.DOUBLE -> doubleValue(cursor.doubleValue());
            case BsonType.BOOLEAN -> put(cursor.booleanValue() ? "true" : "false");
            case BsonType.NULL -> put("null");
            case BsonType.DOCUMENT -> {
                cursor.enter();
                container(cursor, (byte) '{', (byte) '}');
                cursor.leave();
            }
            case BsonType.ARRAY -> {
                cursor.enter();
                container(cursor, (byte) '[', (byte) ']');
                cursor.leave();
            }
            case BsonType.OBJECT_ID -> {
                wrapper("{\"$oid\":");
                objectId(cursor.memory(), cursor.objectIdOffset());
                text[length++] = '}';
            }
            case BsonType.DATE_TIME -> dateTime(cursor.dateTimeMillis());
            case BsonType.DECIMAL128 -> {
                wrapper("{\"$numberDecimal\":");
                text[length++] = '"';
                length = decimal.format(cursor.decimal128High(), cursor.decimal128Low(), text, length);
                put("\"}");
            }
            default -> rare(cursor);
        }
    }

    /** Writes a value whose plain form is another one than that of Extended JSON; false if it is not. */
    private boolean plainValue(BsonCursor cursor) {
        switch (cursor.type()) {
            case BsonType.DOUBLE -> {
                if (Double.isFinite(cursor.doubleValue())) {
                    return false;
                }
                put("null");
            }
            case BsonType.DECIMAL128 -> {
                int start = length;
                length = decimal.format(cursor.decimal128High(), cursor.decimal128Low(), text, length);
                byte first = text[text[start] == '-' ? start + 1 : start];
                if (first == 'N' || first == 'I') {
                    length = start;
                    put("null");
                } else if (length - start > DECIMAL_PLAIN_MAX) {
                    System.arraycopy(text, start, text, start + 1, length - start);
                    text[start] = '"';
                    text[length + 1] = '"';
                    length += 2;
                }
            }
            case BsonType.OBJECT_ID -> objectId(cursor.memory(), cursor.objectIdOffset());
            case BsonType.DATE_TIME -> plainDate(cursor.dateTimeMillis());
            case BsonType.SYMBOL, BsonType.JAVASCRIPT -> string(cursor.memory(), cursor.valueOffset() + Integer.BYTES,
                    cursor.valueLength() - Integer.BYTES - 1);
            case BsonType.UNDEFINED -> put("null");
            case BsonType.BINARY -> plainBinary(cursor);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void plainDate(long millis) {
        if (millis < 0 || millis > IsoDate.LAST_MILLIS) {
            length = Digits.write(millis, text, length);
        } else {
            text[length++] = '"';
            length = IsoDate.formatWhole(millis, text, length);
            text[length++] = '"';
        }
    }

    private void plainBinary(BsonCursor cursor) {
        int size = cursor.binaryLength();
        room((size + 2L) / 3 * 4 + OVERHEAD);
        text[length++] = '"';
        if (cursor.binarySubtype() == BsonType.SUBTYPE_UUID && size == UUID_SIZE) {
            for (int i = 0; i < UUID_SIZE; i++) {
                if (i == 4 || i == 6 || i == 8 || i == 10) {
                    text[length++] = '-';
                }
                byte value = cursor.memory().get(BYTE, cursor.binaryOffset() + i);
                text[length++] = Hex.of(value >> 4);
                text[length++] = Hex.of(value);
            }
        } else {
            length = Base64Text.encode(cursor.memory(), cursor.binaryOffset(), size, text, length);
        }
        text[length++] = '"';
    }

    private void rare(BsonCursor cursor) {
        switch (cursor.type()) {
            case BsonType.BINARY -> binary(cursor);
            case BsonType.REGEX -> regex(cursor);
            case BsonType.TIMESTAMP -> timestamp(cursor.timestamp());
            case BsonType.JAVASCRIPT -> wrapped("{\"$code\":", cursor);
            case BsonType.SYMBOL -> wrapped("{\"$symbol\":", cursor);
            case BsonType.JAVASCRIPT_WITH_SCOPE -> code(cursor);
            case BsonType.DB_POINTER -> dbPointer(cursor);
            case BsonType.UNDEFINED -> {
                wrapper("{\"$undefined\":");
                put("true}");
            }
            case BsonType.MIN_KEY -> {
                wrapper("{\"$minKey\":");
                put("1}");
            }
            default -> {
                wrapper("{\"$maxKey\":");
                put("1}");
            }
        }
    }

    /** The head of a value's wrapper, and a blank. */
    private void wrapper(String head) {
        put(head);
        blank();
    }

    private void integer(String head, long value) {
        if (canonical) {
            wrapper(head);
            text[length++] = '"';
            length = Digits.write(value, text, length);
            put("\"}");
        } else {
            length = Digits.write(value, text, length);
        }
    }

    private void doubleValue(double value) {
        boolean wrapped = canonical || !Double.isFinite(value);
        if (wrapped) {
            wrapper("{\"$numberDouble\":");
            text[length++] = '"';
        }
        number.setLength(0);
        number.append(value);
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            text[length++] = (byte) c;
            if (c == 'E' && number.charAt(i + 1) != '-') {
                text[length++] = '+';
            }
        }
        if (wrapped) {
            put("\"}");
        }
    }

    private void dateTime(long millis) {
        wrapper("{\"$date\":");
        if (canonical || millis < 0 || millis > IsoDate.LAST_MILLIS) {
            wrapper("{\"$numberLong\":");
            text[length++] = '"';
            length = Digits.write(millis, text, length);
            put("\"}}");
        } else {
            text[length++] = '"';
            length = IsoDate.format(millis, text, length);
            put("\"}");
        }
    }

    private void timestamp(long value) {
        wrapper("{\"$timestamp\":");
        wrapper("{\"t\":");
        length = Digits.write(value >>> 32, text, length);
        text[length++] = ',';
        blank();
        wrapper("\"i\":");
        length = Digits.write(value & 0xFFFFFFFFL, text, length);
        put("}}");
    }

    private void objectId(MemorySegment memory, long offset) {
        text[length++] = '"';
        for (int i = 0; i < 12; i++) {
            byte value = memory.get(BYTE, offset + i);
            text[length++] = Hex.of(value >> 4);
            text[length++] = Hex.of(value);
        }
        text[length++] = '"';
    }

    private void binary(BsonCursor cursor) {
        int size = cursor.binaryLength();
        byte subtype = cursor.binarySubtype();
        wrapper("{\"$binary\":");
        wrapper("{\"base64\":");
        room((size + 2L) / 3 * 4 + OVERHEAD);
        text[length++] = '"';
        length = Base64Text.encode(cursor.memory(), cursor.binaryOffset(), size, text, length);
        put("\",");
        blank();
        wrapper("\"subType\":");
        text[length++] = '"';
        text[length++] = Hex.of(subtype >> 4);
        text[length++] = Hex.of(subtype);
        put("\"}}");
    }

    private void regex(BsonCursor cursor) {
        wrapper("{\"$regularExpression\":");
        wrapper("{\"pattern\":");
        string(cursor.memory(), cursor.regexPatternOffset(), cursor.regexPatternLength());
        put(",");
        blank();
        wrapper("\"options\":");
        string(cursor.memory(), cursor.regexOptionsOffset(), cursor.regexOptionsLength());
        put("}}");
    }

    private void wrapped(String head, BsonCursor cursor) {
        wrapper(head);
        string(cursor.memory(), cursor.stringOffset(), cursor.stringLength());
        put("}");
    }

    private void code(BsonCursor cursor) {
        wrapper("{\"$code\":");
        string(cursor.memory(), cursor.codeOffset(), cursor.codeLength());
        put(",");
        blank();
        wrapper("\"$scope\":");
        cursor.enter();
        container(cursor, (byte) '{', (byte) '}');
        cursor.leave();
        put("}");
    }

    private void dbPointer(BsonCursor cursor) {
        wrapper("{\"$dbPointer\":");
        wrapper("{\"$ref\":");
        string(cursor.memory(), cursor.dbPointerNamespaceOffset(), cursor.dbPointerNamespaceLength());
        put(",");
        blank();
        wrapper("\"$id\":");
        wrapper("{\"$oid\":");
        objectId(cursor.memory(), cursor.dbPointerObjectIdOffset());
        put("}}}");
    }

    /** A quoted text, and room behind it. */
    private void string(MemorySegment memory, long offset, int size) {
        room((long) size * ESCAPE_LENGTH + OVERHEAD);
        quoted(memory, offset, size);
    }

    private void quoted(MemorySegment memory, long offset, int size) {
        byte[] out = text;
        int to = length;
        out[to++] = '"';
        int at = 0;
        while (at < size) {
            if (size - at >= Long.BYTES) {
                long word = memory.get(LONG, offset + at);
                JsonText.WORD.set(out, to, word);
                int plain = plainBytes(word);
                at += plain;
                to += plain;
                if (plain == Long.BYTES) {
                    continue;
                }
            }
            byte c = memory.get(BYTE, offset + at++);
            if (c >= ' ' && c != '"' && c != '\\' || c < 0) {
                out[to++] = c;
            } else {
                to = escaped(c, out, to);
            }
        }
        out[to++] = '"';
        length = to;
    }

    /** How many of the first bytes of a word stand as they are. */
    private static int plainBytes(long word) {
        long special = JsonText.quoteBackslashControl(word);
        return special == 0 ? Long.BYTES : Long.numberOfTrailingZeros(special) >>> 3;
    }

    private static int escaped(byte c, byte[] out, int offset) {
        int to = offset;
        out[to++] = '\\';
        switch (c) {
            case '"', '\\' -> out[to++] = c;
            case '\b' -> out[to++] = 'b';
            case '\f' -> out[to++] = 'f';
            case '\n' -> out[to++] = 'n';
            case '\r' -> out[to++] = 'r';
            case '\t' -> out[to++] = 't';
            default -> {
                out[to++] = 'u';
                out[to++] = '0';
                out[to++] = '0';
                out[to++] = Hex.of(c >> 4);
                out[to++] = Hex.of(c);
            }
        }
        return to;
    }

    private void put(String ascii) {
        byte[] out = text;
        int to = length;
        int size = ascii.length();
        for (int i = 0; i < size; i++) {
            out[to + i] = (byte) ascii.charAt(i);
        }
        length = to + size;
    }

    /** Room for {@code bytes} more, and a word. A document of 16 MiB becomes 100 MB of text at most, which an array holds. */
    private void room(long bytes) {
        if (bytes + Long.BYTES > text.length - length) {
            long needed = length + bytes + Long.BYTES;
            text = Arrays.copyOf(text, Math.toIntExact(Math.max(needed, Math.min(2L * text.length, 1 << 30))));
        }
    }
}
