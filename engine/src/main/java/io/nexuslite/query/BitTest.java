package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.error.InvalidQueryException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@code $bitsAllSet} and its kin: what the bits of a whole number or of binary data are at some places. Places count from the
 * lowest bit of a number or of the first byte. Numbers go on with their sign, binary data with zeros.
 */
final class BitTest implements ValuePredicate {
    private final boolean all;
    private final boolean set;
    private final int[] positions;
    /** The places in a number; those from 63 on are its sign. */
    private final long mask;

    private BitTest(boolean all, boolean set, int[] positions) {
        this.all = all;
        this.set = set;
        this.positions = positions;
        long bits = 0;
        for (int position : positions) {
            bits |= 1L << Math.min(position, Long.SIZE - 1);
        }
        mask = bits;
    }

    static BitTest parse(String operator, BsonCursor cursor, String path) {
        int[] positions = switch (cursor.type()) {
            case BsonType.ARRAY -> positionsIn(operator, Values.inside(cursor), path);
            case BsonType.BINARY -> positionsOf(cursor.memory(), cursor.valueOffset() + Integer.BYTES + 1,
                    cursor.memory().get(Values.INT, cursor.valueOffset()));
            default -> positionsOf(notNegative(operator, cursor, path));
        };
        return new BitTest(operator.startsWith("$bitsAll"), operator.endsWith("Set"), positions);
    }

    private static int[] positionsIn(String operator, BsonCursor elements, String path) {
        int[] positions = new int[8];
        int count = 0;
        while (elements.next()) {
            long position = notNegative(operator, elements, path);
            if (position > Integer.MAX_VALUE) {
                throw new InvalidQueryException("expected places of bits up to " + Integer.MAX_VALUE + ", found "
                        + position, path, operator);
            }
            if (count == positions.length) {
                positions = Arrays.copyOf(positions, 2 * count);
            }
            positions[count++] = (int) position;
        }
        return Arrays.copyOf(positions, count);
    }

    private static long notNegative(String operator, BsonCursor cursor, String path) {
        if (!Values.isWhole(cursor.type(), cursor.memory(), cursor.valueOffset())
                || Values.whole(cursor.type(), cursor.memory(), cursor.valueOffset()) < 0) {
            throw new InvalidQueryException(
                    "expected whole numbers from 0 on, binary data or an array of places, found "
                            + BsonType.alias(cursor.type()),
                    path, operator);
        }
        return Values.whole(cursor.type(), cursor.memory(), cursor.valueOffset());
    }

    private static int[] positionsOf(long bits) {
        int[] positions = new int[Long.bitCount(bits)];
        long rest = bits;
        for (int i = 0; i < positions.length; i++) {
            positions[i] = Long.numberOfTrailingZeros(rest);
            rest &= rest - 1;
        }
        return positions;
    }

    private static int[] positionsOf(MemorySegment memory, long offset, int length) {
        int count = 0;
        for (int i = 0; i < length; i++) {
            count += Integer.bitCount(memory.get(Values.BYTE, offset + i) & 0xFF);
        }
        int[] positions = new int[count];
        int at = 0;
        for (int i = 0; i < length; i++) {
            for (int bits = memory.get(Values.BYTE, offset + i) & 0xFF; bits != 0; bits &= bits - 1) {
                positions[at++] = Byte.SIZE * i + Integer.numberOfTrailingZeros(bits);
            }
        }
        return positions;
    }

    @Override
    public boolean test(byte type, MemorySegment memory, long value, EvaluationScratch scratch) {
        if (type == BsonType.BINARY) {
            return testBinary(memory, value + Integer.BYTES + 1, memory.get(Values.INT, value));
        }
        if (!Values.isWhole(type, memory, value)) {
            return false;
        }
        long number = Values.whole(type, memory, value);
        long held = (set ? number : ~number) & mask;
        return all ? held == mask : held != 0;
    }

    private boolean testBinary(MemorySegment memory, long offset, int length) {
        for (int position : positions) {
            int index = position / Byte.SIZE;
            boolean isSet = index < length
                    && (memory.get(Values.BYTE, offset + index) >> position % Byte.SIZE & 1) != 0;
            if ((isSet == set) != all) {
                return !all;
            }
        }
        return all;
    }
}
