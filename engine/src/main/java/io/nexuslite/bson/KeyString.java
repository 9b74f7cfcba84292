package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;
import static io.nexuslite.bson.BsonBytes.INT;
import static io.nexuslite.bson.BsonBytes.INT_BE;
import static io.nexuslite.bson.BsonBytes.LONG;
import static io.nexuslite.bson.BsonBytes.LONG_BE;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Bytes whose unsigned order is MongoDB's order of the values they were made from, over all types of BSON.
 *
 * <p>Two key strings are equal exactly when MongoDB compares the values as equal: 1, 1L, 1.0 and decimal 1.00 give the same
 * bytes, as do a string and a symbol of the same text. The value cannot be had back from them.
 *
 * <p>No key string is the beginning of another one. So the key strings of the fields of a compound key are put one behind the
 * other, each ascending or descending (all bits inverted), and the whole sorts field by field:
 * <pre>{@code
 * int length = 0;
 * for each field:
 *     int added = KeyString.encode(bson, valueOffset, type, descending, target, offset + length, limit - length);
 *     if (added == KeyString.TOO_LONG) throw new KeyTooLongException(field);
 *     length += added;
 * }</pre>
 *
 * <p>Form, version {@value #FORMAT_VERSION}: a tag, which ranks the type, then
 * <ul>
 * <li>nothing, for MinKey, undefined, null, booleans (a tag for each), MaxKey;</li>
 * <li>numbers: see {@link KeyNumber};</li>
 * <li>texts (string, symbol, JavaScript): the UTF-8 bytes, with 00 as 01 01 and 01 as 01 02, then 00;</li>
 * <li>document: for each field the rank of its type, its name, 00, its key string; then {@value #END}. That is MongoDB's order:
 * type, name, value, and the document that ends first is less;</li>
 * <li>array: the key strings of its elements; then {@value #END};</li>
 * <li>binary: length, subtype, bytes. UUIDs have a tag of their own, between shorter and longer data, and only their 16
 * bytes;</li>
 * <li>object id: its bytes; date: 8 bytes, sign inverted; timestamp: 8 bytes;</li>
 * <li>regular expression: pattern, 00, options, 00;</li>
 * <li>DBPointer: length of the namespace, namespace, object id, as MongoDB compares the raw value;</li>
 * <li>JavaScript with scope: the code as a text, the scope as a document.</li>
 * </ul>
 * Numbers of several bytes are big-endian. Lengths are one byte up to 254, else FF and four bytes.
 *
 * <p>Stateless; any thread. Borrows all memory for the call. Nothing is allocated, save for decimals whose digits
 * exceed a long, or that have more than 18 digits behind the point or lie beyond an int64. Values are taken from validated documents; on others it throws
 * {@link io.nexuslite.error.InvalidDocumentException} or {@link IndexOutOfBoundsException}.
 */
public final class KeyString {
    /** Version of the form, for the catalog: keys of different versions must not meet in one tree. */
    public static final int FORMAT_VERSION = 1;
    /** Result of {@link #encode} where the key string would not fit. */
    public static final int TOO_LONG = -1;

    /** Ends documents and arrays: below every tag and rank, so that what ends first is less. */
    static final byte END = 0x01;

    static final byte MIN_KEY = 0x08;
    static final byte UNDEFINED = 0x0C;
    static final byte NULL = 0x10;
    static final byte NUMBER_FIRST = 0x20; // KeyNumber's
    static final byte NUMBER_LAST = 0x37;
    static final byte TEXT = 0x40;
    static final byte DOCUMENT = 0x44;
    static final byte ARRAY = 0x48;
    /** Data that sorts before UUIDs: shorter than 16 bytes, or 16 bytes of a lower subtype. */
    static final byte BINARY_LOW = 0x4C;
    static final byte UUID = 0x4D;
    static final byte BINARY_HIGH = 0x4E;
    static final byte OBJECT_ID = 0x50;
    static final byte FALSE = 0x54;
    static final byte TRUE = 0x55;
    static final byte DATE_TIME = 0x58;
    static final byte TIMESTAMP = 0x5C;
    static final byte REGEX = 0x60;
    static final byte DB_POINTER = 0x64;
    static final byte JAVASCRIPT = 0x68;
    static final byte JAVASCRIPT_WITH_SCOPE = 0x6C;
    static final byte MAX_KEY = 0x78;

    private static final byte ESCAPE = 0x01;
    private static final int LENGTH_WIDE = 0xFF;
    /** Rank of a field's type in a document: this plus {@link BsonType#order}. */
    private static final int RANK_BASE = 0x10;

    private KeyString() {
    }

    /**
     * Encodes one value.
     *
     * @param bson memory of the document
     * @param valueOffset where the value starts, as {@link BsonCursor#valueOffset} tells
     * @param type type of the value
     * @param descending whether the order is to be reversed
     * @param target where the key string goes
     * @param offset first byte of it
     * @param limit most bytes it may take, at least 0; bytes behind the key string and within the limit may be overwritten
     * @return bytes of the key string, at least 1, or {@link #TOO_LONG}
     */
    public static int encode(MemorySegment bson, long valueOffset, byte type, boolean descending, MemorySegment target,
            long offset, int limit) {
        Objects.checkFromIndexSize(offset, limit, target.byteSize());
        long end = putValue(bson, valueOffset, type, target, offset, offset + limit, 0);
        if (end < 0) {
            return TOO_LONG;
        }
        int length = (int) (end - offset);
        if (descending) {
            invert(target, offset, length);
        }
        return length;
    }

    /** As {@link #encode(MemorySegment, long, byte, boolean, MemorySegment, long, int)}, for the current value of a cursor. */
    public static int encode(BsonCursor cursor, boolean descending, MemorySegment target, long offset, int limit) {
        return encode(cursor.memory(), cursor.valueOffset(), cursor.type(), descending, target, offset, limit);
    }

    /**
     * Compares two keys, of one field or of several.
     *
     * @return below, equal to or above 0, as the first is less, equal or greater
     */
    public static int compare(MemorySegment a, long aOffset, int aLength, MemorySegment b, long bOffset, int bLength) {
        long at = MemorySegment.mismatch(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
        if (at < 0) {
            return 0;
        }
        if (at >= aLength || at >= bLength) {
            return aLength - bLength;
        }
        return (a.get(BYTE, aOffset + at) & 0xFF) - (b.get(BYTE, bOffset + at) & 0xFF);
    }

    /**
     * Lowest first byte of an ascending key string of a type and the types compared with it by value; inverted, the highest of
     * a descending one. With {@link #lastByte} it bounds the range of keys that a comparison within one type can meet.
     */
    public static int firstByte(byte type) {
        return switch (type) {
            case BsonType.DOUBLE, BsonType.INT32, BsonType.INT64, BsonType.DECIMAL128 -> NUMBER_FIRST;
            case BsonType.BINARY -> BINARY_LOW;
            case BsonType.BOOLEAN -> FALSE;
            default -> tag(type);
        };
    }

    /** Highest first byte, see {@link #firstByte}. */
    public static int lastByte(byte type) {
        return switch (type) {
            case BsonType.DOUBLE, BsonType.INT32, BsonType.INT64, BsonType.DECIMAL128 -> NUMBER_LAST;
            case BsonType.BINARY -> BINARY_HIGH;
            case BsonType.BOOLEAN -> TRUE;
            default -> tag(type);
        };
    }

    /** Puts the key string at {@code at} and returns its end, or {@link #TOO_LONG} if it would pass {@code end}. */
    private static long putValue(MemorySegment bson, long value, byte type, MemorySegment target, long at, long end,
            int depth) {
        return switch (type) {
            case BsonType.INT32 -> KeyNumber.putInt64(bson.get(INT, value), target, at, end);
            case BsonType.INT64 -> KeyNumber.putInt64(bson.get(LONG, value), target, at, end);
            case BsonType.OBJECT_ID -> putObjectId(bson, value, target, putTag(OBJECT_ID, target, at, end), end);
            case BsonType.BINARY -> putBinary(bson, value, target, at, end);
            case BsonType.STRING, BsonType.SYMBOL -> putString(bson, value, target, putTag(TEXT, target, at, end), end);
            case BsonType.DOUBLE -> KeyNumber.putDouble(bson.get(BsonBytes.DOUBLE, value), target, at, end);
            case BsonType.DECIMAL128 ->
                KeyNumber.putDecimal128(bson.get(LONG, value + Long.BYTES), bson.get(LONG, value),
                        target, at, end);
            case BsonType.DATE_TIME -> putWord(bson.get(LONG, value) ^ Long.MIN_VALUE, target,
                    putTag(DATE_TIME, target, at, end), end);
            case BsonType.TIMESTAMP -> putWord(bson.get(LONG, value), target, putTag(TIMESTAMP, target, at, end), end);
            case BsonType.BOOLEAN -> putTag(bson.get(BYTE, value) == 0 ? FALSE : TRUE, target, at, end);
            case BsonType.DOCUMENT -> putDocument(bson, value, target, putTag(DOCUMENT, target, at, end), end, depth);
            case BsonType.ARRAY -> putArray(bson, value, target, putTag(ARRAY, target, at, end), end, depth);
            case BsonType.REGEX -> putRegex(bson, value, target, putTag(REGEX, target, at, end), end);
            case BsonType.DB_POINTER -> putDbPointer(bson, value, target, putTag(DB_POINTER, target, at, end), end);
            case BsonType.JAVASCRIPT -> putString(bson, value, target, putTag(JAVASCRIPT, target, at, end), end);
            case BsonType.JAVASCRIPT_WITH_SCOPE -> putCodeWithScope(bson, value, target,
                    putTag(JAVASCRIPT_WITH_SCOPE, target, at, end), end, depth);
            default -> putTag(tag(type), target, at, end);
        };
    }

    private static byte tag(byte type) {
        return switch (type) {
            case BsonType.MIN_KEY -> MIN_KEY;
            case BsonType.UNDEFINED -> UNDEFINED;
            case BsonType.NULL -> NULL;
            case BsonType.STRING, BsonType.SYMBOL -> TEXT;
            case BsonType.DOCUMENT -> DOCUMENT;
            case BsonType.ARRAY -> ARRAY;
            case BsonType.OBJECT_ID -> OBJECT_ID;
            case BsonType.DATE_TIME -> DATE_TIME;
            case BsonType.TIMESTAMP -> TIMESTAMP;
            case BsonType.REGEX -> REGEX;
            case BsonType.DB_POINTER -> DB_POINTER;
            case BsonType.JAVASCRIPT -> JAVASCRIPT;
            case BsonType.JAVASCRIPT_WITH_SCOPE -> JAVASCRIPT_WITH_SCOPE;
            case BsonType.MAX_KEY -> MAX_KEY;
            default -> throw BsonBytes.malformed("expected a type, found " + (type & 0xFF), -1);
        };
    }

    static long putTag(byte tag, MemorySegment target, long at, long end) {
        if (at < 0 || at >= end) {
            return TOO_LONG;
        }
        target.set(BYTE, at, tag);
        return at + 1;
    }

    private static long putWord(long word, MemorySegment target, long at, long end) {
        if (at < 0 || end - at < Long.BYTES) {
            return TOO_LONG;
        }
        target.set(LONG_BE, at, word);
        return at + Long.BYTES;
    }

    private static long putObjectId(MemorySegment bson, long value, MemorySegment target, long at, long end) {
        if (at < 0 || end - at < BsonBytes.OBJECT_ID_SIZE) {
            return TOO_LONG;
        }
        target.set(LONG, at, bson.get(LONG, value));
        target.set(INT, at + Long.BYTES, bson.get(INT, value + Long.BYTES));
        return at + BsonBytes.OBJECT_ID_SIZE;
    }

    private static long putBinary(MemorySegment bson, long value, MemorySegment target, long at, long end) {
        int length = bson.get(INT, value);
        byte subtype = bson.get(BYTE, value + Integer.BYTES);
        long data = value + BsonBytes.BINARY_OVERHEAD;
        if (length == BsonBytes.UUID_SIZE && subtype == BsonType.SUBTYPE_UUID) {
            if (end - at < 1 + BsonBytes.UUID_SIZE) {
                return TOO_LONG;
            }
            target.set(BYTE, at, UUID);
            target.set(LONG, at + 1, bson.get(LONG, data));
            target.set(LONG, at + 1 + Long.BYTES, bson.get(LONG, data + Long.BYTES));
            return at + 1 + BsonBytes.UUID_SIZE;
        }
        boolean low = length < BsonBytes.UUID_SIZE || length == BsonBytes.UUID_SIZE
                && (subtype & 0xFF) < BsonType.SUBTYPE_UUID;
        long next = putLength(length, target, putTag(low ? BINARY_LOW : BINARY_HIGH, target, at, end), end);
        return putBytes(bson, data, length, target, putTag(subtype, target, next, end), end);
    }

    private static long putDbPointer(MemorySegment bson, long value, MemorySegment target, long at, long end) {
        int length = bson.get(INT, value) - 1;
        long name = value + Integer.BYTES;
        long next = putBytes(bson, name, length, target, putLength(length, target, at, end), end);
        return putObjectId(bson, name + length + 1, target, next, end);
    }

    private static long putLength(int length, MemorySegment target, long at, long end) {
        if (length < LENGTH_WIDE) {
            return putTag((byte) length, target, at, end);
        }
        if (at < 0 || end - at < 1 + Integer.BYTES) {
            return TOO_LONG;
        }
        target.set(BYTE, at, (byte) LENGTH_WIDE);
        target.set(INT_BE, at + 1, length);
        return at + 1 + Integer.BYTES;
    }

    private static long putBytes(MemorySegment bson, long from, int length, MemorySegment target, long at, long end) {
        if (at < 0 || end - at < length) {
            return TOO_LONG;
        }
        MemorySegment.copy(bson, from, target, at, length);
        return at + length;
    }

    private static long putRegex(MemorySegment bson, long value, MemorySegment target, long at, long end) {
        return putCString(bson, BsonBytes.terminator(bson, value, bson.byteSize()) + 1, target,
                putCString(bson, value, target, at, end), end);
    }

    /** Puts bytes up to and with the NUL that ends them. */
    private static long putCString(MemorySegment bson, long from, MemorySegment target, long at, long end) {
        if (at < 0) {
            return TOO_LONG;
        }
        long bound = Math.min(bson.byteSize(), from + (end - at));
        long nul = BsonBytes.terminator(bson, from, bound);
        return nul < 0 ? TOO_LONG : putBytes(bson, from, (int) (nul + 1 - from), target, at, end);
    }

    private static long putString(MemorySegment bson, long value, MemorySegment target, long at, long end) {
        return putText(bson, value + Integer.BYTES, bson.get(INT, value) - 1, target, at, end);
    }

    private static long putText(MemorySegment bson, long from, int length, MemorySegment target, long start, long end) {
        if (start < 0 || end - start <= length) {
            return TOO_LONG; // each byte takes one at least, and the 00 comes on top
        }
        long at = start;
        int i = 0;
        for (; i + Long.BYTES <= length && end - at > Long.BYTES; i += Long.BYTES) {
            long word = bson.get(LONG, from + i);
            if (((word - 0x0202020202020202L) & ~word & 0x8080808080808080L) != 0) {
                break; // a byte below 2
            }
            target.set(LONG, at, word);
            at += Long.BYTES;
        }
        for (; i < length; i++) {
            byte next = bson.get(BYTE, from + i);
            if (end - at < 3) {
                if (end - at < ((next & 0xFE) == 0 ? 3 : 2)) {
                    return TOO_LONG; // the closing 00 counted
                }
            }
            if ((next & 0xFE) == 0) {
                target.set(BYTE, at++, ESCAPE);
                next++;
            }
            target.set(BYTE, at++, next);
        }
        target.set(BYTE, at, (byte) 0);
        return at + 1;
    }

    private static long putCodeWithScope(MemorySegment bson, long value, MemorySegment target, long start, long end,
            int depth) {
        long code = value + Integer.BYTES;
        long at = putString(bson, code, target, start, end);
        long scope = code + Integer.BYTES + bson.get(INT, code);
        return putDocument(bson, scope, target, at, end, depth);
    }

    private static long putDocument(MemorySegment bson, long offset, MemorySegment target, long start, long end,
            int depth) {
        long last = lastByteOf(bson, offset, depth);
        long at = start;
        long element = offset + Integer.BYTES;
        while (at >= 0 && element < last) {
            byte type = bson.get(BYTE, element);
            long name = element + 1;
            long value = valueAfter(bson, name, last);
            int length = lengthOf(bson, type, value, last);
            at = putTag((byte) (RANK_BASE + BsonType.order(type)), target, at, end);
            at = putBytes(bson, name, (int) (value - name), target, at, end);
            at = at < 0 ? TOO_LONG : putValue(bson, value, type, target, at, end, depth + 1);
            element = value + length;
        }
        return putTag(END, target, at, end);
    }

    private static long putArray(MemorySegment bson, long offset, MemorySegment target, long start, long end,
            int depth) {
        long last = lastByteOf(bson, offset, depth);
        long at = start;
        long element = offset + Integer.BYTES;
        while (at >= 0 && element < last) {
            byte type = bson.get(BYTE, element);
            long value = valueAfter(bson, element + 1, last);
            int length = lengthOf(bson, type, value, last);
            at = putValue(bson, value, type, target, at, end, depth + 1);
            element = value + length;
        }
        return putTag(END, target, at, end);
    }

    private static long lastByteOf(MemorySegment bson, long offset, int depth) {
        if (depth > BsonType.DEPTH_MAX) {
            throw BsonBytes.malformed("expected at most " + BsonType.DEPTH_MAX + " levels, found more", -1);
        }
        return offset + BsonBytes.documentLength(bson, offset, bson.byteSize() - offset) - 1;
    }

    private static long valueAfter(MemorySegment bson, long name, long last) {
        long nul = BsonBytes.terminator(bson, name, last);
        if (nul < 0) {
            throw BsonBytes.malformed("expected a name that ends, found none", -1);
        }
        return nul + 1;
    }

    private static int lengthOf(MemorySegment bson, byte type, long value, long last) {
        int length = BsonBytes.valueLength(bson, type, value, last);
        if (length < 0) {
            throw BsonBytes.malformed("expected a value that fits, found type " + (type & 0xFF), -1);
        }
        return length;
    }

    private static void invert(MemorySegment target, long offset, int length) {
        long at = offset;
        long end = offset + length;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            target.set(LONG, at, ~target.get(LONG, at));
        }
        for (; at < end; at++) {
            target.set(BYTE, at, (byte) ~target.get(BYTE, at));
        }
    }
}
