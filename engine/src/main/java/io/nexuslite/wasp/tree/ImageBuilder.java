package io.nexuslite.wasp.tree;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.KeyTooLongException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Writes a keyed tree from records that come in ascending key order, its leaves full. One thread at a time; made for one tree. */
public final class ImageBuilder implements AutoCloseable {
    private final ImageTree tree;
    private final int pageSize;
    private final long csn;
    private final PageWriter target;
    private final TreeScratch scratch = new TreeScratch();
    private final GrowableBuffer image;
    private final GrowableBuffer buffer;
    private final ImageSource source;
    private final LeafImageWriter writer;
    private final List<InnerEntry> leaves = new ArrayList<>();
    private long recordCount;

    ImageBuilder(ImageTree tree, int treeId, int pageSize, long csn, PageWriter target) {
        this.tree = tree;
        this.pageSize = pageSize;
        this.csn = csn;
        this.target = target;
        image = new GrowableBuffer(pageSize, pageSize);
        buffer = new GrowableBuffer(4 * pageSize, Integer.MAX_VALUE / 4);
        source = new ImageSource(null, false, pageSize, scratch, null);
        writer = new LeafImageWriter(treeId, false, pageSize, scratch, image.memory());
        writer.begin(source);
    }

    /**
     * Adds a record.
     *
     * @throws IllegalArgumentException if the key is not above the last one, or the value is too long for a page
     */
    public void add(MemorySegment key, long keyOffset, int keyLength, MemorySegment value, long valueOffset,
            int valueLength) {
        if (keyLength > KeyTooLongException.KEY_LENGTH_MAX || valueLength > RecordCodec.inlineLengthMax(pageSize)) {
            throw new IllegalArgumentException("record too long: key of " + keyLength + " bytes, value of "
                    + valueLength);
        }
        requireAscending(key, keyOffset, keyLength);
        int at = Bytes.align8(buffer.length());
        buffer.setLength(buffer.length());
        buffer.reserve(at - buffer.length() + LeafFrame.RECORD_OFFSET + RecordCodec.keyedLengthMax(keyLength,
                valueLength));
        MemorySegment memory = buffer.memory();
        int length = RecordCodec.writeKeyed(memory, at + LeafFrame.RECORD_OFFSET, false, key, keyOffset, keyLength,
                value, valueOffset, valueLength);
        LeafFrame.putAppended(memory, at, csn, LeafFrame.LINK_NONE, length);
        buffer.setLength(at + LeafFrame.RECORD_OFFSET + length);
        source.buffer = memory;
        writer.add(ImageSource.BUFFERED | at);
        recordCount++;
        if (buffer.length() > pageSize) {
            writeFull();
        }
    }

    private void requireAscending(MemorySegment key, long keyOffset, int keyLength) {
        if (writer.count() > 0) {
            int last = source.copyKey(writer.name(writer.count() - 1), 0);
            if (Bytes.compare(scratch.keyMemory, 0, last, key, keyOffset, keyLength) >= 0) {
                throw new IllegalArgumentException("keys must ascend");
            }
        }
    }

    /** Writes leaves as long as the records overflow one; the rest stays. */
    private void writeFull() {
        int count = writer.count();
        if (writer.measure(0, count) <= pageSize) {
            return;
        }
        int low = 1;
        int high = count - 1;
        while (low < high) { // most records that fit a page
            int middle = low + high + 1 >>> 1;
            if (writer.measure(0, middle) <= pageSize) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        writer.write(0, low, leaves.isEmpty() ? new byte[0] : keyAt(0), target, leaves);
        keepFrom(low, count);
    }

    private byte[] keyAt(int index) {
        int length = source.copyKey(writer.name(index), 0);
        return Bytes.copyOf(scratch.keyMemory, 0, length);
    }

    private void keepFrom(int from, int count) {
        long moved = writer.name(from) & ~ImageSource.BUFFERED;
        long[] kept = new long[count - from];
        for (int i = from; i < count; i++) {
            kept[i - from] = writer.name(i) - moved;
        }
        MemorySegment memory = buffer.memory();
        int length = buffer.length() - (int) moved;
        MemorySegment.copy(memory, moved, memory, 0, length);
        buffer.setLength(length);
        writer.begin(source);
        for (long name : kept) {
            writer.add(name);
        }
    }

    /** Writes what is left and the pages above; returns the root, or none if there were no records. */
    public PagePointer finish() {
        if (writer.count() > 0) {
            writer.write(leaves.isEmpty() ? new byte[0] : keyAt(0), target, leaves);
            writer.begin(source);
        }
        return tree.growRoot(leaves, 0, target);
    }

    public long recordCount() {
        return recordCount;
    }

    @Override
    public void close() {
        image.close();
        buffer.close();
        scratch.close();
    }
}
