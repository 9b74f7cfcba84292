package io.nexuslite.query;

import static io.nexuslite.query.Values.BYTE;
import static io.nexuslite.query.Values.DOUBLE;
import static io.nexuslite.query.Values.INT;
import static io.nexuslite.query.Values.LONG;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.KeyString;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * MongoDB's order over all values of BSON, on raw bytes of validated documents.
 *
 * <p>Numbers are compared exactly, whatever their types; NaN is equal to itself and below all others. Documents are compared
 * field by field: type, then name, then value. One thread at a time; allocates nothing in the steady state, save for decimals
 * of more than 18 digits.
 */
public final class BsonComparator {
    private static final int DECIMAL_KEY_LENGTH_MAX = 128;

    private BsonCursor[] cursors = new BsonCursor[0];
    private int depth;
    private MemorySegment decimalKeys;

    /** A comparator. */
    public BsonComparator() {
    }

    /**
     * Compares two values by type and place; below, equal to or above 0, as the left is less, equal or greater.
     *
     * @throws IllegalArgumentException for a type that is none
     */
    public int compare(byte leftType, MemorySegment left, long leftValue, byte rightType, MemorySegment right,
            long rightValue) {
        if (leftType != rightType) {
            int leftOrder = BsonType.order(leftType);
            int rightOrder = BsonType.order(rightType);
            if (leftOrder != rightOrder) {
                return leftOrder - rightOrder;
            }
        }
        return switch (leftType) {
            case BsonType.INT32, BsonType.INT64, BsonType.DOUBLE, BsonType.DECIMAL128 -> compareNumbers(leftType, left,
                    leftValue, rightType, right, rightValue);
            case BsonType.STRING, BsonType.SYMBOL, BsonType.JAVASCRIPT -> compareStrings(left, leftValue, right,
                    rightValue);
            case BsonType.OBJECT_ID -> compareBytes(left, leftValue, Values.OBJECT_ID_SIZE, right, rightValue,
                    Values.OBJECT_ID_SIZE);
            case BsonType.DATE_TIME -> Long.compare(left.get(LONG, leftValue), right.get(LONG, rightValue));
            case BsonType.TIMESTAMP -> Long.compareUnsigned(left.get(LONG, leftValue), right.get(LONG, rightValue));
            case BsonType.BOOLEAN -> left.get(BYTE, leftValue) - right.get(BYTE, rightValue);
            case BsonType.BINARY -> compareBinaries(left, leftValue, right, rightValue);
            case BsonType.DOCUMENT -> compareContainers(left, leftValue, right, rightValue, true);
            case BsonType.ARRAY -> compareContainers(left, leftValue, right, rightValue, false);
            default -> compareRare(leftType, left, leftValue, right, rightValue);
        };
    }

    private int compareRare(byte type, MemorySegment left, long leftValue, MemorySegment right, long rightValue) {
        switch (type) {
            case BsonType.REGEX -> {
                int patterns = compareCStrings(left, leftValue, right, rightValue);
                return patterns != 0
                        ? patterns
                        : compareCStrings(left, behindCString(left, leftValue), right,
                                behindCString(right, rightValue));
            }
            case BsonType.DB_POINTER -> {
                int leftLength = Integer.BYTES + left.get(INT, leftValue) + Values.OBJECT_ID_SIZE;
                int rightLength = Integer.BYTES + right.get(INT, rightValue) + Values.OBJECT_ID_SIZE;
                return leftLength != rightLength
                        ? Integer.compare(leftLength, rightLength)
                        : compareBytes(left, leftValue, leftLength, right, rightValue, rightLength);
            }
            case BsonType.JAVASCRIPT_WITH_SCOPE -> {
                long leftCode = leftValue + Integer.BYTES;
                long rightCode = rightValue + Integer.BYTES;
                int codes = compareStrings(left, leftCode, right, rightCode);
                return codes != 0
                        ? codes
                        : compareContainers(left, leftCode + Integer.BYTES + left.get(INT, leftCode), right,
                                rightCode + Integer.BYTES + right.get(INT, rightCode), true);
            }
            default -> {
                return 0; // a type of one value
            }
        }
    }

    private int compareNumbers(byte leftType, MemorySegment left, long leftValue, byte rightType, MemorySegment right,
            long rightValue) {
        if (leftType == BsonType.DECIMAL128 || rightType == BsonType.DECIMAL128) {
            return compareDecimals(leftType, left, leftValue, rightType, right, rightValue);
        }
        if (leftType != BsonType.DOUBLE && rightType != BsonType.DOUBLE) {
            return Long.compare(whole(leftType, left, leftValue), whole(rightType, right, rightValue));
        }
        if (leftType != BsonType.DOUBLE) {
            return compare(whole(leftType, left, leftValue), right.get(DOUBLE, rightValue));
        }
        if (rightType != BsonType.DOUBLE) {
            return -compare(whole(rightType, right, rightValue), left.get(DOUBLE, leftValue));
        }
        return compare(left.get(DOUBLE, leftValue), right.get(DOUBLE, rightValue));
    }

    private static long whole(byte type, MemorySegment memory, long value) {
        return type == BsonType.INT32 ? memory.get(INT, value) : memory.get(LONG, value);
    }

    private static int compare(double left, double right) {
        if (left < right) {
            return -1;
        }
        if (left > right) {
            return 1;
        }
        if (left == right) {
            return 0; // also the two zeros
        }
        return Boolean.compare(!Double.isNaN(left), !Double.isNaN(right));
    }

    private static int compare(long left, double right) {
        if (Double.isNaN(right)) {
            return 1;
        }
        if (right >= 0x1p63) {
            return -1;
        }
        if (right < -0x1p63) {
            return 1;
        }
        long whole = (long) right;
        if (left != whole) {
            return left < whole ? -1 : 1;
        }
        double fraction = right - whole; // exact: above 2^53 there is none
        return fraction > 0 ? -1 : fraction < 0 ? 1 : 0;
    }

    /** Key strings of numbers are exact and equal where the numbers are. */
    private int compareDecimals(byte leftType, MemorySegment left, long leftValue, byte rightType, MemorySegment right,
            long rightValue) {
        if (decimalKeys == null) {
            decimalKeys = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(2 * DECIMAL_KEY_LENGTH_MAX));
        }
        int leftLength = KeyString.encode(left, leftValue, leftType, false, decimalKeys, 0, DECIMAL_KEY_LENGTH_MAX);
        int rightLength = KeyString.encode(right, rightValue, rightType, false, decimalKeys, DECIMAL_KEY_LENGTH_MAX,
                DECIMAL_KEY_LENGTH_MAX);
        return KeyString.compare(decimalKeys, 0, leftLength, decimalKeys, DECIMAL_KEY_LENGTH_MAX, rightLength);
    }

    private static int compareStrings(MemorySegment left, long leftValue, MemorySegment right, long rightValue) {
        return compareBytes(left, leftValue + Integer.BYTES, left.get(INT, leftValue) - 1, right,
                rightValue + Integer.BYTES, right.get(INT, rightValue) - 1);
    }

    private static int compareBinaries(MemorySegment left, long leftValue, MemorySegment right, long rightValue) {
        int leftLength = left.get(INT, leftValue);
        int rightLength = right.get(INT, rightValue);
        return leftLength != rightLength
                ? Integer.compare(leftLength, rightLength)
                : compareBytes(left, leftValue + Integer.BYTES, leftLength + 1, right, rightValue + Integer.BYTES,
                        rightLength + 1);
    }

    /** Unsigned, and what ends first is less. */
    static int compareBytes(MemorySegment left, long leftOffset, int leftLength, MemorySegment right, long rightOffset,
            int rightLength) {
        long at = MemorySegment.mismatch(left, leftOffset, leftOffset + leftLength, right, rightOffset,
                rightOffset + rightLength);
        if (at < 0) {
            return 0;
        }
        if (at >= leftLength || at >= rightLength) {
            return leftLength - rightLength;
        }
        return (left.get(BYTE, leftOffset + at) & 0xFF) - (right.get(BYTE, rightOffset + at) & 0xFF);
    }

    private static int compareCStrings(MemorySegment left, long leftOffset, MemorySegment right, long rightOffset) {
        for (int i = 0;; i++) {
            int a = left.get(BYTE, leftOffset + i) & 0xFF;
            int b = right.get(BYTE, rightOffset + i) & 0xFF;
            if (a != b || a == 0) {
                return a - b;
            }
        }
    }

    private static long behindCString(MemorySegment memory, long offset) {
        long at = offset;
        while (memory.get(BYTE, at) != 0) {
            at++;
        }
        return at + 1;
    }

    private int compareContainers(MemorySegment left, long leftValue, MemorySegment right, long rightValue,
            boolean names) {
        BsonCursor a = cursor(2 * depth).wrap(left, leftValue, left.get(INT, leftValue));
        BsonCursor b = cursor(2 * depth + 1).wrap(right, rightValue, right.get(INT, rightValue));
        depth++;
        try {
            while (true) {
                boolean more = a.next();
                if (more != b.next()) {
                    return more ? 1 : -1;
                }
                if (!more) {
                    return 0;
                }
                int order = compareElements(a, b, names);
                if (order != 0) {
                    return order;
                }
            }
        } finally {
            depth--;
        }
    }

    private int compareElements(BsonCursor a, BsonCursor b, boolean names) {
        int types = BsonType.order(a.type()) - BsonType.order(b.type());
        if (types != 0) {
            return types;
        }
        if (names) {
            int order = compareBytes(a.memory(), a.nameOffset(), a.nameLength(), b.memory(), b.nameOffset(),
                    b.nameLength());
            if (order != 0) {
                return order;
            }
        }
        return compare(a.type(), a.memory(), a.valueOffset(), b.type(), b.memory(), b.valueOffset());
    }

    private BsonCursor cursor(int index) {
        if (index >= cursors.length) {
            int from = cursors.length;
            cursors = Arrays.copyOf(cursors, from + 8);
            for (int i = from; i < cursors.length; i++) {
                cursors[i] = new BsonCursor();
            }
        }
        return cursors[index];
    }
}
