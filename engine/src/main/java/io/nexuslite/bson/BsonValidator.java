package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;
import static io.nexuslite.bson.BsonBytes.INT;

import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * Checks bytes that nobody vouches for: afterwards everything in this package may walk them.
 *
 * <p>One pass, without recursion, each byte read at most twice. A document that passes is what BSON allows and nothing else:
 * every length fits exactly in what surrounds it, types are known, names and texts are valid UTF-8 (no overlong forms, no
 * surrogates), names and patterns hold no NUL, booleans are 0 or 1, arrays count from "0" on, binary of subtype 2 repeats its
 * length, there are at most {@value BsonType#DOCUMENT_SIZE_MAX} bytes and {@value BsonType#DEPTH_MAX} levels below the root.
 * Nothing is allocated but the exception, and the stack when a document is deeper than all before it.
 *
 * <p>To be reused; one thread at a time. Borrows the memory for the call.
 */
public final class BsonValidator {
    private static final int IN_DOCUMENT = -1;
    /** Levels the stack begins with: the bridge makes a validator for each document. */
    private static final int LEVELS_FIRST = 8;
    /** More of a damaged name tells nobody anything. */
    private static final int PATH_LENGTH_MAX = 1024;

    private long[] ends = new long[LEVELS_FIRST];
    /** Next index of an array, or {@link #IN_DOCUMENT}. */
    private int[] indexes = new int[LEVELS_FIRST];
    /** Where the name of each level's current element starts, and its bytes. */
    private long[] names = new long[LEVELS_FIRST];
    private int[] nameLengths = new int[LEVELS_FIRST];
    /** Levels, from the root on, whose current name is known: what a path is made of. */
    private int named;
    private int depth;
    private MemorySegment memory;
    private long origin;

    /** A validator. */
    public BsonValidator() {
    }

    /**
     * Checks the document at {@code view}; as {@link #validate(MemorySegment, long, int)}.
     */
    public void validate(BsonView view) {
        validate(view.memory(), view.offset(), view.length());
    }

    /**
     * Checks that exactly {@code length} bytes at {@code offset} are a document.
     *
     * @throws IndexOutOfBoundsException if the memory is shorter
     * @throws InvalidDocumentException if they are not, with byte offset and path of the first fault
     */
    public void validate(MemorySegment memory, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, memory.byteSize());
        this.memory = BsonBytes.requireNative(memory);
        origin = offset;
        depth = 0;
        named = 0;
        try {
            if (length > BsonType.DOCUMENT_SIZE_MAX) {
                throw invalid("expected at most " + BsonType.DOCUMENT_SIZE_MAX + " bytes, found " + length, offset);
            }
            begin(offset, offset + length, IN_DOCUMENT);
            walk(offset + Integer.BYTES);
        } finally {
            this.memory = null; // borrowed for the call
        }
    }

    private void walk(long from) {
        MemorySegment bytes = memory;
        long at = from;
        while (true) {
            long last = ends[depth] - 1;
            if (at == last) {
                if (depth == 0) {
                    return;
                }
                at = ends[depth--];
                continue;
            }
            byte type = bytes.get(BYTE, at);
            long name = at + 1;
            named = depth;
            long nul = BsonBytes.terminator(bytes, name, last);
            if (nul < 0) {
                throw invalid("expected a name that ends inside its document, found none", at);
            }
            names[depth] = name;
            nameLengths[depth] = (int) (nul - name);
            named = depth + 1;
            if (indexes[depth] != IN_DOCUMENT) {
                checkIndex(name, (int) (nul - name));
            } else {
                checkText("name", name, nul);
            }
            at = value(type, nul + 1, last);
        }
    }

    /** Checks a value and returns where the walk goes on: behind it, or inside. */
    private long value(byte type, long at, long last) {
        int length = BsonBytes.valueLength(memory, type, at, last);
        if (length < 0) {
            throw BsonType.isKnown(type)
                    ? invalid(
                            "expected a value of type " + BsonType.alias(type) + " that fits its document, found none",
                            at)
                    : invalid("expected a type, found " + (type & 0xFF), names[depth] - 1);
        }
        long end = at + length;
        switch (type) {
            case BsonType.DOCUMENT, BsonType.ARRAY -> {
                push(at, end, type == BsonType.ARRAY ? 0 : IN_DOCUMENT);
                return at + Integer.BYTES;
            }
            case BsonType.JAVASCRIPT_WITH_SCOPE -> {
                return codeWithScope(at, end);
            }
            case BsonType.STRING, BsonType.JAVASCRIPT, BsonType.SYMBOL -> checkString(at + Integer.BYTES, end - 1);
            case BsonType.DB_POINTER -> checkString(at + Integer.BYTES, end - BsonBytes.OBJECT_ID_SIZE - 1);
            case BsonType.REGEX -> checkText("pattern or options", at, end);
            case BsonType.BOOLEAN -> {
                if ((memory.get(BYTE, at) & 0xFE) != 0) {
                    throw invalid("expected a boolean of 0 or 1, found " + (memory.get(BYTE, at) & 0xFF), at);
                }
            }
            case BsonType.BINARY -> checkBinary(at, length);
            default -> {
                // Every bit pattern of that length is a value.
            }
        }
        return end;
    }

    private long codeWithScope(long at, long end) {
        long code = at + 2 * Integer.BYTES;
        long codeEnd = code + memory.get(INT, at + Integer.BYTES) - 1;
        if (codeEnd < code || codeEnd > end - 1 - BsonType.DOCUMENT_SIZE_MIN) {
            throw invalid("expected code that fits its value, found length " + (codeEnd + 1 - code),
                    at + Integer.BYTES);
        }
        checkString(code, codeEnd);
        push(codeEnd + 1, end, IN_DOCUMENT);
        return codeEnd + 1 + Integer.BYTES;
    }

    private void push(long at, long end, int firstIndex) {
        if (depth == BsonType.DEPTH_MAX) {
            throw invalid("expected at most " + BsonType.DEPTH_MAX + " levels, found more", at);
        }
        depth++;
        if (depth == ends.length) {
            int levels = Math.min(2 * depth, BsonType.DEPTH_MAX + 1);
            ends = Arrays.copyOf(ends, levels);
            indexes = Arrays.copyOf(indexes, levels);
            names = Arrays.copyOf(names, levels);
            nameLengths = Arrays.copyOf(nameLengths, levels);
        }
        begin(at, end, firstIndex);
    }

    private void begin(long at, long end, int firstIndex) {
        long available = end - at;
        if (available < BsonType.DOCUMENT_SIZE_MIN) {
            throw invalid("expected at least " + BsonType.DOCUMENT_SIZE_MIN + " bytes, found " + available, at);
        }
        int stated = memory.get(INT, at);
        if (stated != available) {
            throw invalid("expected a document of " + available + " bytes, found length " + stated, at);
        }
        if (memory.get(BYTE, end - 1) != 0) {
            throw invalid("expected a document that ends in zero, found another byte", end - 1);
        }
        ends[depth] = end;
        indexes[depth] = firstIndex;
    }

    /** A string whose NUL is to stand at {@code nul}. */
    private void checkString(long from, long nul) {
        if (memory.get(BYTE, nul) != 0) {
            throw invalid("expected a string that ends in zero, found another byte", nul);
        }
        checkText("string", from, nul);
    }

    private void checkText(String what, long from, long end) {
        long wrong = Utf8.firstInvalid(memory, from, end);
        if (wrong >= 0) {
            throw invalid("expected a " + what + " in UTF-8, found another byte", wrong);
        }
    }

    private void checkBinary(long at, int length) {
        if (memory.get(BYTE, at + Integer.BYTES) == BsonType.SUBTYPE_OLD_BINARY) {
            int data = length - BsonBytes.BINARY_OVERHEAD - Integer.BYTES;
            if (data < 0 || memory.get(INT, at + BsonBytes.BINARY_OVERHEAD) != data) {
                throw invalid("expected binary of subtype 2 to repeat its length, found another",
                        at + BsonBytes.BINARY_OVERHEAD);
            }
        }
    }

    private void checkIndex(long name, int length) {
        int index = indexes[depth]++;
        int rest = index;
        for (int i = length - 1; i >= 0; i--) {
            if (memory.get(BYTE, name + i) != '0' + rest % 10) {
                throw wrongIndex(index, name);
            }
            rest /= 10;
        }
        if (rest != 0 || length == 0 || length > 1 && memory.get(BYTE, name) == '0') {
            throw wrongIndex(index, name);
        }
    }

    private InvalidDocumentException wrongIndex(int index, long at) {
        return invalid("expected array index " + index + ", found another name", at);
    }

    private InvalidDocumentException invalid(String what, long at) {
        return new InvalidDocumentException(what, (int) (at - origin), path());
    }

    /** Dotted names down to the current element, as far as they can be read. */
    private String path() {
        StringBuilder path = new StringBuilder();
        for (int level = 0; level < named; level++) {
            long name = names[level];
            int length = nameLengths[level];
            if (path.length() + length > PATH_LENGTH_MAX || Utf8.firstInvalid(memory, name, name + length) >= 0) {
                break;
            }
            path.append(level == 0 ? "" : ".").append(Utf8.decode(memory, name, length));
        }
        return path.toString();
    }
}
