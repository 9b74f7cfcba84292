package io.nexuslite.wasp;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.store.Key;
import java.util.Arrays;

/**
 * What an optimistic transaction has read: closed ranges of keys in trees, a point being a range of one key. Reused by its
 * session. One thread at a time.
 */
final class ReadSet implements AutoCloseable {
    private static final int OPEN_END = -1;
    private static final int BYTES_MAX = 1 << 30;

    private final GrowableBuffer keys = new GrowableBuffer(1024, BYTES_MAX);
    private int count;
    private int[] treeIds = new int[16];
    private int[] lowOffsets = new int[16];
    private int[] lowLengths = new int[16];
    private int[] highOffsets = new int[16];
    private int[] highLengths = new int[16];

    /** What a range is tested with. */
    interface RangeTest {
        /** True if the range must make the transaction fail; a bound is {@code null} where the range is open. */
        boolean test(int treeId, Key low, Key high);
    }

    void reset() {
        keys.reset();
        count = 0;
    }

    void addPoint(int treeId, Key key) {
        add(treeId, key, key);
    }

    /** Adds the keys from {@code low} to {@code high}, both included; {@code null} leaves that end open. */
    void add(int treeId, Key low, Key high) {
        if (count == treeIds.length) {
            int capacity = count * 2;
            treeIds = Arrays.copyOf(treeIds, capacity);
            lowOffsets = Arrays.copyOf(lowOffsets, capacity);
            lowLengths = Arrays.copyOf(lowLengths, capacity);
            highOffsets = Arrays.copyOf(highOffsets, capacity);
            highLengths = Arrays.copyOf(highLengths, capacity);
        }
        int range = count++;
        treeIds[range] = treeId;
        lowOffsets[range] = keys.length();
        lowLengths[range] = append(low);
        highOffsets[range] = low == high ? lowOffsets[range] : keys.length();
        highLengths[range] = low == high ? lowLengths[range] : append(high);
    }

    private int append(Key key) {
        if (key == null) {
            return OPEN_END;
        }
        keys.append(key.memory(), key.offset(), key.length());
        return key.length();
    }

    /** True if any range passes the test. */
    boolean any(RangeTest test) {
        Key low = new Key();
        Key high = new Key();
        for (int range = 0; range < count; range++) {
            if (test.test(treeIds[range], bound(low, lowOffsets[range], lowLengths[range]),
                    bound(high, highOffsets[range], highLengths[range]))) {
                return true;
            }
        }
        return false;
    }

    private Key bound(Key into, int offset, int length) {
        return length == OPEN_END ? null : into.wrap(keys.memory(), offset, length);
    }

    @Override
    public void close() {
        keys.close();
    }
}
