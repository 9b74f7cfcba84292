package io.nexuslite.index;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;

/** Where each path of an index has come to in a document: a value, and the segment that comes next. Reused; one thread at a time. */
final class IndexCells {
    /** The segment of a path that has ended, at a value or nowhere. */
    static final int FINISHED = Integer.MAX_VALUE;

    /** {@link BsonType#NONE} is a missing field. */
    final byte[] types;
    final long[] offsets;
    final int[] lengths;
    final int[] segments;
    /** For the array whose elements these cells are taken from. */
    final BsonCursor cursor = new BsonCursor();
    private IndexCells inner;

    IndexCells(int count) {
        types = new byte[count];
        offsets = new long[count];
        lengths = new int[count];
        segments = new int[count];
    }

    /** Cells for what lies one array deeper. */
    IndexCells inner() {
        if (inner == null) {
            inner = new IndexCells(types.length);
        }
        return inner;
    }

    void set(int index, byte type, long offset, int length, int segment) {
        types[index] = type;
        offsets[index] = offset;
        lengths[index] = length;
        segments[index] = segment;
    }

    void setMissing(int index) {
        set(index, BsonType.NONE, 0, 0, FINISHED);
    }

    void copy(int index, IndexCells from) {
        set(index, from.types[index], from.offsets[index], from.lengths[index], from.segments[index]);
    }

    boolean isFinished(int index) {
        return segments[index] == FINISHED;
    }

    boolean areAllMissing() {
        for (byte type : types) {
            if (type != BsonType.NONE) {
                return false;
            }
        }
        return true;
    }
}
