package io.nexuslite.wasp.tree;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.format.Crc32c;
import java.lang.foreign.MemorySegment;

/** Memory and carriers that one thread at a time works with; descents leave their findings here. */
final class TreeScratch implements AutoCloseable {
    /** Place for a separator, which nobody else uses. */
    static final int PLACE_SEPARATOR = 3;
    /** Length of a fence that is not there: the range goes on to the end. */
    static final int UNBOUNDED = -1;

    private static final int KEYS = 4; // for records, and three for whoever needs to keep a key
    private static final int KEYS_SIZE = KEYS * DocumentKey.SCRATCH_SIZE;

    final RecordParser record = new RecordParser();
    final PagePointer pointer = new PagePointer(); // of the page that a descent misses
    final PagePointer loading = new PagePointer();
    final Crc32c crc = new Crc32c();
    private final GrowableBuffer keys = new GrowableBuffer(KEYS_SIZE, KEYS_SIZE);
    final MemorySegment keyMemory = keys.memory();

    MemorySegment foundKeyMemory; // the key that keyOf found
    long foundKeyOffset;
    int foundKeyLength;

    int loads; // pages that the operation under way has read
    int missingLevel; // of the page that a descent misses, or -1 for the root
    int missingParent; // page frame above it, or NONE
    int missingIndex; // which child of it
    MemorySegment lowMemory; // fences of the leaf or missing page: its range is [low, high)
    long lowOffset;
    int lowLength;
    MemorySegment highMemory;
    long highOffset;
    int highLength;

    /** Offset in {@link #keyMemory} of place 0 (for keys of records) to 3. */
    static long keyPlace(int place) {
        return (long) place * DocumentKey.SCRATCH_SIZE;
    }

    void clearFences() {
        lowLength = UNBOUNDED;
        highLength = UNBOUNDED;
    }

    @Override
    public void close() {
        keys.close();
    }
}
