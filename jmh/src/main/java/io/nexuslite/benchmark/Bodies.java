package io.nexuslite.benchmark;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Documents to be written: a few ready ones, small enough for the processor's cache, into which the next id and a new revision
 * are put, so that making a document costs little beside writing it. One thread at a time. Its memory goes with the object.
 */
final class Bodies {
    private static final int READY = 512; // a power of two
    private static final ValueLayout.OfLong LONG_LE = ValueLayout.JAVA_LONG_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment ready = Arena.ofAuto().allocate((long) READY * Dataset.LENGTH_MAX, Long.BYTES);
    /** No buffer of an arena: lmdbjava would not get at its address. */
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Dataset.LENGTH_MAX);
    private final MemorySegment body = MemorySegment.ofBuffer(buffer);
    private final int[] lengths = new int[READY];
    private long revision;

    Bodies(Dataset dataset) {
        for (int index = 0; index < READY; index++) {
            int document = index % dataset.documents();
            lengths[index] = dataset.length(document);
            MemorySegment.copy(dataset.memory(), dataset.offset(document), ready, (long) index * Dataset.LENGTH_MAX,
                    lengths[index]);
        }
    }

    /** Copies a document of the dataset to {@link #memory}. Returns its length in bytes. */
    int copy(Dataset dataset, int document) {
        MemorySegment.copy(dataset.memory(), dataset.offset(document), body, 0, dataset.length(document));
        return dataset.length(document);
    }

    /** Makes the next document in {@link #memory}, with this id. Returns its length in bytes. */
    int next(long idHigh, long idLow) {
        revision++;
        int index = (int) revision & READY - 1;
        int length = lengths[index];
        MemorySegment.copy(ready, (long) index * Dataset.LENGTH_MAX, body, 0, length);
        body.set(LONG_BE, Dataset.ID_OFFSET, idHigh);
        body.set(LONG_BE, Dataset.ID_OFFSET + Long.BYTES, idLow);
        body.set(LONG_LE, Dataset.REVISION_OFFSET, revision);
        return length;
    }

    MemorySegment memory() {
        return body;
    }

    /** The same bytes. Always the same object; whoever uses it sets position and limit. */
    ByteBuffer buffer() {
        return buffer;
    }
}
