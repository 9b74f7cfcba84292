package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;
import static io.nexuslite.bson.BsonBytes.LONG;

import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Name of a field, encoded once: compared with names in a document, and written, without allocating.
 *
 * <p>Immutable; any thread. Names of up to 16 bytes are compared as two words: the first eight bytes and the last eight, which
 * overlap in between.
 */
public final class FieldName {
    /** The name of the document id. */
    public static final FieldName ID = of("_id");

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private final String name;
    private final byte[] utf8;
    /** First eight bytes, padded with zero; what follows a shorter name in a document, its NUL, is in there too. */
    private final long head;
    /** Last eight bytes; the head, if there are fewer. */
    private final long tail;
    private final int hash;

    private FieldName(String name, byte[] utf8) {
        this.name = name;
        this.utf8 = utf8;
        this.head = word(utf8, 0);
        this.tail = utf8.length <= Long.BYTES ? head : word(utf8, utf8.length - Long.BYTES);
        this.hash = mix(head, tail, utf8.length);
    }

    /**
     * A name. May be empty, as BSON allows.
     *
     * @throws InvalidDocumentException if it holds a NUL or an unpaired surrogate
     */
    public static FieldName of(String name) {
        int wrong = Utf8.firstInvalid(name, true);
        if (wrong >= 0) {
            throw new InvalidDocumentException(
                    "expected a name without NUL and unpaired surrogates, found one at index "
                            + wrong,
                    -1, "");
        }
        return new FieldName(name, name.getBytes(StandardCharsets.UTF_8));
    }

    /** The name as text. */
    public String name() {
        return name;
    }

    /** Bytes of the name in UTF-8, without NUL. */
    public int length() {
        return utf8.length;
    }

    /** Whether the {@code length} bytes at {@code offset} are this name. */
    public boolean matches(MemorySegment memory, long offset, int length) {
        if (length != utf8.length) {
            return false;
        }
        if (offset + Long.BYTES > memory.byteSize()) {
            return matchesSlow(memory, offset);
        }
        long first = memory.get(LONG, offset);
        if (length < Long.BYTES) {
            return ((first ^ head) & ((1L << (length << 3)) - 1)) == 0;
        }
        return first == head && memory.get(LONG, offset + length - Long.BYTES) == tail
                && (length <= 2 * Long.BYTES || matchesMiddle(memory, offset));
    }

    /** Hash of the name; {@link BsonCursor#nameHash} gives the same for an equal name in a document. */
    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldName that && name.equals(that.name);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Hash of a name in memory, as {@link #hashCode}. */
    static int hash(MemorySegment memory, long offset, int length) {
        long head;
        long tail;
        if (length >= Long.BYTES) {
            head = memory.get(LONG, offset);
            tail = memory.get(LONG, offset + length - Long.BYTES);
        } else {
            head = 0;
            for (int i = length - 1; i >= 0; i--) {
                head = head << 8 | memory.get(BYTE, offset + i) & 0xFF;
            }
            tail = head;
        }
        return mix(head, tail, length);
    }

    /** Writes the name and its NUL; {@code target} has room for them and {@link GrowableBuffer#SLACK} more bytes. */
    void write(MemorySegment target, long offset) {
        int length = utf8.length;
        if (length < Long.BYTES) {
            target.set(LONG, offset, head); // the padding is the NUL
            return;
        }
        if (length <= 2 * Long.BYTES) {
            target.set(LONG, offset, head);
            target.set(LONG, offset + length - Long.BYTES, tail);
        } else {
            MemorySegment.copy(utf8, 0, target, BYTE, offset, length);
        }
        target.set(BYTE, offset + length, (byte) 0);
    }

    private boolean matchesMiddle(MemorySegment memory, long offset) {
        int end = utf8.length - Long.BYTES;
        for (int i = Long.BYTES; i < end; i += Long.BYTES) {
            if (memory.get(LONG, offset + i) != (long) WORD.get(utf8, i)) {
                return false;
            }
        }
        return true;
    }

    /** Near the end of the memory, where a whole word cannot be read. */
    private boolean matchesSlow(MemorySegment memory, long offset) {
        for (int i = 0; i < utf8.length; i++) {
            if (memory.get(BYTE, offset + i) != utf8[i]) {
                return false;
            }
        }
        return true;
    }

    private static long word(byte[] bytes, int from) {
        long word = 0;
        for (int i = Math.min(bytes.length - from, Long.BYTES) - 1; i >= 0; i--) {
            word = word << 8 | bytes[from + i] & 0xFF;
        }
        return word;
    }

    private static int mix(long head, long tail, int length) {
        // Finalizer of MurmurHash3 (Appleby, public domain) over both words.
        long mixed = head * 0x9E3779B97F4A7C15L ^ Long.rotateLeft(tail, 32) ^ length;
        mixed = (mixed ^ mixed >>> 33) * 0xFF51AFD7ED558CCDL;
        return (int) (mixed ^ mixed >>> 33);
    }
}
