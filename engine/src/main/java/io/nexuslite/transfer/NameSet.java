package io.nexuslite.transfer;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.io.Hosts;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The names in all objects that are open, to find one that comes twice.
 *
 * <p>A stack: an object remembers {@link #count} when it begins and sets it back when it ends. Few names are compared one by one
 * by their hashes; an object with more than {@value #NARROW_MAX} has them in a hash table as well. Hashes are keyed by a random
 * number, so that nobody can choose names that collide.
 *
 * <p>To be reused; one thread at a time; allocates only when more names are open than ever before.
 */
final class NameSet {
    /** Names of an object from which on it has entries in the table. */
    static final int NARROW_MAX = 48;

    private static final int ROWS_FIRST = 64;
    private static final int TABLE_FIRST = 256;

    /** Secret of the hashes, odd. */
    final long key;
    /** Names in all open objects. */
    int count;
    private long[] hashes = new long[ROWS_FIRST];
    private int[] offsets = new int[ROWS_FIRST];
    private int[] lengths = new int[ROWS_FIRST];

    /** Slots of the table: round in the upper half, index of a name in the lower; of another round is free. */
    private long[] slots = new long[TABLE_FIRST];
    /** Which object a slot's name is in. */
    private int[] owners = new int[TABLE_FIRST];
    private int slotsUsed;
    private int round = 1;
    private int lastOwner;

    NameSet() {
        try (GrowableBuffer buffer = GrowableBuffer.ofConfined(Long.BYTES, Long.BYTES)) {
            Hosts.platform().entropy(buffer.memory(), 0, Long.BYTES);
            key = buffer.memory().get(BsonRow.LONG, 0) | 1;
        }
    }

    /** Hash of a name with one word more of it; the last word is padded with zero, and may be all zero. */
    static long mix(long hash, long word, long key) {
        long x = hash ^ word;
        // Both halves of the product, as in wyhash (Wang Yi, public domain): each bit of the word reaches each bit.
        return x * key ^ Math.unsignedMultiplyHigh(x, key) ^ hash;
    }

    /** Hash of a name that lies in memory, as {@link #mix} over its words gives it. */
    long hash(MemorySegment memory, int offset, int length) {
        long hash = key;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            hash = mix(hash, memory.get(BsonRow.LONG, (long) offset + at), key);
        }
        long tail = 0;
        for (int i = length - 1; i >= at; i--) {
            tail = tail << Byte.SIZE | memory.get(BsonRow.BYTE, (long) offset + i) & 0xFF;
        }
        return mix(hash, tail, key);
    }

    /** Forgets everything. */
    void clear() {
        count = 0;
        if (slotsUsed != 0) {
            nextRound();
        }
    }

    /** The bit that stands for a hash in a small filter of 64. */
    static long bit(long hash) {
        return 1L << (hash >>> 58);
    }

    /** Adds a name that is known to be new to its object. */
    void push(long hash, int offset, int length) {
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        hashes[count] = hash;
        offsets[count] = offset;
        lengths[count++] = length;
    }

    /** Whether the name is among those from {@code base} on. */
    boolean contains(int base, MemorySegment memory, long hash, int offset, int length) {
        for (int i = base; i < count; i++) {
            if (hashes[i] == hash && sameName(i, memory, offset, length)) {
                return true;
            }
        }
        return false;
    }

    /** Puts the names from {@code base} on into the table, and returns the number by which it knows the object. */
    int widen(int base) {
        int owner = ++lastOwner;
        for (int i = base; i < count; i++) {
            insert(owner, i);
        }
        return owner;
    }

    /** Adds a name to an object in the table; false if it is there already. */
    boolean pushWide(int owner, MemorySegment memory, long hash, int offset, int length) {
        int mask = slots.length - 1;
        for (int slot = home(owner, hash, mask); isTaken(slots[slot]); slot = slot + 1 & mask) {
            int index = (int) slots[slot];
            if (owners[slot] == owner && hashes[index] == hash && sameName(index, memory, offset, length)) {
                return false;
            }
        }
        push(hash, offset, length);
        insert(owner, count - 1);
        return true;
    }

    private boolean sameName(int index, MemorySegment memory, int offset, int length) {
        int other = offsets[index];
        return lengths[index] == length && MemorySegment.mismatch(memory, other, (long) other + length, memory, offset,
                (long) offset + length) < 0;
    }

    private void insert(int owner, int index) {
        if (2 * slotsUsed >= slots.length) {
            growTable();
        }
        place(owner, hashes[index], (long) round << 32 | index);
        slotsUsed++;
    }

    private void place(int owner, long hash, long entry) {
        int mask = slots.length - 1;
        int slot = home(owner, hash, mask);
        while (isTaken(slots[slot])) {
            slot = slot + 1 & mask;
        }
        slots[slot] = entry;
        owners[slot] = owner;
    }

    /**
     * Names of objects that have ended stay in their slots until the next row; those in the way keep a hash that may meanwhile be
     * another one's, which only moves them to another place, where no object of theirs looks for them.
     */
    private void growTable() {
        long[] oldSlots = slots;
        int[] oldOwners = owners;
        slots = new long[2 * oldSlots.length];
        owners = new int[2 * oldSlots.length];
        for (int i = 0; i < oldSlots.length; i++) {
            if (isTaken(oldSlots[i])) {
                place(oldOwners[i], hashes[(int) oldSlots[i]], oldSlots[i]);
            }
        }
    }

    private boolean isTaken(long slot) {
        return (int) (slot >>> 32) == round;
    }

    private static int home(int owner, long hash, int mask) {
        return (int) (hash >>> 17) + owner * 0x9E3779B9 & mask;
    }

    private void nextRound() {
        slotsUsed = 0;
        lastOwner = 0;
        round++;
        if (round == 0) {
            round = 1;
            Arrays.fill(slots, 0);
        }
    }
}
