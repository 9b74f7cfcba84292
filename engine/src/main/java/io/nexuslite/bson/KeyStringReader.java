package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;
import static io.nexuslite.bson.BsonBytes.INT_BE;
import static io.nexuslite.bson.BsonBytes.LONG_BE;

import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.MemorySegment;

/**
 * Finds where key strings end, and gives back the values that they and their types tell. What they do not tell: decimals,
 * documents, arrays, binary data and the rarer types, a double's negative zero, and which NaN it was.
 *
 * <p>Reusable; one thread at a time; owns a little memory; allocates nothing in the steady state. All bytes are bounded by the
 * key: what is no key string throws {@link InvalidDocumentException}.
 */
public final class KeyStringReader implements AutoCloseable {
    private static final int LENGTH_MAX = 1 << 20;
    private static final int WHOLE_BYTES_MAX = 8;
    private static final int FRACTION_BYTES = 7;
    private static final double TWO_POW_52 = 0x1p52;

    private final GrowableBuffer upright = new GrowableBuffer(1024, LENGTH_MAX);
    private final GrowableBuffer text = new GrowableBuffer(1024, LENGTH_MAX);
    private MemorySegment memory;
    private long end;
    private int mask;

    /** A reader. */
    public KeyStringReader() {
    }

    /**
     * Bytes of the key string that begins at {@code offset}.
     *
     * @param limit bytes behind which it must have ended
     * @throws InvalidDocumentException if there is none
     */
    public int length(MemorySegment keys, long offset, int limit, boolean descending) {
        memory = keys;
        end = offset + limit;
        mask = descending ? 0xFF : 0;
        return (int) (skip(offset, 0) - offset);
    }

    /**
     * Writes the value of a key string and a type.
     *
     * @param type one of int32, int64, double (no NaN, no negative zero), string, object id, date, timestamp, boolean, null,
     *     undefined, MinKey, MaxKey
     * @param into stands where a value goes
     * @throws InvalidDocumentException if the key string is not of that type
     */
    public void write(MemorySegment keys, long offset, int length, boolean descending, byte type, BsonWriter into) {
        MemorySegment source = keys;
        long at = offset;
        if (descending) {
            upright.reset();
            upright.reserve(length);
            source = upright.memory();
            for (int i = 0; i < length; i++) {
                source.set(BYTE, i, (byte) ~keys.get(BYTE, offset + i));
            }
            at = 0;
        }
        memory = source;
        end = at + length;
        mask = 0;
        int tag = next(at);
        switch (type) {
            case BsonType.INT32 -> into.int32(Math.toIntExact(whole(tag, at)));
            case BsonType.INT64 -> into.int64(whole(tag, at));
            case BsonType.DOUBLE -> into.doubleValue(number(tag, at));
            case BsonType.STRING -> writeText(tag, at + 1, into);
            case BsonType.OBJECT_ID -> {
                expect(tag == KeyString.OBJECT_ID && end - at == 1 + BsonBytes.OBJECT_ID_SIZE, type);
                into.objectId(source, at + 1);
            }
            case BsonType.DATE_TIME -> {
                expect(tag == KeyString.DATE_TIME && end - at == 1 + Long.BYTES, type);
                into.dateTime(source.get(LONG_BE, at + 1) ^ Long.MIN_VALUE);
            }
            case BsonType.TIMESTAMP -> {
                expect(tag == KeyString.TIMESTAMP && end - at == 1 + Long.BYTES, type);
                into.timestamp(source.get(LONG_BE, at + 1));
            }
            case BsonType.BOOLEAN -> into.booleanValue(tag == KeyString.TRUE);
            case BsonType.NULL -> into.nullValue();
            case BsonType.UNDEFINED -> into.undefined();
            case BsonType.MIN_KEY -> into.minKey();
            case BsonType.MAX_KEY -> into.maxKey();
            default -> throw wrong("a type that a key string tells", type);
        }
    }

    // ---- where it ends

    private long skip(long at, int depth) {
        if (depth > BsonType.DEPTH_MAX) {
            throw wrong("at most " + BsonType.DEPTH_MAX + " levels", depth);
        }
        int tag = next(at);
        long behind = at + 1;
        return switch ((byte) tag) {
            case KeyString.MIN_KEY, KeyString.UNDEFINED, KeyString.NULL, KeyString.FALSE, KeyString.TRUE,
                    KeyString.MAX_KEY ->
                behind;
            case KeyString.TEXT, KeyString.JAVASCRIPT -> skipText(behind);
            case KeyString.DOCUMENT -> skipDocument(behind, depth);
            case KeyString.ARRAY -> skipArray(behind, depth);
            case KeyString.BINARY_LOW, KeyString.BINARY_HIGH -> skipCounted(behind, 1);
            case KeyString.UUID -> bounded(behind + BsonBytes.UUID_SIZE);
            case KeyString.OBJECT_ID -> bounded(behind + BsonBytes.OBJECT_ID_SIZE);
            case KeyString.DATE_TIME, KeyString.TIMESTAMP -> bounded(behind + Long.BYTES);
            case KeyString.REGEX -> skipText(skipText(behind));
            case KeyString.DB_POINTER -> skipCounted(behind, BsonBytes.OBJECT_ID_SIZE);
            case KeyString.JAVASCRIPT_WITH_SCOPE -> skipDocument(skipText(behind), depth);
            default -> skipNumber(tag, behind);
        };
    }

    private long skipText(long from) {
        long at = from;
        while (next(at) != 0) {
            at++;
        }
        return at + 1;
    }

    private long skipDocument(long from, int depth) {
        long at = from;
        while (next(at) != KeyString.END) {
            at = skip(skipText(at + 1), depth + 1);
        }
        return at + 1;
    }

    private long skipArray(long from, int depth) {
        long at = from;
        while (next(at) != KeyString.END) {
            at = skip(at, depth + 1);
        }
        return at + 1;
    }

    /** A length, that many bytes, and {@code more}. */
    private long skipCounted(long from, int more) {
        int length = next(from);
        long at = from + 1;
        if (length == 0xFF) {
            bounded(at + Integer.BYTES);
            length = memory.get(INT_BE, at) ^ (mask == 0 ? 0 : -1);
            at += Integer.BYTES;
        }
        if (length < 0) {
            throw wrong("a length from 0 on", length);
        }
        return bounded(at + length + more);
    }

    private long skipNumber(int tag, long from) {
        if (tag == KeyNumber.NOT_A_NUMBER || tag == KeyNumber.NEGATIVE_INFINITY || tag == KeyNumber.ZERO
                || tag == KeyNumber.INFINITY) {
            return from;
        }
        if (tag < KeyString.NUMBER_FIRST || tag > KeyString.NUMBER_LAST) {
            throw wrong("the tag of a value", tag);
        }
        boolean negative = tag < KeyNumber.ZERO;
        int flip = negative ? 0xFF : 0;
        boolean more;
        long at;
        if (isSmallOrHuge(tag)) {
            at = bounded(from + Long.BYTES);
            more = ((next(at - 1) ^ flip) & 1) != 0;
        } else {
            at = bounded(from + wholeBytes(tag));
            more = false;
            if (((next(at - 1) ^ flip) & 1) != 0) {
                at = bounded(at + FRACTION_BYTES);
                more = ((next(at - 1) ^ flip) & 8) != 0;
            }
        }
        if (more) {
            at += Short.BYTES;
            while (((next(at) ^ flip) & 1) != 0) {
                at++;
            }
            at++;
        }
        return bounded(at);
    }

    private static boolean isSmallOrHuge(int tag) {
        return tag == KeyNumber.NEGATIVE_HUGE || tag == KeyNumber.HUGE || tag == KeyNumber.NEGATIVE_SMALL
                || tag == KeyNumber.SMALL;
    }

    private static int wholeBytes(int tag) {
        return tag < KeyNumber.ZERO
                ? KeyNumber.NEGATIVE_WHOLE_8 + WHOLE_BYTES_MAX - tag
                : tag - KeyNumber.WHOLE_1 + 1;
    }

    // ---- what it says

    /** The whole number at {@code at}, without a fraction. */
    private long whole(int tag, long at) {
        if (tag == KeyNumber.ZERO) {
            return 0;
        }
        if (tag == KeyNumber.NEGATIVE_HUGE) {
            return Long.MIN_VALUE; // of the numbers that huge the only one with 64 bits
        }
        long shifted = shifted(tag, at);
        expect((shifted & 1) == 0, BsonType.INT64);
        return tag < KeyNumber.ZERO ? -(shifted >>> 1) : shifted >>> 1;
    }

    /** Whole part, shifted left by one, plus 1 if a fraction follows; without its sign. */
    private long shifted(int tag, long at) {
        expect(tag >= KeyNumber.NEGATIVE_WHOLE_8 && tag < KeyNumber.HUGE && !isSmallOrHuge(tag)
                && tag != KeyNumber.ZERO, tag);
        return bytes(at + 1, wholeBytes(tag), tag < KeyNumber.ZERO);
    }

    private double number(int tag, long at) {
        if (tag == KeyNumber.ZERO) {
            return 0;
        }
        if (tag == KeyNumber.INFINITY || tag == KeyNumber.NEGATIVE_INFINITY) {
            return tag == KeyNumber.INFINITY ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        boolean negative = tag < KeyNumber.ZERO;
        double magnitude;
        if (isSmallOrHuge(tag)) {
            boolean huge = tag == KeyNumber.HUGE || tag == KeyNumber.NEGATIVE_HUGE;
            magnitude = Double.longBitsToDouble(bytes(at + 1, Long.BYTES, negative) >>> (huge ? 1 : 2));
        } else {
            long shifted = shifted(tag, at);
            magnitude = shifted >>> 1;
            if ((shifted & 1) != 0) {
                long fraction = bytes(at + 1 + wholeBytes(tag), FRACTION_BYTES, negative);
                magnitude += (fraction >>> 4) / TWO_POW_52; // exact: a double has no more bits than both parts
            }
        }
        return negative ? -magnitude : magnitude;
    }

    private long bytes(long at, int count, boolean inverted) {
        bounded(at + count);
        long word = 0;
        for (int i = 0; i < count; i++) {
            word = word << 8 | next(at + i) ^ (inverted ? 0xFF : 0);
        }
        return word;
    }

    private void writeText(int tag, long from, BsonWriter into) {
        expect(tag == KeyString.TEXT, BsonType.STRING);
        text.reset();
        int room = (int) (end - from);
        text.reserve(room);
        MemorySegment target = text.memory();
        int length = 0;
        long at = from;
        for (int letter = next(at); letter != 0; letter = next(at)) {
            if (letter == 1) {
                at++;
                letter = next(at) - 1; // 00 and 01 were written as 01 01 and 01 02
            }
            target.set(BYTE, length++, (byte) letter);
            at++;
        }
        into.string(target, 0, length);
    }

    private int next(long at) {
        if (at >= end) {
            throw wrong("a key string that ends", -1);
        }
        return memory.get(BYTE, at) & 0xFF ^ mask;
    }

    private long bounded(long at) {
        if (at > end) {
            throw wrong("a key string that ends", -1);
        }
        return at;
    }

    private static void expect(boolean holds, int found) {
        if (!holds) {
            throw wrong("the key string of another type", found);
        }
    }

    private static InvalidDocumentException wrong(String expected, int found) {
        return new InvalidDocumentException("key string: expected " + expected + ", found " + found, -1, "");
    }

    @Override
    public void close() {
        upright.close();
        text.close();
    }
}
