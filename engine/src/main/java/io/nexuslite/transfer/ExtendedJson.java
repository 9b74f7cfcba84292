package io.nexuslite.transfer;

import static io.nexuslite.transfer.BsonRow.BYTE;
import static io.nexuslite.transfer.BsonRow.INT;
import static io.nexuslite.transfer.BsonRow.INT_BE;
import static io.nexuslite.transfer.BsonRow.LONG;
import static io.nexuslite.transfer.BsonRow.LONG_BE;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.FieldName;
import java.lang.foreign.MemorySegment;

/**
 * Turns documents that stand for a value in MongoDB Extended JSON v2 into that value, in place, behind the parser.
 *
 * <p>A document whose first name is one of the specification's wrappers is refused if the rest is not as it should be. The
 * exceptions are the forms of version 1, whose names are also query operators: {@code $regex} with {@code $options}, {@code $type}
 * with {@code $binary} become values where everything fits, and stay documents otherwise. Beyond the specification a date may be a
 * bare number, as version 1 wrote it, and {@code $uuid} is a UUID.
 *
 * <p>To be reused; one thread at a time; allocates nothing but what comes with a fault.
 */
final class ExtendedJson {
    private static final FieldName OID = FieldName.of("$oid");
    private static final FieldName UUID = FieldName.of("$uuid");
    private static final FieldName CODE = FieldName.of("$code");
    private static final FieldName SCOPE = FieldName.of("$scope");
    private static final FieldName DATE = FieldName.of("$date");
    private static final FieldName TYPE = FieldName.of("$type");
    private static final FieldName REGEX = FieldName.of("$regex");
    private static final FieldName OPTIONS = FieldName.of("$options");
    private static final FieldName BINARY = FieldName.of("$binary");
    private static final FieldName SYMBOL = FieldName.of("$symbol");
    private static final FieldName MIN_KEY = FieldName.of("$minKey");
    private static final FieldName MAX_KEY = FieldName.of("$maxKey");
    private static final FieldName NUMBER_INT = FieldName.of("$numberInt");
    private static final FieldName NUMBER_LONG = FieldName.of("$numberLong");
    private static final FieldName NUMBER_DOUBLE = FieldName.of("$numberDouble");
    private static final FieldName NUMBER_DECIMAL = FieldName.of("$numberDecimal");
    private static final FieldName TIMESTAMP = FieldName.of("$timestamp");
    private static final FieldName UNDEFINED = FieldName.of("$undefined");
    private static final FieldName DB_POINTER = FieldName.of("$dbPointer");
    private static final FieldName REGULAR_EXPRESSION = FieldName.of("$regularExpression");
    private static final FieldName T = FieldName.of("t");
    private static final FieldName I = FieldName.of("i");
    private static final FieldName BASE64 = FieldName.of("base64");
    private static final FieldName SUB_TYPE = FieldName.of("subType");
    private static final FieldName PATTERN = FieldName.of("pattern");
    private static final FieldName PLAIN_OPTIONS = FieldName.of("options");
    private static final FieldName REF = FieldName.of("$ref");
    private static final FieldName ID = FieldName.of("$id");

    private static final int OBJECT_ID_DIGITS = 24;
    private static final int UUID_DIGITS = 36;
    private static final int UUID_SIZE = 16;
    private static final int BINARY_OVERHEAD = Integer.BYTES + 1;
    private static final byte SUBTYPE_OLD_BINARY = 2;
    /** Room for texts of numbers and dates; a longer one is none. */
    private static final int TEXT_MAX = NumberScan.LENGTH_MAX;

    private final BsonRow row;
    private final JsonText text;
    private final BsonCursor outer = new BsonCursor();
    private final BsonCursor first = new BsonCursor();
    private final BsonCursor second = new BsonCursor();
    private final NumberScan number = new NumberScan();
    private final DecimalText decimal = new DecimalText();
    private final byte[] digits = new byte[TEXT_MAX + JsonText.SLACK + 16];
    private int digitsLength;

    ExtendedJson(BsonRow row, JsonText text) {
        this.row = row;
        this.text = text;
    }

    /** Whether the document at {@code start}, the last of the row, can only stand for a value. */
    boolean isValue(int start) {
        outer.wrap(row.memory, start, row.length - start);
        outer.next();
        FieldName name = wrapper(outer);
        return name != null && name != REGEX && name != OPTIONS && name != TYPE && name != SCOPE;
    }

    /**
     * Turns the document at {@code start}, the last of the row, into the value it stands for, and sets its type at {@code typeAt};
     * leaves it if it stands for none.
     *
     * @param at where it begins in the text
     * @throws TextFault if it should stand for a value and does not
     */
    void convert(int start, int typeAt, int at) {
        outer.wrap(row.memory, start, row.length - start);
        outer.next();
        FieldName name = wrapper(outer);
        if (name == null) {
            return;
        }
        byte type = isPair(name) ? pair(name, start) : single(name, start);
        if (type != BsonType.NONE) {
            row.memory.set(BYTE, typeAt, type);
        } else if (name != REGEX && name != OPTIONS && name != TYPE && name != SCOPE) {
            throw text.fault(at, "expected a value of Extended JSON, found a malformed " + name);
        }
    }

    private static FieldName wrapper(BsonCursor cursor) {
        return switch (cursor.nameLength()) {
            case 4 -> match(cursor, OID);
            case 5 -> match(cursor, DATE, UUID, CODE, TYPE);
            case 6 -> match(cursor, REGEX, SCOPE);
            case 7 -> match(cursor, BINARY, SYMBOL, MIN_KEY, MAX_KEY);
            case 8 -> match(cursor, OPTIONS);
            case 10 -> match(cursor, NUMBER_INT, TIMESTAMP, UNDEFINED, DB_POINTER);
            case 11 -> match(cursor, NUMBER_LONG);
            case 13 -> match(cursor, NUMBER_DOUBLE);
            case 14 -> match(cursor, NUMBER_DECIMAL);
            case 18 -> match(cursor, REGULAR_EXPRESSION);
            default -> null;
        };
    }

    private static FieldName match(BsonCursor cursor, FieldName name) {
        return cursor.nameEquals(name) ? name : null;
    }

    private static FieldName match(BsonCursor cursor, FieldName a, FieldName b) {
        return cursor.nameEquals(a) ? a : match(cursor, b);
    }

    private static FieldName match(BsonCursor cursor, FieldName a, FieldName b, FieldName c, FieldName d) {
        FieldName found = match(cursor, a, b);
        return found != null ? found : match(cursor, c, d);
    }

    private static boolean isPair(FieldName name) {
        return name == CODE || name == SCOPE || name == REGEX || name == OPTIONS || name == TYPE || name == BINARY;
    }

    /** The value of a wrapper of one name; {@code NONE} if it has none. */
    private byte single(FieldName name, int start) {
        first.wrap(row.memory, start, row.length - start);
        first.next();
        if (outer.next()) {
            return BsonType.NONE;
        }
        if (name == DATE) {
            return date(start);
        }
        if (name == MIN_KEY || name == MAX_KEY) {
            return first.type() == BsonType.INT32 && first.int32() == 1
                    ? empty(start, name == MIN_KEY ? BsonType.MIN_KEY : BsonType.MAX_KEY)
                    : BsonType.NONE;
        }
        if (name == UNDEFINED) {
            return first.type() == BsonType.BOOLEAN && first.booleanValue()
                    ? empty(start, BsonType.UNDEFINED)
                    : BsonType.NONE;
        }
        if (first.type() == BsonType.STRING) {
            return fromString(name, start);
        }
        if (first.type() != BsonType.DOCUMENT) {
            return BsonType.NONE;
        }
        if (name == TIMESTAMP) {
            return timestamp(start);
        }
        if (name == DB_POINTER) {
            return dbPointer(start);
        }
        return name == REGULAR_EXPRESSION && inside(PATTERN, PLAIN_OPTIONS) ? regex(start) : BsonType.NONE;
    }

    private byte fromString(FieldName name, int start) {
        if (name == SYMBOL) {
            return string(start, BsonType.SYMBOL);
        }
        takeDigits();
        if (name == NUMBER_INT || name == NUMBER_LONG) {
            return integer(start, name == NUMBER_INT);
        }
        if (name == NUMBER_DOUBLE) {
            return doubleValue(start);
        }
        if (name == OID) {
            return objectId(start);
        }
        if (name == UUID) {
            return uuid(start);
        }
        return name == NUMBER_DECIMAL ? decimal(start) : BsonType.NONE;
    }

    private byte empty(int start, byte type) {
        row.length = start;
        return type;
    }

    private byte eightBytes(int start, byte type, long value) {
        row.memory.set(LONG, start, value);
        row.length = start + Long.BYTES;
        return type;
    }

    /** Moves the string of {@link #first} to where the document stands. */
    private byte string(int start, byte type) {
        int length = first.valueLength();
        MemorySegment.copy(row.memory, first.valueOffset(), row.memory, start, length);
        row.length = start + length;
        return type;
    }

    /** Copies the string of {@link #first} into an array, where a zero follows it; one that is too long becomes empty. */
    private void takeDigits() {
        int length = first.stringLength();
        digitsLength = length > TEXT_MAX ? 0 : length;
        MemorySegment.copy(row.memory, BYTE, first.stringOffset(), digits, 0, digitsLength);
        digits[digitsLength] = 0;
    }

    private byte integer(int start, boolean small) {
        boolean negative = digits[0] == '-';
        int at = negative ? 1 : 0;
        if (at == digitsLength) {
            return BsonType.NONE;
        }
        long value = 0; // below zero, where there is one number more
        for (; at < digitsLength; at++) {
            int digit = digits[at] - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                return BsonType.NONE;
            }
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            return BsonType.NONE;
        }
        value = negative ? value : -value;
        if (!small) {
            return eightBytes(start, BsonType.INT64, value);
        }
        if (value != (int) value) {
            return BsonType.NONE;
        }
        row.memory.set(INT, start, (int) value);
        row.length = start + Integer.BYTES;
        return BsonType.INT32;
    }

    private byte doubleValue(int start) {
        double value;
        if (isText("NaN")) {
            value = Double.NaN;
        } else if (isText("Infinity")) {
            value = Double.POSITIVE_INFINITY;
        } else if (isText("-Infinity")) {
            value = Double.NEGATIVE_INFINITY;
        } else if (number.scan(digits, 0) == null && number.end() == digitsLength) {
            value = DoubleText.parse(number, digits);
            if (Double.isInfinite(value)) {
                return BsonType.NONE;
            }
        } else {
            return BsonType.NONE;
        }
        return eightBytes(start, BsonType.DOUBLE, Double.doubleToRawLongBits(value));
    }

    private boolean isText(String expected) {
        if (digitsLength != expected.length()) {
            return false;
        }
        for (int i = 0; i < digitsLength; i++) {
            if (digits[i] != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private byte decimal(int start) {
        if (decimal.parse(digits, 0, digitsLength) != null) {
            return BsonType.NONE;
        }
        row.memory.set(LONG, start, decimal.low());
        row.memory.set(LONG, (long) start + Long.BYTES, decimal.high());
        row.length = start + 2 * Long.BYTES;
        return BsonType.DECIMAL128;
    }

    private byte objectId(int start) {
        if (digitsLength != OBJECT_ID_DIGITS) {
            return BsonType.NONE;
        }
        for (int i = 0; i < OBJECT_ID_DIGITS; i += 2) {
            int value = Hex.digit(digits[i]) << 4 | Hex.digit(digits[i + 1]);
            if (value < 0) {
                return BsonType.NONE;
            }
            row.memory.set(BYTE, start + (i >> 1), (byte) value);
        }
        row.length = start + OBJECT_ID_DIGITS / 2;
        return BsonType.OBJECT_ID;
    }

    private byte uuid(int start) {
        if (digitsLength != UUID_DIGITS) {
            return BsonType.NONE;
        }
        int to = start + BINARY_OVERHEAD;
        for (int i = 0; i < UUID_DIGITS; i += 2) {
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (digits[i++] != '-') {
                    return BsonType.NONE;
                }
            }
            int value = Hex.digit(digits[i]) << 4 | Hex.digit(digits[i + 1]);
            if (value < 0) {
                return BsonType.NONE;
            }
            row.memory.set(BYTE, to++, (byte) value);
        }
        row.memory.set(INT, start, UUID_SIZE);
        row.memory.set(BYTE, start + (long) Integer.BYTES, BsonType.SUBTYPE_UUID);
        row.length = to;
        return BsonType.BINARY;
    }

    private byte date(int start) {
        switch (first.type()) {
            case BsonType.INT32 :
                return eightBytes(start, BsonType.DATE_TIME, first.int32());
            case BsonType.INT64 :
                return eightBytes(start, BsonType.DATE_TIME, first.int64());
            case BsonType.STRING :
                takeDigits();
                long millis = IsoDate.parse(digits, 0, digitsLength);
                return millis == IsoDate.INVALID ? BsonType.NONE : eightBytes(start, BsonType.DATE_TIME, millis);
            default :
                return BsonType.NONE;
        }
    }

    /** Puts the cursors on the two elements of the inner document, in that order; false if they are not what is in it. */
    private boolean inside(FieldName firstName, FieldName secondName) {
        int length = first.valueLength();
        long offset = first.valueOffset();
        outer.wrap(row.memory, offset, length);
        boolean two = outer.next() && outer.next() && !outer.next();
        first.wrap(row.memory, offset, length);
        second.wrap(row.memory, offset, length);
        return two && first.find(firstName) && second.find(secondName);
    }

    private byte timestamp(int start) {
        if (!inside(T, I)) {
            return BsonType.NONE;
        }
        long seconds = unsigned(first);
        long ordinal = unsigned(second);
        return seconds < 0 || ordinal < 0
                ? BsonType.NONE
                : eightBytes(start, BsonType.TIMESTAMP, seconds << 32 | ordinal);
    }

    /** Value of a number from 0 to 2^32 - 1, or below 0. */
    private static long unsigned(BsonCursor cursor) {
        if (cursor.type() == BsonType.INT32) {
            return cursor.int32();
        }
        return cursor.type() == BsonType.INT64 && cursor.int64() >>> 32 == 0 ? cursor.int64() : -1;
    }

    private byte dbPointer(int start) {
        if (!inside(REF, ID) || first.type() != BsonType.STRING || second.type() != BsonType.OBJECT_ID) {
            return BsonType.NONE;
        }
        long head = row.memory.get(LONG_BE, second.objectIdOffset());
        int tail = row.memory.get(INT_BE, second.objectIdOffset() + Long.BYTES);
        string(start, BsonType.DB_POINTER);
        row.memory.set(LONG_BE, row.length, head);
        row.memory.set(INT_BE, (long) row.length + Long.BYTES, tail);
        row.length += Long.BYTES + Integer.BYTES;
        return BsonType.DB_POINTER;
    }

    /** The value of a document that may have two names, {@code name} first; {@code NONE} if it has none. */
    private byte pair(FieldName name, int start) {
        int length = row.length - start;
        first.wrap(row.memory, start, length);
        first.next();
        boolean alone = !outer.next();
        if (alone) {
            if (name == CODE && first.type() == BsonType.STRING) {
                return string(start, BsonType.JAVASCRIPT);
            }
            return name == BINARY && first.type() == BsonType.DOCUMENT && inside(BASE64, SUB_TYPE)
                    ? binary(start)
                    : BsonType.NONE;
        }
        if (outer.next()) {
            return BsonType.NONE;
        }
        first.wrap(row.memory, start, length);
        second.wrap(row.memory, start, length);
        if (name == CODE || name == SCOPE) {
            return first.find(CODE) && second.find(SCOPE) ? codeWithScope(start) : BsonType.NONE;
        }
        if (name == REGEX || name == OPTIONS) {
            return first.find(REGEX) && second.find(OPTIONS) ? regex(start) : BsonType.NONE;
        }
        return first.find(BINARY) && second.find(TYPE) ? binary(start) : BsonType.NONE;
    }

    private byte codeWithScope(int start) {
        if (first.type() != BsonType.STRING || second.type() != BsonType.DOCUMENT) {
            return BsonType.NONE;
        }
        int code = first.valueLength();
        int total = Integer.BYTES + code + second.valueLength();
        MemorySegment target = roomBehind(total);
        long at = row.length;
        target.set(INT, at, total);
        MemorySegment.copy(first.memory(), first.valueOffset(), target, at + Integer.BYTES, code);
        MemorySegment.copy(second.memory(), second.valueOffset(), target, at + Integer.BYTES + code,
                second.valueLength());
        return moveDown(start, total, BsonType.JAVASCRIPT_WITH_SCOPE);
    }

    private byte regex(int start) {
        if (first.type() != BsonType.STRING || second.type() != BsonType.STRING || holdsNul(first)
                || holdsNul(second)) {
            return BsonType.NONE;
        }
        int pattern = first.stringLength() + 1;
        int options = second.stringLength() + 1;
        MemorySegment target = roomBehind(pattern + options);
        MemorySegment.copy(first.memory(), first.stringOffset(), target, row.length, pattern);
        MemorySegment.copy(second.memory(), second.stringOffset(), target, (long) row.length + pattern, options);
        return moveDown(start, pattern + options, BsonType.REGEX);
    }

    private static boolean holdsNul(BsonCursor cursor) {
        long offset = cursor.stringOffset();
        for (int i = 0; i < cursor.stringLength(); i++) {
            if (cursor.memory().get(BYTE, offset + i) == 0) {
                return true;
            }
        }
        return false;
    }

    /** The row's memory with room behind the row; cursors stay on the memory of before, which holds the same. */
    private MemorySegment roomBehind(int bytes) {
        if (!row.room(bytes)) {
            throw text.fault(0, "document is larger than " + BsonType.DOCUMENT_SIZE_MAX + " bytes");
        }
        return row.memory;
    }

    private byte moveDown(int start, int length, byte type) {
        MemorySegment.copy(row.memory, row.length, row.memory, start, length);
        row.length = start + length;
        return type;
    }

    /** Binary from base 64 in {@link #first} and the subtype in {@link #second}. */
    private byte binary(int start) {
        int subtype = subtype();
        if (first.type() != BsonType.STRING || subtype < 0) {
            return BsonType.NONE;
        }
        int inner = subtype == SUBTYPE_OLD_BINARY ? Integer.BYTES : 0;
        int to = start + BINARY_OVERHEAD + inner;
        int length = Base64Text.decode(row.memory, first.stringOffset(), first.stringLength(), to);
        if (length < 0) {
            return BsonType.NONE;
        }
        row.memory.set(INT, start, length + inner);
        row.memory.set(BYTE, start + (long) Integer.BYTES, (byte) subtype);
        if (inner != 0) {
            row.memory.set(INT, start + (long) BINARY_OVERHEAD, length);
        }
        row.length = to + length;
        return BsonType.BINARY;
    }

    private int subtype() {
        if (second.type() == BsonType.INT32) {
            return second.int32() >>> Byte.SIZE == 0 && second.nameEquals(TYPE) ? second.int32() : -1;
        }
        if (second.type() != BsonType.STRING || second.stringLength() < 1 || second.stringLength() > 2) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < second.stringLength(); i++) {
            int digit = Hex.digit(row.memory.get(BYTE, second.stringOffset() + i));
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
