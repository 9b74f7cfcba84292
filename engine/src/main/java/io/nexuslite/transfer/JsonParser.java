package io.nexuslite.transfer;

import static io.nexuslite.transfer.BsonRow.BYTE;
import static io.nexuslite.transfer.BsonRow.INT;
import static io.nexuslite.transfer.BsonRow.LONG;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * JSON as RFC 8259 has it, parsed from a byte array straight to BSON in a {@link BsonRow}, one document at a time.
 *
 * <p>Objects are parsed as they stand; one whose first name starts with a dollar sign is looked at once more when it ends, by
 * {@link ExtendedJson}, which turns what means a value of another type into that value, in place. So wrappers may come in any
 * order, their values may be escaped, and there is one grammar.
 *
 * <p>Whole numbers become int32 if they fit, else int64 if they fit, else double if that is the same number, else decimal128 if
 * that is; else they are refused. Numbers with point or exponent become the nearest double, and are refused beyond its range.
 *
 * <p>To be reused; one thread at a time; allocates nothing in the steady state. See {@link JsonText} for what is asked of the
 * array.
 */
final class JsonParser {
    /** Room for what an element takes beside its text: type, an array's index, lengths, a word of slack. */
    private static final int ELEMENT_ROOM = 64;
    /** Levels by which a value of Extended JSON may be deeper than the value it stands for. */
    private static final int WRAPPER_LEVELS = 3;
    /** Digits of a whole number that always fit a long. */
    private static final int LONG_DIGITS = 18;
    private static final int NO_NAME = -1;

    private static final VarHandle WORD32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final int TRUE = 't' | 'r' << 8 | 'u' << 16 | 'e' << 24;
    private static final int ALSE = 'a' | 'l' << 8 | 's' << 16 | 'e' << 24;
    private static final int NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;

    private final BsonRow row;
    private final JsonText text;
    private final NameSet names = new NameSet();
    private final NumberScan number = new NumberScan();
    private final DecimalText decimal = new DecimalText();
    private final ExtendedJson extended;
    private final boolean duplicates;
    private int depth;
    /** Where in the text the first level too many begins, or below 0. */
    private int deepAt;
    private long nameHash;

    /**
     * @param row where documents go; borrowed
     * @param extended whether Extended JSON becomes values; else it stays the objects that it is
     * @param duplicates whether an object may have a name twice
     */
    JsonParser(BsonRow row, boolean extended, boolean duplicates) {
        this.row = row;
        this.duplicates = duplicates;
        text = new JsonText(row);
        this.extended = extended ? new ExtendedJson(row, text) : null;
    }

    JsonText text() {
        return text;
    }

    /**
     * Parses the object at {@code at} into the row.
     *
     * @param limit where the bytes end; the byte there is zero
     * @param lines whether a line feed ends the document
     * @param complete whether there is nothing to come behind the limit
     * @return offset behind the object
     * @throws TextFault where it is none; at {@code limit} or behind it, if the bytes ended too early
     */
    int document(byte[] bytes, int at, int limit, boolean lines, boolean complete) {
        begin(bytes, limit, lines, complete);
        if (bytes[at] != '{') {
            throw text.fault(at, "expected a document");
        }
        room(at);
        int end = object(at, NO_NAME);
        if (deepAt >= 0) {
            checkDepth();
        }
        return end;
    }

    /** Parses the value at {@code at} into the row, as the one element of a document, with an empty name; else as {@link #document}. */
    int value(byte[] bytes, int at, int limit) {
        begin(bytes, limit, false, true);
        room(at);
        row.memory.set(BYTE, Integer.BYTES + 1L, (byte) 0);
        row.length = Integer.BYTES + 2;
        depth = 0;
        int end = value(at, Integer.BYTES);
        closeContainer(at, 0);
        if (deepAt >= 0) {
            checkDepth();
        }
        return end;
    }

    private void begin(byte[] bytes, int limit, boolean lines, boolean complete) {
        text.complete = complete;
        text.bytes = bytes;
        text.limit = limit;
        text.lines = lines;
        row.length = 0;
        depth = -1;
        deepAt = -1;
        names.clear();
    }

    /** Room for an element that begins at {@code at}, all of whose text may follow. */
    private void room(int at) {
        if (!row.room(text.limit - at + ELEMENT_ROOM)) {
            throw tooLarge(at);
        }
    }

    private TextFault tooLarge(int at) {
        return text.fault(at, "document is larger than " + BsonType.DOCUMENT_SIZE_MAX + " bytes");
    }

    /** Parses the value at {@code at} of the element whose type belongs at {@code typeAt} and whose name has been stored. */
    private int value(int at, int typeAt) {
        byte[] bytes = text.bytes;
        switch (bytes[at]) {
            case '"' :
                return string(at, typeAt);
            case '{' :
                row.memory.set(BYTE, typeAt, BsonType.DOCUMENT);
                return object(at, typeAt);
            case '[' :
                row.memory.set(BYTE, typeAt, BsonType.ARRAY);
                return array(at);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' :
                return number(at, typeAt);
            default :
                return literal(at, typeAt);
        }
    }

    private int object(int from, int typeAt) {
        JsonText text = this.text;
        int start = open(from);
        int base = names.count;
        int owner = 0;
        long seen = 0;
        boolean wrapper = false;
        int at = text.skip(from + 1);
        if (text.bytes[at] != '}') {
            while (true) {
                if (text.bytes[at] != '"') {
                    throw text.fault(at, start + Integer.BYTES == row.length
                            ? "expected a name or '}'"
                            : "expected a name");
                }
                room(at);
                int elementAt = row.length;
                int nameAt = at;
                at = name(at + 1, elementAt + 1);
                if (elementAt == start + Integer.BYTES) {
                    wrapper = row.memory.get(BYTE, elementAt + 1L) == '$';
                }
                if (!duplicates) {
                    long bit = NameSet.bit(nameHash);
                    int length = row.length - elementAt - 2;
                    if ((seen & bit) == 0 && owner == 0) {
                        names.push(nameHash, elementAt + 1, length);
                    } else {
                        owner = pushSlow(base, owner, elementAt + 1, length, nameAt);
                    }
                    seen |= bit;
                }
                at = value(colon(at), elementAt);
                if (text.bytes[at] != ',') {
                    at = text.skip(at);
                    if (text.bytes[at] != ',') {
                        break;
                    }
                }
                at = text.skip(at + 1);
            }
            if (text.bytes[at] != '}') {
                throw text.fault(at, "expected ',' or '}'");
            }
        }
        names.count = base;
        closeContainer(from, start);
        if (wrapper && extended != null) {
            convert(from, start, typeAt);
        }
        return at + 1;
    }

    /** Stores the name behind whose opening quote {@code from} stands, and its zero, at {@code to}; and takes its hash. */
    private int name(int from, int to) {
        byte[] in = text.bytes;
        MemorySegment out = row.memory;
        long key = names.key;
        long hash = key;
        int at = from;
        int end = to;
        while (true) {
            long word = (long) JsonText.WORD.get(in, at);
            long special = JsonText.special(word);
            out.set(LONG, end, word);
            if (special != 0) {
                int bits = Long.numberOfTrailingZeros(special) & ~7;
                at += bits >>> 3;
                end += bits >>> 3;
                if (in[at] != '"') {
                    return nameSlow(at, to, end);
                }
                nameHash = NameSet.mix(hash, word & (1L << bits) - 1, key);
                out.set(BYTE, end, (byte) 0);
                row.length = end + 1;
                return at + 1;
            }
            hash = NameSet.mix(hash, word, key);
            at += Long.BYTES;
            end += Long.BYTES;
        }
    }

    private int nameSlow(int at, int start, int to) {
        int next = text.textSlow(at, to);
        int end = text.textEnd();
        for (int i = start; i < end; i++) {
            if (row.memory.get(BYTE, i) == 0) {
                throw text.fault(next - 1, "expected no NUL in a name, found one before this");
            }
        }
        nameHash = names.hash(row.memory, start, end - start);
        row.memory.set(BYTE, end, (byte) 0);
        row.length = end + 1;
        return next;
    }

    /** Adds a name that may be there already; returns the object's number in the table, or 0. */
    private int pushSlow(int base, int owner, int nameOffset, int length, int at) {
        boolean known;
        int number = owner;
        if (number == 0 && names.count - base >= NameSet.NARROW_MAX) {
            number = names.widen(base);
        }
        if (number != 0) {
            known = !names.pushWide(number, row.memory, nameHash, nameOffset, length);
        } else {
            known = names.contains(base, row.memory, nameHash, nameOffset, length);
            names.push(nameHash, nameOffset, length);
        }
        if (known) {
            throw text.fault(at, "expected each name once, found one again");
        }
        return number;
    }

    private int colon(int from) {
        JsonText text = this.text;
        int at = from;
        if (text.bytes[at] != ':') {
            at = text.skip(at);
            if (text.bytes[at] != ':') {
                throw text.fault(at, "expected ':'");
            }
        }
        return text.skip(at + 1);
    }

    private int array(int from) {
        JsonText text = this.text;
        int start = open(from);
        int at = text.skip(from + 1);
        if (text.bytes[at] != ']') {
            for (int index = 0;; index++) {
                room(at);
                int elementAt = row.length;
                row.length = RowNames.index(row.memory, elementAt + 1, index);
                at = text.skip(value(at, elementAt));
                if (text.bytes[at] != ',') {
                    break;
                }
                at = text.skip(at + 1);
            }
            if (text.bytes[at] != ']') {
                throw text.fault(at, "expected ',' or ']'");
            }
        }
        closeContainer(from, start);
        return at + 1;
    }

    /** Begins a document or array behind the row, and returns where; {@code at} is where it stands in the text. */
    private int open(int at) {
        if (++depth > BsonType.DEPTH_MAX) {
            deepAt = deepAt < 0 ? at : deepAt;
            if (depth > BsonType.DEPTH_MAX + WRAPPER_LEVELS) {
                throw tooDeep();
            }
        }
        int start = row.length;
        row.length = start + Integer.BYTES;
        return start;
    }

    private void closeContainer(int at, int start) {
        int end = row.length;
        if (!row.room(1) || end - start >= BsonType.DOCUMENT_SIZE_MAX) {
            throw tooLarge(at);
        }
        row.memory.set(BYTE, end, (byte) 0);
        row.memory.set(INT, start, end + 1 - start);
        row.length = end + 1;
        depth--;
    }

    private TextFault tooDeep() {
        return text.fault(deepAt, "expected at most " + BsonType.DEPTH_MAX + " levels, found more");
    }

    /** Where the text had too many levels: they may have been those of values of Extended JSON. */
    private void checkDepth() {
        BsonCursor cursor = new BsonCursor().wrap(row.memory, 0, row.length);
        try {
            RowNames.walk(cursor);
        } catch (InvalidDocumentException e) {
            throw tooDeep();
        }
    }

    /** Turns the document at {@code start} into the value that it means, if it means one. */
    private void convert(int at, int start, int typeAt) {
        if (typeAt == NO_NAME) {
            if (extended.isValue(start)) {
                throw text.fault(at, "expected a document, found a value of Extended JSON");
            }
            return;
        }
        extended.convert(start, typeAt, at);
    }

    private int string(int at, int typeAt) {
        int start = row.length;
        int next = text.text(at + 1, start + Integer.BYTES);
        int end = text.textEnd();
        MemorySegment out = row.memory;
        out.set(BYTE, typeAt, BsonType.STRING);
        out.set(INT, start, end - start - Integer.BYTES + 1);
        out.set(BYTE, end, (byte) 0);
        row.length = end + 1;
        return next;
    }

    private int literal(int at, int typeAt) {
        byte[] bytes = text.bytes;
        int word = (int) WORD32.get(bytes, at);
        int end = row.length;
        if (word == NULL) {
            row.memory.set(BYTE, typeAt, BsonType.NULL);
            return at + 4;
        }
        if (word == TRUE) {
            row.memory.set(BYTE, end, (byte) 1);
        } else if (bytes[at] == 'f' && (int) WORD32.get(bytes, at + 1) == ALSE) {
            row.memory.set(BYTE, end, (byte) 0);
        } else {
            throw noLiteral(at);
        }
        row.memory.set(BYTE, typeAt, BsonType.BOOLEAN);
        row.length = end + 1;
        return word == TRUE ? at + 4 : at + 5;
    }

    private TextFault noLiteral(int at) {
        String expected = switch (text.bytes[at]) {
            case 't' -> "true";
            case 'f' -> "false";
            case 'n' -> "null";
            default -> throw text.fault(at, "expected a value");
        };
        int same = 1;
        while (text.bytes[at + same] == expected.charAt(same)) {
            same++;
        }
        return text.fault(at + same, "expected a literal");
    }

    private int number(int at, int typeAt) {
        byte[] bytes = text.bytes;
        boolean negative = bytes[at] == '-';
        int first = negative ? at + 1 : at;
        int end = first;
        long value = 0;
        int digit;
        while ((digit = bytes[end] - '0') >= 0 && digit <= 9) {
            value = value * 10 + digit;
            end++;
        }
        byte next = bytes[end];
        int digits = end - first;
        if (next == '.' || (next | 0x20) == 'e' || digits > LONG_DIGITS || digits == 0
                || digits > 1 && bytes[first] == '0') {
            return numberSlow(at, typeAt);
        }
        integer(negative ? -value : value, typeAt);
        return end;
    }

    private void integer(long value, int typeAt) {
        MemorySegment out = row.memory;
        int end = row.length;
        if (value == (int) value) {
            out.set(BYTE, typeAt, BsonType.INT32);
            out.set(INT, end, (int) value);
            row.length = end + Integer.BYTES;
        } else {
            out.set(BYTE, typeAt, BsonType.INT64);
            out.set(LONG, end, value);
            row.length = end + Long.BYTES;
        }
    }

    private int numberSlow(int at, int typeAt) {
        String wrong = number.scan(text.bytes, at);
        int end = number.end();
        if (wrong != null) {
            throw text.fault(end, wrong);
        }
        if (end >= text.limit && !text.complete) {
            integer(0, typeAt); // there may be more digits to come, and what comes next is a fault at the limit
        } else if (number.isInteger()) {
            largeInteger(at, end, typeAt);
        } else {
            double value = DoubleText.parse(number, text.bytes);
            if (Double.isInfinite(value)) {
                throw text.fault(at, "expected a number within the range of a double, found a larger one");
            }
            doubleValue(value, typeAt);
        }
        return end;
    }

    private void doubleValue(double value, int typeAt) {
        row.memory.set(BYTE, typeAt, BsonType.DOUBLE);
        row.memory.set(LONG, row.length, Double.doubleToRawLongBits(value));
        row.length += Double.BYTES;
    }

    /** A whole number of 19 digits or more. */
    private void largeInteger(int at, int end, int typeAt) {
        long mantissa = number.mantissa();
        if (number.power() == 0 && !number.isCut()) {
            if (mantissa >= 0 || number.isNegative() && mantissa == Long.MIN_VALUE) {
                integer(number.isNegative() ? -mantissa : mantissa, typeAt);
                return;
            }
        }
        double value = DoubleText.parse(number, text.bytes);
        String digits = new String(text.bytes, at, end - at, StandardCharsets.ISO_8859_1);
        if (Double.isFinite(value) && new BigDecimal(value).compareTo(new BigDecimal(digits)) == 0) {
            doubleValue(value, typeAt);
        } else if (decimal.parse(text.bytes, at, end) == null) {
            row.memory.set(BYTE, typeAt, BsonType.DECIMAL128);
            row.memory.set(LONG, row.length, decimal.low());
            row.memory.set(LONG, (long) row.length + Long.BYTES, decimal.high());
            row.length += 2 * Long.BYTES;
        } else {
            throw text.fault(at, "expected a whole number of at most 34 digits, found a longer one");
        }
    }
}
