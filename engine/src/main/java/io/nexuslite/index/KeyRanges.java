package io.nexuslite.index;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.format.IndexEntryLayout;
import io.nexuslite.store.Key;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Ranges of an index's keys, in their order and apart from each other; each from a key on, and up to, but not including, another
 * one. Reusable; one thread at a time; owns memory.
 */
public final class KeyRanges implements AutoCloseable {
    private static final int BYTES_MAX = 1 << 30;
    /** Behind all keys of entries, ascending or descending. */
    private static final byte[] END = {(byte) 0xFF};
    private static final byte[] START = {IndexEntryLayout.ENTRY_FIRST};

    private final GrowableBuffer bytes = new GrowableBuffer(256, BYTES_MAX);
    private int[] offsets = new int[17];
    private int ends;

    /** No range. */
    public KeyRanges() {
    }

    public void reset() {
        bytes.reset();
        ends = 0;
    }

    /** All entries. */
    public void addAll() {
        add(START, END);
    }

    /**
     * Adds a range that lies behind those that have been added.
     *
     * @param low the first key that may be in it; none is below all entries
     * @param highOrNull the first key behind it; {@code null} is behind all entries
     */
    public void add(byte[] low, byte[] highOrNull) {
        append(low.length == 0 ? START : low);
        append(highOrNull == null ? END : highOrNull);
    }

    private void append(byte[] key) {
        if (ends + 1 == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * offsets.length);
        }
        bytes.append(key, 0, key.length);
        offsets[++ends] = bytes.length();
    }

    public int count() {
        return ends / 2;
    }

    /** The first key that may be in a range. Valid until ranges are added. */
    Key low(int range, Key into) {
        return at(2 * range, into);
    }

    /** The first key behind a range. Valid until ranges are added. */
    Key high(int range, Key into) {
        return at(2 * range + 1, into);
    }

    private Key at(int end, Key into) {
        return into.wrap(bytes.memory(), offsets[end], offsets[end + 1] - offsets[end]);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int end = 0; end < ends; end++) {
            text.append(end % 2 == 0 ? "[" : ", ");
            for (int i = offsets[end]; i < offsets[end + 1]; i++) {
                text.append(String.format("%02x", bytes.memory().get(ValueLayout.JAVA_BYTE, i)));
            }
            text.append(end % 2 == 0 ? "" : ") ");
        }
        return text.toString();
    }

    @Override
    public void close() {
        bytes.close();
    }
}
