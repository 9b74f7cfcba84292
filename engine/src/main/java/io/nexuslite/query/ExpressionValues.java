package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bson.types.Decimal128;

/**
 * The values of an expression's nodes, each where it lies: in the document, in the query, or here if it was computed. One thread
 * at a time; allocates only to grow.
 */
final class ExpressionValues {
    private static final int SIZE = 2 * Long.BYTES;

    private byte[] types = new byte[0];
    private MemorySegment[] memories = new MemorySegment[0];
    private long[] offsets = new long[0];
    private int[] lengths = new int[0];
    private ContainerBytes[] containers = new ContainerBytes[0];
    private MemorySegment own = MemorySegment.NULL;

    void reserve(int count) {
        if (count <= types.length) {
            return;
        }
        types = Arrays.copyOf(types, count);
        memories = Arrays.copyOf(memories, count);
        offsets = Arrays.copyOf(offsets, count);
        lengths = Arrays.copyOf(lengths, count);
        containers = Arrays.copyOf(containers, count);
        own = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(count * SIZE));
    }

    byte type(int index) {
        return types[index];
    }

    MemorySegment memory(int index) {
        return memories[index];
    }

    long offset(int index) {
        return offsets[index];
    }

    int length(int index) {
        return lengths[index];
    }

    /** Whether the value is null, undefined or missing. */
    boolean isNothing(int index) {
        byte type = types[index];
        return type == BsonType.NONE || type == BsonType.NULL || type == BsonType.UNDEFINED;
    }

    boolean isNumber(int index) {
        return BsonType.isNumber(types[index]);
    }

    boolean isTruthy(int index) {
        return Values.isTruthy(types[index], memories[index], offsets[index]);
    }

    /** The value in MongoDB's order; one that is missing counts as undefined, below null. */
    int compare(int left, int right, BsonComparator comparator) {
        return comparator.compare(comparedType(left), memories[left], offsets[left], comparedType(right),
                memories[right], offsets[right]);
    }

    private byte comparedType(int index) {
        return types[index] == BsonType.NONE ? BsonType.UNDEFINED : types[index];
    }

    /** A whole number, which it must be. */
    long whole(int index) {
        return Values.whole(types[index], memories[index], offsets[index]);
    }

    /** A double, int32 or int64 as a double. */
    double real(int index) {
        return types[index] == BsonType.DOUBLE
                ? memories[index].get(Values.DOUBLE, offsets[index])
                : (double) whole(index);
    }

    Decimal128 decimal(int index) {
        return Decimals.of(types[index], memories[index], offsets[index]);
    }

    /** Milliseconds of a date, which it must be. */
    long millis(int index) {
        return memories[index].get(Values.LONG, offsets[index]);
    }

    void set(int index, byte type, MemorySegment memory, long offset, int length) {
        types[index] = type;
        memories[index] = memory;
        offsets[index] = offset;
        lengths[index] = length;
    }

    void set(int index, BsonCursor found) {
        set(index, found.type(), found.memory(), found.valueOffset(), found.valueLength());
    }

    void setMissing(int index) {
        set(index, BsonType.NONE, MemorySegment.NULL, 0, 0);
    }

    void setNull(int index) {
        set(index, BsonType.NULL, MemorySegment.NULL, 0, 0);
    }

    void setBoolean(int index, boolean value) {
        own.set(Values.BYTE, (long) index * SIZE, (byte) (value ? 1 : 0));
        set(index, BsonType.BOOLEAN, own, (long) index * SIZE, 1);
    }

    void setInt(int index, int value) {
        own.set(Values.INT, (long) index * SIZE, value);
        set(index, BsonType.INT32, own, (long) index * SIZE, Integer.BYTES);
    }

    /** An int64 or a date. */
    void setLong(int index, byte type, long value) {
        own.set(Values.LONG, (long) index * SIZE, value);
        set(index, type, own, (long) index * SIZE, Long.BYTES);
    }

    void setDouble(int index, double value) {
        own.set(Values.DOUBLE, (long) index * SIZE, value);
        set(index, BsonType.DOUBLE, own, (long) index * SIZE, Double.BYTES);
    }

    void setDecimal(int index, Decimal128 value) {
        own.set(Values.LONG, (long) index * SIZE, value.getLow());
        own.set(Values.LONG, (long) index * SIZE + Long.BYTES, value.getHigh());
        set(index, BsonType.DECIMAL128, own, (long) index * SIZE, SIZE);
    }

    /** Room for an array or document that the node makes; {@link #setContainer} follows. */
    ContainerBytes container(int index) {
        if (containers[index] == null) {
            containers[index] = new ContainerBytes();
        }
        return containers[index];
    }

    void setContainer(int index, byte type) {
        ContainerBytes bytes = containers[index];
        set(index, type, bytes.memory(), 0, bytes.length());
    }
}
