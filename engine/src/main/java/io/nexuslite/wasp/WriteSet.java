package io.nexuslite.wasp;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.KeyString;
import io.nexuslite.store.Key;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What one transaction will write: at most one write a key, in the order of the first writes. Reused by its session, so that a
 * transaction in the steady state allocates nothing. One thread at a time.
 *
 * <p>Each entry has a key, the record as the tree will hold it, and the record as the log will hold it; the two differ only
 * for values that lie in extents and still go whole through the log.
 */
final class WriteSet implements AutoCloseable {
    static final int NOT_FOUND = -1;

    private static final int LINEAR_MAX = 12; // up to here a scan beats a hash
    private static final int BYTES_MAX = 1 << 30;

    private final GrowableBuffer keys = new GrowableBuffer(1024, BYTES_MAX);
    private final GrowableBuffer records = new GrowableBuffer(4 * 1024, BYTES_MAX);
    private int count;
    private int[] treeIds = new int[LINEAR_MAX];
    private boolean[] deletes = new boolean[LINEAR_MAX];
    private int[] keyOffsets = new int[LINEAR_MAX];
    private int[] keyLengths = new int[LINEAR_MAX];
    private int[] treeOffsets = new int[LINEAR_MAX];
    private int[] treeLengths = new int[LINEAR_MAX];
    private int[] logOffsets = new int[LINEAR_MAX];
    private int[] logLengths = new int[LINEAR_MAX];
    private int[] buckets = new int[0]; // entry + 1, open addressing; used above LINEAR_MAX

    void reset() {
        keys.reset();
        records.reset();
        if (count > LINEAR_MAX) {
            Arrays.fill(buckets, 0);
        }
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
        return treeIds[entry] == treeId && keyLengths[entry] == key.length() && KeyString.compare(keys.memory(),
                keyOffsets[entry], keyLengths[entry], key.memory(), key.offset(), key.length()) == 0;
    }

    /** Sets the write of a key: where the records buffer holds the tree's record and the log's. */
    void put(int treeId, Key key, boolean delete, int treeOffset, int treeLength, int logOffset, int logLength) {
        int entry = find(treeId, key);
        if (entry == NOT_FOUND) {
            entry = add(treeId, key);
        }
        deletes[entry] = delete;
        treeOffsets[entry] = treeOffset;
        treeLengths[entry] = treeLength;
        logOffsets[entry] = logOffset;
        logLengths[entry] = logLength;
    }

    private int add(int treeId, Key key) {
        if (count == treeIds.length) {
            grow();
        }
        int entry = count++;
        treeIds[entry] = treeId;
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
        treeIds = Arrays.copyOf(treeIds, capacity);
        deletes = Arrays.copyOf(deletes, capacity);
        keyOffsets = Arrays.copyOf(keyOffsets, capacity);
        keyLengths = Arrays.copyOf(keyLengths, capacity);
        treeOffsets = Arrays.copyOf(treeOffsets, capacity);
        treeLengths = Arrays.copyOf(treeLengths, capacity);
        logOffsets = Arrays.copyOf(logOffsets, capacity);
        logLengths = Arrays.copyOf(logLengths, capacity);
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
            int bucket = hash(treeIds[entry], keys.memory(), keyOffsets[entry], keyLengths[entry]) & mask;
            while (buckets[bucket] != 0) {
                bucket = (bucket + 1) & mask;
            }
            buckets[bucket] = entry + 1;
        }
    }

    private static int hash(int treeId, MemorySegment memory, long offset, int length) {
        int hash = treeId;
        for (int index = 0; index < length; index++) {
            hash = hash * 31 + memory.get(java.lang.foreign.ValueLayout.JAVA_BYTE, offset + index);
        }
        hash *= 0x9E3779B9; // Fibonacci hashing: the low bits alone would follow the key's last byte
        return hash ^ hash >>> 15;
    }

    int treeId(int entry) {
        return treeIds[entry];
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

    int logOffset(int entry) {
        return logOffsets[entry];
    }

    int logLength(int entry) {
        return logLengths[entry];
    }

    /** Entries of a tree in key order. */
    int[] sorted(int treeId) {
        Integer[] entries = new Integer[count];
        int found = 0;
        for (int entry = 0; entry < count; entry++) {
            if (treeIds[entry] == treeId) {
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
