package io.nexuslite.index;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.KeyString;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.store.Key;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The entries that one document gives one index: in the order of their keys, each key once. Reusable; one thread at a time; owns
 * memory, and allocates only to grow.
 */
final class KeySet implements AutoCloseable {
    /** Most bytes of all entries of one document; an array of a million numbers stays below. */
    static final int BYTES_MAX = 64 * 1024 * 1024;

    private static final int CAPACITY = 512;
    /** Runs up to this long are sorted by insertion. */
    private static final int INSERTION_MAX = 12;

    private final GrowableBuffer bytes = new GrowableBuffer(CAPACITY, BYTES_MAX);
    private int[] offsets = new int[8];
    private int[] keyLengths = new int[8];
    private int[] valueLengths = new int[8];
    /** Numbers of the entries, in order once {@link #finish} has run. */
    private int[] order = new int[8];
    private int added;
    private int count;
    private long arrayPaths;

    void reset() {
        bytes.reset();
        added = 0;
        count = 0;
        arrayPaths = 0;
    }

    /** Where the next entry is built: its key, then its value, behind what {@link #buffer} holds. */
    GrowableBuffer buffer() {
        return bytes;
    }

    /**
     * Room for one more entry, and where it goes.
     *
     * @throws InvalidDocumentException if the document gives too many
     */
    int begin(int room, String index) {
        if ((long) bytes.length() + room > BYTES_MAX) {
            throw new InvalidDocumentException("expected at most " + BYTES_MAX + " bytes of entries in index " + index
                    + ", found more", -1, "");
        }
        return bytes.reserve(room);
    }

    /** Takes in the entry that was built at the end of the buffer. */
    void add(int keyLength, int valueLength) {
        if (added == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * added);
            keyLengths = Arrays.copyOf(keyLengths, 2 * added);
            valueLengths = Arrays.copyOf(valueLengths, 2 * added);
            order = Arrays.copyOf(order, 2 * added);
        }
        offsets[added] = bytes.length();
        keyLengths[added] = keyLength;
        valueLengths[added] = valueLength;
        order[added] = added;
        added++;
        bytes.setLength(bytes.length() + keyLength + valueLength);
    }

    /** Notes the paths, a bit each, on which the document has an array. */
    void setArrayPaths(long paths) {
        arrayPaths = paths;
    }

    /** The paths, a bit each, on which the document has an array. */
    long arrayPaths() {
        return arrayPaths;
    }

    /** Sorts, and leaves of entries with one key that with the least value, so that the bytes depend on the document alone. */
    void finish() {
        sort();
        count = 0;
        for (int i = 0; i < added; i++) {
            if (count == 0 || compareKeys(order[count - 1], order[i]) != 0) {
                order[count++] = order[i];
            }
        }
    }

    int count() {
        return count;
    }

    /** Key of an entry. Valid until {@link #reset}. */
    Key key(int index, Key into) {
        return into.wrap(bytes.memory(), offsets[order[index]], keyLengths[order[index]]);
    }

    MemorySegment memory() {
        return bytes.memory();
    }

    /** Where the value of an entry starts in {@link #memory}. */
    long valueOffset(int index) {
        return (long) offsets[order[index]] + keyLengths[order[index]];
    }

    int valueLength(int index) {
        return valueLengths[order[index]];
    }

    /** Compares keys over sets: below, equal to or above 0. */
    static int compare(KeySet a, int aIndex, KeySet b, int bIndex) {
        int left = a.order[aIndex];
        int right = b.order[bIndex];
        return KeyString.compare(a.bytes.memory(), a.offsets[left], a.keyLengths[left], b.bytes.memory(),
                b.offsets[right], b.keyLengths[right]);
    }

    static boolean sameValue(KeySet a, int aIndex, KeySet b, int bIndex) {
        int length = a.valueLength(aIndex);
        long from = a.valueOffset(aIndex);
        long other = b.valueOffset(bIndex);
        return length == b.valueLength(bIndex) && MemorySegment.mismatch(a.memory(), from, from + length, b.memory(),
                other, other + length) < 0;
    }

    private int compareKeys(int a, int b) {
        return KeyString.compare(bytes.memory(), offsets[a], keyLengths[a], bytes.memory(), offsets[b], keyLengths[b]);
    }

    private int compareEntries(int a, int b) {
        int byKey = compareKeys(a, b);
        return byKey != 0
                ? byKey
                : KeyString.compare(bytes.memory(), (long) offsets[a] + keyLengths[a], valueLengths[a], bytes.memory(),
                        (long) offsets[b] + keyLengths[b], valueLengths[b]);
    }

    /** By insertion if there are few, else a heap sort, which no document can slow down. */
    private void sort() {
        if (added <= INSERTION_MAX) {
            for (int i = 1; i < added; i++) {
                int entry = order[i];
                int at = i;
                while (at > 0 && compareEntries(order[at - 1], entry) > 0) {
                    order[at] = order[at - 1];
                    at--;
                }
                order[at] = entry;
            }
            return;
        }
        for (int i = added / 2 - 1; i >= 0; i--) {
            sink(i, added);
        }
        for (int end = added - 1; end > 0; end--) {
            int greatest = order[0];
            order[0] = order[end];
            order[end] = greatest;
            sink(0, end);
        }
    }

    private void sink(int root, int end) {
        int entry = order[root];
        int at = root;
        for (int child = 2 * at + 1; child < end; child = 2 * at + 1) {
            if (child + 1 < end && compareEntries(order[child], order[child + 1]) < 0) {
                child++;
            }
            if (compareEntries(entry, order[child]) >= 0) {
                break;
            }
            order[at] = order[child];
            at = child;
        }
        order[at] = entry;
    }

    /** Gives memory back that an unusual document has taken. */
    void shrink(int capacityMax) {
        if (bytes.capacity() > capacityMax) {
            bytes.shrink(capacityMax);
        }
    }

    @Override
    public void close() {
        bytes.close();
    }
}
