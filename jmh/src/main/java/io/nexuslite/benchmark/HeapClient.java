package io.nexuslite.benchmark;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A client of a store whose keys and values are arrays on the heap. Arrays are new for each call, for such stores may keep them. */
abstract class HeapClient extends Client {
    private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED
            .withOrder(ByteOrder.BIG_ENDIAN);

    HeapClient(Draws draws, Bodies bodies) {
        super(draws, bodies);
    }

    static byte[] key(long idHigh, long idLow) {
        byte[] key = new byte[Dataset.ID_LENGTH];
        MemorySegment memory = MemorySegment.ofArray(key);
        memory.set(LONG_BE, 0, idHigh);
        memory.set(LONG_BE, Long.BYTES, idLow);
        return key;
    }

    static byte[] value(MemorySegment memory, long offset, int length) {
        byte[] value = new byte[length];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, value, 0, length);
        return value;
    }

    /** The value of a key, or {@code null}. */
    abstract byte[] find(byte[] key);

    /** The next value in the order of the keys; after the last one, and at the beginning, the first. */
    abstract byte[] next();

    /** Sum of the checksums of at most that many values, from the first key that is not below this one. */
    abstract long range(byte[] key, int count);

    abstract void replace(byte[] key, byte[] value);

    @Override
    final long get(int draw) {
        byte[] value = find(key(draws.idHigh(draw), draws.idLow(draw)));
        if (value == null) {
            throw missing(draw);
        }
        return Checksum.of(value);
    }

    @Override
    final long scan(int count) {
        long sum = 0;
        for (int index = 0; index < count; index++) {
            sum += Checksum.of(next());
        }
        return sum;
    }

    @Override
    final long range(int draw, int count) {
        return range(key(draws.idHigh(draw), draws.idLow(draw)), count);
    }

    @Override
    final void store(int draw, int length) {
        replace(key(draws.idHigh(draw), draws.idLow(draw)), value(bodies.memory(), 0, length));
    }
}
