package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;
import static io.nexuslite.bson.BsonBytes.DOUBLE;
import static io.nexuslite.bson.BsonBytes.INT;
import static io.nexuslite.bson.BsonBytes.LONG;

import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * Walks the elements of a document in place.
 *
 * <pre>{@code
 * cursor.wrap(view);
 * while (cursor.next()) {
 *     if (cursor.nameEquals(STATUS) && cursor.type() == BsonType.INT32) {
 *         total += cursor.int32();
 *     }
 * }
 * }</pre>
 *
 * <p>A carrier to be reused; one thread at a time; allocates only where a method says so. Borrows the memory it was wrapped
 * around. What getters return describes the current element and is valid until the next {@code next}, {@code enter},
 * {@code leave} or {@code wrap}. A getter for another type than the current one throws {@link IllegalStateException}.
 *
 * <p>Made for bytes that {@link BsonValidator} has seen. On others, each step is bounded by the container it is in, and throws
 * {@link InvalidDocumentException} rather than leave it.
 */
public final class BsonCursor {
    private MemorySegment memory = MemorySegment.NULL;
    /** Start of the root document: offsets in errors count from here. */
    private long origin;
    /** Where the next element starts. */
    private long position;
    /** First byte behind the current container, whose last byte is its terminator. */
    private long end;
    /** Ends of the containers around the current one. */
    private long[] ends = new long[8];
    private int depth;

    private byte type;
    private long nameOffset;
    private int nameLength;
    private long valueOffset;
    private int valueLength;

    /** A cursor on nothing; {@link #wrap} comes first. */
    public BsonCursor() {
    }

    /** Stands before the first element of the document; errors as {@link #wrap(MemorySegment, long, int)}. */
    public BsonCursor wrap(BsonView document) {
        return wrap(document.memory(), document.offset(), document.length());
    }

    /**
     * Stands before the first element of the document of {@code length} bytes at {@code offset}. An array may be walked the
     * same way.
     *
     * @throws IndexOutOfBoundsException if the memory is shorter
     * @throws InvalidDocumentException if the document states another length
     */
    public BsonCursor wrap(MemorySegment memory, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, memory.byteSize());
        int stated = BsonBytes.documentLength(BsonBytes.requireNative(memory), offset, length);
        if (stated != length) {
            throw BsonBytes.malformed("expected a length of " + length + ", found " + stated, 0);
        }
        this.memory = memory;
        origin = offset;
        depth = 0;
        type = BsonType.NONE;
        open(offset, length);
        return this;
    }

    /**
     * Steps to the next element of the current container, over the whole of the current one.
     *
     * @return false at the end of the container, where {@link #type} is {@link BsonType#NONE}
     * @throws InvalidDocumentException if the bytes are no element
     */
    public boolean next() {
        MemorySegment bytes = memory;
        long at = position;
        long last = end - 1;
        if (at >= last) {
            type = BsonType.NONE;
            return false;
        }
        byte found = bytes.get(BYTE, at);
        long name = at + 1;
        long nul = BsonBytes.terminator(bytes, name, last);
        if (nul < 0) {
            throw malformed("expected a name that ends, found none", at);
        }
        long value = nul + 1;
        int length = BsonBytes.valueLength(bytes, found, value, last);
        if (length < 0) {
            throw malformed("expected a value that fits, found type " + (found & 0xFF), at);
        }
        type = found;
        nameOffset = name;
        nameLength = (int) (nul - name);
        valueOffset = value;
        valueLength = length;
        position = value + length;
        return true;
    }

    /**
     * Steps forward to the next field of that name in the current container.
     *
     * @return false if there is none; the cursor is then at the end of the container
     */
    public boolean find(FieldName name) {
        while (next()) {
            if (name.matches(memory, nameOffset, nameLength)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Goes into the current document or array, or the scope of the current JavaScript with scope, before its first element.
     *
     * @throws IllegalStateException if the current element is none of these
     * @throws InvalidDocumentException below {@value BsonType#DEPTH_MAX} levels
     */
    public void enter() {
        long inside = valueOffset;
        int length = valueLength;
        if (type == BsonType.JAVASCRIPT_WITH_SCOPE) {
            inside = scopeOffset();
            length = scopeLength(); // the scope ends the value, so leave() finds its way as for a document
        } else if (type != BsonType.DOCUMENT && type != BsonType.ARRAY) {
            throw wrongType("document or array");
        }
        if (depth == ends.length) {
            deepen();
        }
        ends[depth++] = end;
        type = BsonType.NONE;
        open(inside, length);
    }

    /**
     * Goes back to the container around the current one, behind the element that was entered; {@link #next} gives its
     * successor.
     *
     * @throws IllegalStateException at the root
     */
    public void leave() {
        if (depth == 0) {
            throw new IllegalStateException("Cursor is at the root");
        }
        position = end;
        end = ends[--depth];
        type = BsonType.NONE;
    }

    /** Levels below the root: 0 in the root document. */
    public int depth() {
        return depth;
    }

    /** Type of the current element, see {@link BsonType}; {@link BsonType#NONE} if there is none. */
    public byte type() {
        return type;
    }

    /** The memory the element lies in. */
    public MemorySegment memory() {
        return memory;
    }

    /** Where the name starts in the memory. */
    public long nameOffset() {
        return nameOffset;
    }

    /** Bytes of the name in UTF-8, without NUL. */
    public int nameLength() {
        return nameLength;
    }

    /** Whether the current element has that name. */
    public boolean nameEquals(FieldName name) {
        return name.matches(memory, nameOffset, nameLength);
    }

    /** Hash of the current name, equal to {@link FieldName#hashCode} of an equal name. */
    public int nameHash() {
        return FieldName.hash(memory, nameOffset, nameLength);
    }

    /** The name as text. Allocates. */
    public String name() {
        return Utf8.decode(memory, nameOffset, nameLength);
    }

    /** Where the value starts in the memory; for strings, documents and binaries that is their length field. */
    public long valueOffset() {
        return valueOffset;
    }

    /** All bytes of the value, length fields included; 0 for null and its like. */
    public int valueLength() {
        return valueLength;
    }

    /** Makes {@code into} show the current document or array. Valid as long as this cursor's memory is. */
    public BsonView view(BsonView into) {
        if (type != BsonType.DOCUMENT && type != BsonType.ARRAY) {
            throw wrongType("document or array");
        }
        return into.wrap(memory, valueOffset, valueLength);
    }

    /** Value of an int32. */
    public int int32() {
        require(BsonType.INT32);
        return memory.get(INT, valueOffset);
    }

    /** Value of an int64. */
    public long int64() {
        require(BsonType.INT64);
        return memory.get(LONG, valueOffset);
    }

    /** Value of a double. */
    public double doubleValue() {
        require(BsonType.DOUBLE);
        return memory.get(DOUBLE, valueOffset);
    }

    /** Value of a boolean. */
    public boolean booleanValue() {
        require(BsonType.BOOLEAN);
        return memory.get(BYTE, valueOffset) != 0;
    }

    /** Value of a date: milliseconds since 1970 UTC, may be negative. */
    public long dateTimeMillis() {
        require(BsonType.DATE_TIME);
        return memory.get(LONG, valueOffset);
    }

    /** Value of a timestamp: seconds in the upper 32 bits, ordinal in the lower, compared unsigned. */
    public long timestamp() {
        require(BsonType.TIMESTAMP);
        return memory.get(LONG, valueOffset);
    }

    /** Upper 64 bits of a decimal128 in IEEE 754 BID encoding. */
    public long decimal128High() {
        require(BsonType.DECIMAL128);
        return memory.get(LONG, valueOffset + Long.BYTES);
    }

    /** Lower 64 bits of a decimal128 in IEEE 754 BID encoding. */
    public long decimal128Low() {
        require(BsonType.DECIMAL128);
        return memory.get(LONG, valueOffset);
    }

    /** Where the 12 bytes of an object id start. */
    public long objectIdOffset() {
        require(BsonType.OBJECT_ID);
        return valueOffset;
    }

    /** Where the UTF-8 bytes of a string, symbol or JavaScript start. */
    public long stringOffset() {
        requireString();
        return valueOffset + Integer.BYTES;
    }

    /** Bytes of a string, symbol or JavaScript, without NUL. */
    public int stringLength() {
        requireString();
        return valueLength - BsonBytes.STRING_OVERHEAD;
    }

    /** Text of a string, symbol or JavaScript. Allocates. */
    public String string() {
        return Utf8.decode(memory, stringOffset(), stringLength());
    }

    /** Subtype of a binary. */
    public byte binarySubtype() {
        require(BsonType.BINARY);
        return memory.get(BYTE, valueOffset + Integer.BYTES);
    }

    /** Where the data of a binary starts; behind the inner length for subtype 2. */
    public long binaryOffset() {
        return valueOffset + BsonBytes.BINARY_OVERHEAD + innerLengthSize();
    }

    /** Bytes of data of a binary, without the inner length of subtype 2. */
    public int binaryLength() {
        return valueLength - BsonBytes.BINARY_OVERHEAD - innerLengthSize();
    }

    /** Where the pattern of a regular expression starts. */
    public long regexPatternOffset() {
        require(BsonType.REGEX);
        return valueOffset;
    }

    /** Bytes of the pattern of a regular expression, without NUL. */
    public int regexPatternLength() {
        require(BsonType.REGEX);
        return (int) (BsonBytes.terminator(memory, valueOffset, valueOffset + valueLength) - valueOffset);
    }

    /** Where the options of a regular expression start. */
    public long regexOptionsOffset() {
        return valueOffset + regexPatternLength() + 1;
    }

    /** Bytes of the options of a regular expression, without NUL. */
    public int regexOptionsLength() {
        return valueLength - regexPatternLength() - 2;
    }

    /** Where the UTF-8 bytes of the code of a JavaScript with scope start. */
    public long codeOffset() {
        require(BsonType.JAVASCRIPT_WITH_SCOPE);
        return valueOffset + 2 * Integer.BYTES;
    }

    /**
     * Bytes of the code of a JavaScript with scope, without NUL.
     *
     * @throws InvalidDocumentException if the code does not fit the value
     */
    public int codeLength() {
        require(BsonType.JAVASCRIPT_WITH_SCOPE);
        int length = memory.get(INT, valueOffset + Integer.BYTES) - 1;
        if (length < 0 || length > valueLength - 2 * Integer.BYTES - 1 - BsonType.DOCUMENT_SIZE_MIN) {
            throw malformed("expected code that fits, found length " + length, valueOffset);
        }
        return length;
    }

    /** Where the scope document of a JavaScript with scope starts. */
    public long scopeOffset() {
        return codeOffset() + codeLength() + 1;
    }

    /** Bytes of the scope document of a JavaScript with scope. */
    public int scopeLength() {
        return (int) (valueOffset + valueLength - scopeOffset());
    }

    /** Where the UTF-8 bytes of the namespace of a DBPointer start. */
    public long dbPointerNamespaceOffset() {
        require(BsonType.DB_POINTER);
        return valueOffset + Integer.BYTES;
    }

    /** Bytes of the namespace of a DBPointer, without NUL. */
    public int dbPointerNamespaceLength() {
        require(BsonType.DB_POINTER);
        return valueLength - BsonBytes.STRING_OVERHEAD - BsonBytes.OBJECT_ID_SIZE;
    }

    /** Where the 12 bytes of the object id of a DBPointer start. */
    public long dbPointerObjectIdOffset() {
        require(BsonType.DB_POINTER);
        return valueOffset + valueLength - BsonBytes.OBJECT_ID_SIZE;
    }

    private void open(long offset, int length) {
        position = offset + Integer.BYTES;
        end = offset + length;
        if (memory.get(BYTE, end - 1) != 0) {
            throw malformed("expected a document that ends in zero, found another byte", end - 1);
        }
    }

    private void deepen() {
        if (depth == BsonType.DEPTH_MAX) {
            throw malformed("expected at most " + BsonType.DEPTH_MAX + " levels, found more", valueOffset);
        }
        ends = Arrays.copyOf(ends, Math.min(2 * ends.length, BsonType.DEPTH_MAX));
    }

    private int innerLengthSize() {
        boolean inner = binarySubtype() == BsonType.SUBTYPE_OLD_BINARY
                && valueLength >= BsonBytes.BINARY_OVERHEAD + Integer.BYTES;
        return inner ? Integer.BYTES : 0;
    }

    private void require(byte expected) {
        if (type != expected) {
            throw wrongType(BsonType.alias(expected));
        }
    }

    private void requireString() {
        if (type != BsonType.STRING && type != BsonType.SYMBOL && type != BsonType.JAVASCRIPT) {
            throw wrongType("string, symbol or javascript");
        }
    }

    private IllegalStateException wrongType(String expected) {
        String found = type == BsonType.NONE ? "no element" : BsonType.alias(type);
        return new IllegalStateException("Expected " + expected + ", found " + found);
    }

    private InvalidDocumentException malformed(String what, long at) {
        return BsonBytes.malformed(what, at - origin);
    }
}
