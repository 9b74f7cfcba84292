package io.nexuslite.wasp;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.KeyString;
import io.nexuslite.format.RecordLayout;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.wasp.tree.AbsoluteRecord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What one transaction will write: at most one write a key, in the order of the first writes. Reused by its session, so that a
 * transaction in the steady state allocates nothing. One thread at a time.
 *
 * <p>Each entry has a key, the record as the tree will hold it, and the record with its value in place, as the transaction itself
 * reads it and, up to a length, the log holds it; the two differ only for values that lie in extents.
 */
final class WriteSet implements AutoCloseable {
    static final int NOT_FOUND = -1;

    private static final int LINEAR_MAX = 12; // up to here a scan beats a hash
    private static final int BYTES_MAX = 1 << 30;

    private final GrowableBuffer keys = new GrowableBuffer(1024, BYTES_MAX);
    private final GrowableBuffer records = new GrowableBuffer(4 * 1024, BYTES_MAX);
    private final AbsoluteRecord absolute = new AbsoluteRecord();
    private int count;
    private WaspTree[] trees = new WaspTree[LINEAR_MAX];
    private boolean[] deletes = new boolean[LINEAR_MAX];
    private int[] keyOffsets = new int[LINEAR_MAX];
    private int[] keyLengths = new int[LINEAR_MAX];
    private int[] treeOffsets = new int[LINEAR_MAX];
    private int[] treeLengths = new int[LINEAR_MAX];
    private int[] viewOffsets = new int[LINEAR_MAX];
    private int[] viewLengths = new int[LINEAR_MAX];
    private int[] buckets = new int[0]; // entry + 1, open addressing; used above LINEAR_MAX

    void reset() {
        keys.reset();
        records.reset();
        if (count > LINEAR_MAX) {
            Arrays.fill(buckets, 0);
        }
        Arrays.fill(trees, 0, count, null);
        count = 0;
    }

    int count() {
        return count;
    }

    /** Buffer to which a record is appended before {@link #put}. */
    GrowableBuffer records() {
        return records;
    }

    /** Entry of a key, or {@link #NOT_FOUND}. */
    int find(int treeId, Key key) {
        if (count <= LINEAR_MAX) {
            for (int entry = 0; entry < count; entry++) {
                if (isKey(entry, treeId, key)) {
                    return entry;
                }
            }
            return NOT_FOUND;
        }
        int mask = buckets.length - 1;
        for (int bucket = hash(treeId, key.memory(), key.offset(), key.length()) & mask;; bucket = (bucket + 1)
                & mask) {
            if (buckets[bucket] == 0) {
                return NOT_FOUND;
            }
            if (isKey(buckets[bucket] - 1, treeId, key)) {
                return buckets[bucket] - 1;
            }
        }
    }

    private boolean isKey(int entry, int treeId, Key key) {
        return trees[entry].treeId() == treeId && keyLengths[entry] == key.length() && KeyString.compare(keys.memory(),
                keyOffsets[entry], keyLengths[entry], key.memory(), key.offset(), key.length()) == 0;
    }

    /** Sets the write of a key: where the records buffer holds the record for the tree, and the one with its value in place. */
    void put(WaspTree tree, Key key, boolean delete, int treeOffset, int treeLength, int viewOffset,
            int viewLength) {
        int entry = find(tree.treeId(), key);
        if (entry == NOT_FOUND) {
            entry = add(tree, key);
        }
        deletes[entry] = delete;
        treeOffsets[entry] = treeOffset;
        treeLengths[entry] = treeLength;
        viewOffsets[entry] = viewOffset;
        viewLengths[entry] = viewLength;
    }

    private int add(WaspTree tree, Key key) {
        if (count == trees.length) {
            grow();
        }
        int entry = count++;
        trees[entry] = tree;
        keyOffsets[entry] = keys.length();
        keyLengths[entry] = key.length();
        keys.append(key.memory(), key.offset(), key.length());
        if (count > LINEAR_MAX) {
            index();
        }
        return entry;
    }

    private void grow() {
        int capacity = count * 2;
        trees = Arrays.copyOf(trees, capacity);
        deletes = Arrays.copyOf(deletes, capacity);
        keyOffsets = Arrays.copyOf(keyOffsets, capacity);
        keyLengths = Arrays.copyOf(keyLengths, capacity);
        treeOffsets = Arrays.copyOf(treeOffsets, capacity);
        treeLengths = Arrays.copyOf(treeLengths, capacity);
        viewOffsets = Arrays.copyOf(viewOffsets, capacity);
        viewLengths = Arrays.copyOf(viewLengths, capacity);
    }

    /** Puts the newest entry into the hash, or all of them when the hash is new or too small. */
    private void index() {
        int first = count - 1;
        if (count == LINEAR_MAX + 1 || buckets.length < count * 2) {
            if (buckets.length < count * 2) {
                buckets = new int[Integer.highestOneBit(count) * 8];
            }
            first = 0;
        }
        int mask = buckets.length - 1;
        for (int entry = first; entry < count; entry++) {
            int bucket = hash(trees[entry].treeId(), keys.memory(), keyOffsets[entry], keyLengths[entry]) & mask;
            while (buckets[bucket] != 0) {
                bucket = (bucket + 1) & mask;
            }
            buckets[bucket] = entry + 1;
        }
    }

    private static int hash(int treeId, MemorySegment memory, long offset, int length) {
        int hash = treeId;
        for (int index = 0; index < length; index++) {
            hash = hash * 31 + memory.get(ValueLayout.JAVA_BYTE, offset + index);
        }
        hash *= 0x9E3779B9; // Fibonacci hashing: the low bits alone would follow the key's last byte
        return hash ^ hash >>> 15;
    }

    WaspTree tree(int entry) {
        return trees[entry];
    }

    boolean isDelete(int entry) {
        return deletes[entry];
    }

    /** Points at the key of an entry; valid until the next write. */
    Key key(int entry, Key into) {
        return into.wrap(keys.memory(), keyOffsets[entry], keyLengths[entry]);
    }

    int treeOffset(int entry) {
        return treeOffsets[entry];
    }

    int treeLength(int entry) {
        return treeLengths[entry];
    }

    int viewOffset(int entry) {
        return viewOffsets[entry];
    }

    int viewLength(int entry) {
        return viewLengths[entry];
    }

    /** True if the value goes whole through the log, so that the log alone makes it durable; else its extents must be flushed. */
    boolean isLoggedWhole(int entry) {
        return viewLengths[entry] <= RecordLayout.LOGGED_VALUE_MAX || deletes[entry];
    }

    int logOffset(int entry) {
        return isLoggedWhole(entry) ? viewOffsets[entry] : treeOffsets[entry];
    }

    int logLength(int entry) {
        return isLoggedWhole(entry) ? viewLengths[entry] : treeLengths[entry];
    }

    /** True if the value lies in extents. */
    boolean hasExtents(int entry) {
        return treeOffsets[entry] != viewOffsets[entry];
    }

    /** Shows the record of an entry that is no deletion; valid until the next write. */
    void view(int entry, RecordView into) {
        absolute.wrap(trees[entry].kind(), records.memory(), viewOffsets[entry], viewLengths[entry]).view(into);
    }

    /** Entries of a tree in key order. */
    int[] sorted(int treeId) {
        Integer[] entries = new Integer[count];
        int found = 0;
        for (int entry = 0; entry < count; entry++) {
            if (trees[entry].treeId() == treeId) {
                entries[found++] = entry;
            }
        }
        Arrays.sort(entries, 0, found,
                (a, b) -> KeyString.compare(keys.memory(), keyOffsets[a], keyLengths[a], keys.memory(),
                        keyOffsets[b], keyLengths[b]));
        int[] sorted = new int[found];
        for (int index = 0; index < found; index++) {
            sorted[index] = entries[index];
        }
        return sorted;
    }

    @Override
    public void close() {
        keys.close();
        records.close();
    }
}
