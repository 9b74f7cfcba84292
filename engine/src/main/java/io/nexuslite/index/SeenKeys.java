package io.nexuslite.index;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.store.Key;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A set of keys, to tell those that come again: an open hash table of offsets into a buffer of keys. Reusable; one thread at a
 * time; owns memory.
 */
final class SeenKeys implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final int BYTES_MAX = 1 << 30;
    private static final int SLOTS_MIN = 64;

    /** Each key behind its length. */
    private final GrowableBuffer keys = new GrowableBuffer(1024, BYTES_MAX);
    /** Offsets of keys plus 1; 0 is free. */
    private int[] slots = new int[SLOTS_MIN];
    private int count;

    void reset() {
        keys.reset();
        if (count > 0) {
            if (slots.length > 1 << 16) {
                slots = new int[SLOTS_MIN];
            } else {
                Arrays.fill(slots, 0);
            }
            count = 0;
        }
    }

    /** Adds a key, which is copied; false if it was there. */
    boolean add(Key key) {
        if (2 * count >= slots.length) {
            grow();
        }
        int mask = slots.length - 1;
        int slot = hash(key.memory(), key.offset(), key.length()) & mask;
        for (; slots[slot] != 0; slot = slot + 1 & mask) {
            if (isAt(slots[slot] - 1, key)) {
                return false;
            }
        }
        int at = keys.reserve(Integer.BYTES + key.length());
        keys.memory().set(INT, at, key.length());
        MemorySegment.copy(key.memory(), key.offset(), keys.memory(), at + (long) Integer.BYTES, key.length());
        keys.setLength(at + Integer.BYTES + key.length());
        slots[slot] = at + 1;
        count++;
        return true;
    }

    private boolean isAt(int at, Key key) {
        MemorySegment memory = keys.memory();
        long from = at + (long) Integer.BYTES;
        return memory.get(INT, at) == key.length() && MemorySegment.mismatch(memory, from, from + key.length(),
                key.memory(), key.offset(), key.offset() + key.length()) < 0;
    }

    private void grow() {
        int[] old = slots;
        slots = new int[2 * old.length];
        int mask = slots.length - 1;
        for (int offset : old) {
            if (offset != 0) {
                int length = keys.memory().get(INT, offset - 1L);
                int slot = hash(keys.memory(), offset - 1L + Integer.BYTES, length) & mask;
                while (slots[slot] != 0) {
                    slot = slot + 1 & mask;
                }
                slots[slot] = offset;
            }
        }
    }

    private static int hash(MemorySegment memory, long offset, int length) {
        long hash = length;
        long at = offset;
        long end = offset + length;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            hash = mix(hash ^ memory.get(LONG, at));
        }
        for (; at < end; at++) {
            hash = hash << 8 ^ memory.get(BYTE, at) & 0xFF;
        }
        return (int) mix(hash);
    }

    /** Finalizer of MurmurHash3 (Appleby, public domain). */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }

    @Override
    public void close() {
        keys.close();
    }
}
