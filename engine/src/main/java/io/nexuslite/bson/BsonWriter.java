package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;
import static io.nexuslite.bson.BsonBytes.INT;
import static io.nexuslite.bson.BsonBytes.INT_BE;
import static io.nexuslite.bson.BsonBytes.LONG;
import static io.nexuslite.bson.BsonBytes.LONG_BE;

import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/**
 * Writes a document into a {@link GrowableBuffer}, behind what the buffer already holds.
 *
 * <pre>{@code
 * writer.wrap(buffer).startDocument();
 * writer.name(STATUS).int32(7);
 * writer.name(TAGS).startArray().string("a").string("b").endArray();
 * writer.endDocument();
 * }</pre>
 *
 * <p>In a document each value follows a {@code name}; in an array the writer makes the names. Strings and names are checked to be
 * valid UTF-8, and raw values are taken as valid: they come from validated documents. Duplicate names are not looked for.
 *
 * <p>A carrier to be reused; one thread at a time; nothing is allocated in the steady state. Steps out of order throw
 * {@link IllegalStateException}. More than {@value BsonType#DOCUMENT_SIZE_MAX} bytes or {@value BsonType#DEPTH_MAX} levels, and
 * text that UTF-8 cannot hold, throw {@link InvalidDocumentException}: the document is then good for {@link #discard} or another
 * {@code wrap} only.
 */
public final class BsonWriter {
    private static final int STATE_UNWRAPPED = 0;
    private static final int STATE_ROOT = 1;
    private static final int STATE_NAME = 2;
    private static final int STATE_VALUE = 3;
    private static final int STATE_ARRAY = 4;
    private static final int STATE_DONE = 5;

    /** In place of an array's next index. */
    private static final int IN_DOCUMENT = -1;
    /** Chars up to which text is given three bytes a char without counting. */
    private static final int SHORT_TEXT = 256;
    /** Room in which two short texts and all that goes with them fit. */
    private static final int SHORT_TEXT_ROOM = 2048;
    /** Bytes that a level of nesting takes at least: type, a name of no bytes, length, terminator. */
    private static final int LEVEL_SIZE_MIN = 7;

    private GrowableBuffer target;
    /** The buffer's memory; renewed whenever the buffer may have grown. */
    private MemorySegment memory = MemorySegment.NULL;
    /** Where the document starts in the buffer. */
    private int start;
    /** First offset at which no byte of this document may lie before {@link #roomSlow} has been asked. */
    private int ceiling;
    private int state = STATE_UNWRAPPED;
    /** Where the type byte of the element goes whose name has been written. */
    private int typeOffset;
    private int depth = -1;
    private int[] starts = new int[8];
    private int[] indexes = new int[8];
    private BsonCursor measure;

    /** A writer to nowhere; {@link #wrap} comes first. */
    public BsonWriter() {
    }

    /** Begins a new document behind what {@code target} holds. Borrows the buffer until the document is done. */
    public BsonWriter wrap(GrowableBuffer target) {
        this.target = target;
        memory = target.memory();
        start = target.length();
        depth = -1;
        state = STATE_ROOT;
        raiseCeiling();
        return this;
    }

    /** Bytes of the document so far; all of it after the last {@link #endDocument}. */
    public int length() {
        return target == null ? 0 : target.length() - start;
    }

    /** Where the document starts in the buffer. */
    public int offset() {
        return start;
    }

    /** Whether the document is complete. */
    public boolean isDone() {
        return state == STATE_DONE;
    }

    /** Levels below the root of what is being written; -1 outside of a document. */
    public int depth() {
        return depth;
    }

    /** Takes the document out of the buffer again, and stands where {@link #wrap} did. */
    public BsonWriter discard() {
        target.setLength(start);
        return wrap(target);
    }

    /** Begins the root document, or a document as a value. */
    public BsonWriter startDocument() {
        return open(BsonType.DOCUMENT, IN_DOCUMENT);
    }

    /** Ends the innermost document. */
    public BsonWriter endDocument() {
        if (state != STATE_NAME) {
            throw wrongState("endDocument");
        }
        return close();
    }

    /** Begins an array as a value. */
    public BsonWriter startArray() {
        if (state == STATE_ROOT) {
            throw wrongState("startArray");
        }
        return open(BsonType.ARRAY, 0);
    }

    /** Ends the innermost array. */
    public BsonWriter endArray() {
        if (state != STATE_ARRAY) {
            throw wrongState("endArray");
        }
        return close();
    }

    /** Name of the next value. */
    public BsonWriter name(FieldName name) {
        int length = name.length();
        int at = nameRoom(length);
        name.write(memory, at + 1L);
        target.setLength(at + length + 2);
        return this;
    }

    /**
     * Name of the next value; a {@link FieldName} is faster.
     *
     * @throws InvalidDocumentException if it holds a NUL or an unpaired surrogate
     */
    public BsonWriter name(CharSequence name) {
        int at = nameRoom(utf8Room(name));
        int length = Utf8.encode(name, true, memory, at + 1L);
        if (length == Utf8.INVALID) {
            throw badText("name");
        }
        memory.set(BYTE, at + 1L + length, (byte) 0);
        target.setLength(at + length + 2);
        return this;
    }

    /**
     * Name of the next value, from UTF-8 bytes.
     *
     * @throws InvalidDocumentException if they hold a NUL or are no UTF-8
     */
    public BsonWriter name(MemorySegment utf8, long offset, int length) {
        if (Utf8.firstInvalid(utf8, offset, offset + length) >= 0
                || BsonBytes.terminator(utf8, offset, offset + length) >= 0) {
            throw badText("name");
        }
        int at = nameRoom(length);
        MemorySegment.copy(utf8, offset, memory, at + 1L, length);
        memory.set(BYTE, at + 1L + length, (byte) 0);
        target.setLength(at + length + 2);
        return this;
    }

    public BsonWriter int32(int value) {
        long at = fixed(BsonType.INT32, Integer.BYTES);
        memory.set(INT, at, value);
        return this;
    }

    public BsonWriter int64(long value) {
        long at = fixed(BsonType.INT64, Long.BYTES);
        memory.set(LONG, at, value);
        return this;
    }

    /** A double; every bit pattern is kept, also that of a NaN. */
    public BsonWriter doubleValue(double value) {
        long at = fixed(BsonType.DOUBLE, Long.BYTES);
        memory.set(LONG, at, Double.doubleToRawLongBits(value));
        return this;
    }

    public BsonWriter booleanValue(boolean value) {
        long at = fixed(BsonType.BOOLEAN, 1);
        memory.set(BYTE, at, value ? (byte) 1 : (byte) 0);
        return this;
    }

    public BsonWriter nullValue() {
        fixed(BsonType.NULL, 0);
        return this;
    }

    public BsonWriter undefined() {
        fixed(BsonType.UNDEFINED, 0);
        return this;
    }

    public BsonWriter minKey() {
        fixed(BsonType.MIN_KEY, 0);
        return this;
    }

    public BsonWriter maxKey() {
        fixed(BsonType.MAX_KEY, 0);
        return this;
    }

    /** A date in milliseconds since 1970 UTC. */
    public BsonWriter dateTime(long millis) {
        long at = fixed(BsonType.DATE_TIME, Long.BYTES);
        memory.set(LONG, at, millis);
        return this;
    }

    /** A timestamp: seconds in the upper 32 bits, ordinal in the lower. */
    public BsonWriter timestamp(long value) {
        long at = fixed(BsonType.TIMESTAMP, Long.BYTES);
        memory.set(LONG, at, value);
        return this;
    }

    /** A decimal128 in IEEE 754 BID encoding. */
    public BsonWriter decimal128(long high, long low) {
        long at = fixed(BsonType.DECIMAL128, 2 * Long.BYTES);
        memory.set(LONG, at, low);
        memory.set(LONG, at + Long.BYTES, high);
        return this;
    }

    public BsonWriter decimal128(Decimal128 value) {
        return decimal128(value.getHigh(), value.getLow());
    }

    /** An object id from its first eight and last four bytes, big-endian. */
    public BsonWriter objectId(long first, int last) {
        long at = fixed(BsonType.OBJECT_ID, BsonBytes.OBJECT_ID_SIZE);
        memory.set(LONG_BE, at, first);
        memory.set(INT_BE, at + Long.BYTES, last);
        return this;
    }

    /** An object id from its 12 bytes at {@code offset}. */
    public BsonWriter objectId(MemorySegment bytes, long offset) {
        return objectId(bytes.get(LONG_BE, offset), bytes.get(INT_BE, offset + Long.BYTES));
    }

    /** An object id. Allocates its bytes. */
    public BsonWriter objectId(ObjectId value) {
        byte[] bytes = value.toByteArray();
        long at = fixed(BsonType.OBJECT_ID, bytes.length);
        MemorySegment.copy(bytes, 0, memory, BYTE, at, bytes.length);
        return this;
    }

    /** A UUID in the byte order of RFC 9562, as binary of subtype 4. */
    public BsonWriter uuid(long mostSignificant, long leastSignificant) {
        long at = fixed(BsonType.BINARY, BsonBytes.BINARY_OVERHEAD + BsonBytes.UUID_SIZE);
        memory.set(INT, at, BsonBytes.UUID_SIZE);
        memory.set(BYTE, at + Integer.BYTES, BsonType.SUBTYPE_UUID);
        memory.set(LONG_BE, at + BsonBytes.BINARY_OVERHEAD, mostSignificant);
        memory.set(LONG_BE, at + BsonBytes.BINARY_OVERHEAD + Long.BYTES, leastSignificant);
        return this;
    }

    /** Binary data from memory; subtype 2 gets the inner length it asks for. */
    public BsonWriter binary(byte subtype, MemorySegment data, long offset, int length) {
        long at = binaryRoom(subtype, length);
        MemorySegment.copy(data, offset, memory, at, length);
        return this;
    }

    /** Binary data from an array; subtype 2 gets the inner length it asks for. */
    public BsonWriter binary(byte subtype, byte[] data) {
        long at = binaryRoom(subtype, data.length);
        MemorySegment.copy(data, 0, memory, BYTE, at, data.length);
        return this;
    }

    /** A string; may hold NUL. */
    public BsonWriter string(CharSequence value) {
        return text(BsonType.STRING, value);
    }

    /** A string from UTF-8 bytes, which are checked. */
    public BsonWriter string(MemorySegment utf8, long offset, int length) {
        if (Utf8.firstInvalid(utf8, offset, offset + length) >= 0) {
            throw badText("string");
        }
        long at = variable(BsonType.STRING, (long) length + BsonBytes.STRING_OVERHEAD);
        memory.set(INT, at, length + 1);
        MemorySegment.copy(utf8, offset, memory, at + Integer.BYTES, length);
        memory.set(BYTE, at + Integer.BYTES + length, (byte) 0);
        return this;
    }

    public BsonWriter symbol(CharSequence value) {
        return text(BsonType.SYMBOL, value);
    }

    public BsonWriter javascript(CharSequence code) {
        return text(BsonType.JAVASCRIPT, code);
    }

    /** JavaScript with the document {@code scope} as its scope; the scope is copied raw. */
    public BsonWriter javascriptWithScope(CharSequence code, BsonView scope) {
        checkDepth(scope.memory(), scope.offset(), scope.length());
        int codeRoom = utf8Room(code);
        int head = 2 * Integer.BYTES;
        long at = variable(BsonType.JAVASCRIPT_WITH_SCOPE, (long) head + codeRoom + 1 + scope.length());
        int codeLength = Utf8.encode(code, false, memory, at + head);
        if (codeLength == Utf8.INVALID) {
            throw badText("code");
        }
        memory.set(BYTE, at + head + codeLength, (byte) 0);
        memory.set(INT, at + Integer.BYTES, codeLength + 1);
        MemorySegment.copy(scope.memory(), scope.offset(), memory, at + head + codeLength + 1, scope.length());
        int total = head + codeLength + 1 + scope.length();
        memory.set(INT, at, total);
        target.setLength((int) at + total);
        return this;
    }

    /** A regular expression. MongoDB wants the options in alphabetical order; they are written as they are. */
    public BsonWriter regex(CharSequence pattern, CharSequence options) {
        int patternRoom = utf8Room(pattern);
        long at = variable(BsonType.REGEX, (long) patternRoom + utf8Room(options) + 2);
        int patternLength = Utf8.encode(pattern, true, memory, at);
        if (patternLength == Utf8.INVALID) {
            throw badText("pattern");
        }
        memory.set(BYTE, at + patternLength, (byte) 0);
        int optionsLength = Utf8.encode(options, true, memory, at + patternLength + 1);
        if (optionsLength == Utf8.INVALID) {
            throw badText("options");
        }
        memory.set(BYTE, at + patternLength + 1 + optionsLength, (byte) 0);
        target.setLength((int) at + patternLength + optionsLength + 2);
        return this;
    }

    /** A DBPointer; the object id as in {@link #objectId(long, int)}. */
    public BsonWriter dbPointer(CharSequence namespace, long objectIdFirst, int objectIdLast) {
        int room = utf8Room(namespace);
        long at = variable(BsonType.DB_POINTER, (long) room + BsonBytes.STRING_OVERHEAD + BsonBytes.OBJECT_ID_SIZE);
        int length = Utf8.encode(namespace, false, memory, at + Integer.BYTES);
        if (length == Utf8.INVALID) {
            throw badText("namespace");
        }
        memory.set(INT, at, length + 1);
        long end = at + Integer.BYTES + length;
        memory.set(BYTE, end, (byte) 0);
        memory.set(LONG_BE, end + 1, objectIdFirst);
        memory.set(INT_BE, end + 1 + Long.BYTES, objectIdLast);
        target.setLength((int) end + 1 + BsonBytes.OBJECT_ID_SIZE);
        return this;
    }

    /** Copies the current value of {@code cursor}, which comes from a validated document. */
    public BsonWriter value(BsonCursor cursor) {
        if (cursor.type() == BsonType.NONE) {
            throw new IllegalStateException("Cursor stands on no element");
        }
        return value(cursor.type(), cursor.memory(), cursor.valueOffset(), cursor.valueLength());
    }

    /** Copies the current element of {@code cursor}, name and value; for documents only. */
    public BsonWriter element(BsonCursor cursor) {
        int length = cursor.nameLength();
        int at = nameRoom(length);
        MemorySegment.copy(cursor.memory(), cursor.nameOffset(), memory, at + 1L, length);
        memory.set(BYTE, at + 1L + length, (byte) 0);
        target.setLength(at + length + 2);
        return value(cursor);
    }

    /** Copies a value as it lies in a validated document: {@code length} bytes at {@code offset}, length fields included. */
    public BsonWriter value(byte type, MemorySegment source, long offset, int length) {
        if (type == BsonType.DOCUMENT || type == BsonType.ARRAY || type == BsonType.JAVASCRIPT_WITH_SCOPE) {
            checkNestedDepth(type, source, offset, length);
        } else if (!BsonType.isKnown(type)) {
            throw new IllegalArgumentException("No BSON type: " + (type & 0xFF));
        }
        long at = variable(type, length);
        MemorySegment.copy(source, offset, memory, at, length);
        return this;
    }

    /** Copies a whole validated document: as a value or, where none has been begun, as the root. */
    public BsonWriter rawDocument(BsonView document) {
        if (state != STATE_ROOT) {
            return value(BsonType.DOCUMENT, document.memory(), document.offset(), document.length());
        }
        int length = document.length();
        int at = room(length);
        MemorySegment.copy(document.memory(), document.offset(), memory, at, length);
        target.setLength(at + length);
        state = STATE_DONE;
        return this;
    }

    /** Copies a whole validated array as a value. */
    public BsonWriter rawArray(BsonView array) {
        return value(BsonType.ARRAY, array.memory(), array.offset(), array.length());
    }

    /** Copies whole elements, types and names included, of a validated document of the same depth. */
    BsonWriter rawElements(MemorySegment source, long offset, int length) {
        if (state != STATE_NAME) {
            throw wrongState("elements");
        }
        int at = room(length);
        MemorySegment.copy(source, offset, memory, at, length);
        target.setLength(at + length);
        return this;
    }

    /** Whether a name or the end of a document is what comes next. */
    boolean expectsName() {
        return state == STATE_NAME;
    }

    /** A byte of what has been written, counted from the start of the document. */
    byte byteAt(int offset) {
        return memory.get(BYTE, start + (long) offset);
    }

    private BsonWriter open(byte type, int firstIndex) {
        if (state == STATE_ROOT) {
            int at = room(Integer.BYTES);
            target.setLength(at + Integer.BYTES);
        } else {
            if (depth == BsonType.DEPTH_MAX) {
                throw tooDeep();
            }
            fixed(type, Integer.BYTES);
        }
        depth++;
        if (depth == starts.length) {
            int size = Math.min(2 * depth, BsonType.DEPTH_MAX + 1);
            starts = Arrays.copyOf(starts, size);
            indexes = Arrays.copyOf(indexes, size);
        }
        starts[depth] = target.length() - Integer.BYTES;
        indexes[depth] = firstIndex;
        state = firstIndex == IN_DOCUMENT ? STATE_NAME : STATE_ARRAY;
        return this;
    }

    private BsonWriter close() {
        int at = room(1);
        memory.set(BYTE, at, (byte) 0);
        target.setLength(at + 1);
        memory.set(INT, starts[depth], at + 1 - starts[depth]);
        depth--;
        state = depth < 0 ? STATE_DONE : indexes[depth] == IN_DOCUMENT ? STATE_NAME : STATE_ARRAY;
        return this;
    }

    /** Begins an element: room for type, name and NUL. The caller writes the name behind the type and sets the length. */
    private int nameRoom(int nameLength) {
        if (state != STATE_NAME) {
            throw wrongState("name");
        }
        int at = room(nameLength + 2);
        typeOffset = at;
        state = STATE_VALUE;
        return at;
    }

    /**
     * Begins a value whose length is known, and returns where it goes. May renew {@link #memory}: call it in a statement of its
     * own, since {@code memory.set(…, fixed(…), …)} would write into the memory of before.
     */
    private long fixed(byte type, int length) {
        if (state == STATE_VALUE) {
            int at = room(length);
            memory.set(BYTE, typeOffset, type);
            target.setLength(at + length);
            state = STATE_NAME;
            return at;
        }
        if (state != STATE_ARRAY) {
            throw wrongState("a value");
        }
        return arrayElement(type, length);
    }

    /** As {@link #fixed}, for a length that was computed. A caller that needs less sets the buffer's length back. */
    private long variable(byte type, long length) {
        if (length > BsonType.DOCUMENT_SIZE_MAX) {
            throw tooLarge(length());
        }
        return fixed(type, (int) length);
    }

    private long arrayElement(byte type, int length) {
        int rest = indexes[depth];
        int digits = digits(rest);
        int at = room(digits + 2 + length);
        indexes[depth]++;
        memory.set(BYTE, at, type);
        for (int i = digits; i > 0; i--) {
            memory.set(BYTE, at + (long) i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        memory.set(BYTE, at + 1L + digits, (byte) 0);
        int value = at + digits + 2;
        target.setLength(value + length);
        return value;
    }

    private static int digits(int index) {
        int digits = 1;
        for (int rest = index; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private BsonWriter text(byte type, CharSequence value) {
        long at = variable(type, (long) utf8Room(value) + BsonBytes.STRING_OVERHEAD);
        int length = Utf8.encode(value, false, memory, at + Integer.BYTES);
        if (length == Utf8.INVALID) {
            throw badText("string");
        }
        memory.set(INT, at, length + 1);
        memory.set(BYTE, at + Integer.BYTES + length, (byte) 0);
        target.setLength((int) at + length + BsonBytes.STRING_OVERHEAD);
        return this;
    }

    private long binaryRoom(byte subtype, int length) {
        int inner = subtype == BsonType.SUBTYPE_OLD_BINARY ? Integer.BYTES : 0;
        long at = variable(BsonType.BINARY, (long) length + inner + BsonBytes.BINARY_OVERHEAD);
        memory.set(INT, at, length + inner);
        memory.set(BYTE, at + Integer.BYTES, subtype);
        if (inner != 0) {
            memory.set(INT, at + BsonBytes.BINARY_OVERHEAD, length);
        }
        return at + BsonBytes.BINARY_OVERHEAD + inner;
    }

    /** Bytes to keep free for {@code text}: a cheap bound for short text far from any limit, else the exact count. */
    private int utf8Room(CharSequence text) {
        int length = text.length();
        if (length <= SHORT_TEXT && ceiling - target.length() > SHORT_TEXT_ROOM) {
            return 3 * length;
        }
        long exact = Utf8.encodedLength(text);
        if (exact > BsonType.DOCUMENT_SIZE_MAX) {
            throw tooLarge(length());
        }
        return (int) exact;
    }

    /** Offset with room for {@code bytes}, not counted in yet. */
    private int room(int bytes) {
        int at = target.length();
        return bytes <= ceiling - at ? at : roomSlow(bytes);
    }

    private int roomSlow(int bytes) {
        int at = target.length();
        if (at - start + (long) bytes > BsonType.DOCUMENT_SIZE_MAX) {
            throw tooLarge(at - start);
        }
        target.reserve(bytes);
        memory = target.memory();
        raiseCeiling();
        return at;
    }

    private void raiseCeiling() {
        ceiling = (int) Math.min(target.capacity(), (long) start + BsonType.DOCUMENT_SIZE_MAX);
    }

    private void checkNestedDepth(byte type, MemorySegment source, long offset, int length) {
        if (type != BsonType.JAVASCRIPT_WITH_SCOPE) {
            checkDepth(source, offset, length);
            return;
        }
        long code = 2L * Integer.BYTES + source.get(INT, offset + Integer.BYTES);
        if (code < 2 * Integer.BYTES || code > length - BsonType.DOCUMENT_SIZE_MIN) {
            throw new InvalidDocumentException("expected code with scope, found lengths that do not fit", length(), "");
        }
        checkDepth(source, offset + code, (int) (length - code));
    }

    /** A document or array to be copied as a value: it and what is in it must stay above the deepest level. */
    private void checkDepth(MemorySegment source, long offset, int length) {
        int allowed = BsonType.DEPTH_MAX - (depth + 1);
        if (length / LEVEL_SIZE_MIN <= allowed) {
            return; // too short to be too deep
        }
        if (measure == null) {
            measure = new BsonCursor();
        }
        if (allowed < 0 || BsonDepth.exceeds(measure.wrap(source, offset, length), allowed)) {
            throw tooDeep();
        }
    }

    private InvalidDocumentException tooDeep() {
        return new InvalidDocumentException("expected at most " + BsonType.DEPTH_MAX + " levels, found more", length(),
                "");
    }

    private static InvalidDocumentException tooLarge(int offset) {
        return new InvalidDocumentException("expected at most " + BsonType.DOCUMENT_SIZE_MAX + " bytes, found more",
                offset, "");
    }

    private InvalidDocumentException badText(String what) {
        return new InvalidDocumentException("expected a " + what + " that UTF-8 can hold (and no NUL where C strings"
                + " stand), found another", length(), "");
    }

    private IllegalStateException wrongState(String step) {
        String expected = switch (state) {
            case STATE_UNWRAPPED -> "wrap";
            case STATE_ROOT -> "startDocument or rawDocument";
            case STATE_NAME -> "name or endDocument";
            case STATE_VALUE -> "a value";
            case STATE_ARRAY -> "a value or endArray";
            default -> "nothing more: the document is done";
        };
        return new IllegalStateException("Expected " + expected + ", found " + step);
    }
}
