package io.nexuslite.transfer;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The one BSON document a parser is at, in off-heap memory that is reused from row to row.
 *
 * <p>The parser stores here by itself instead of through a {@link io.nexuslite.bson.BsonWriter}, so that finding the end of a text,
 * checking it and storing it are one pass over words; the finished document is copied to the writer as a whole.
 *
 * <p>Owns its memory. One thread at a time.
 */
final class BsonRow implements AutoCloseable {
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int CAPACITY_FIRST = 64 * 1024;
    /** What an element takes beside its text. */
    private static final int OVERHEAD = 64 * 1024;

    private final GrowableBuffer buffer;
    private final BsonView view = new BsonView();

    /** The document's memory; another one after {@link #room}. */
    MemorySegment memory;
    /** Bytes of the document so far. */
    int length;
    private int capacity;

    /** @param textBytesMax most bytes of text that are ever asked room for at once */
    BsonRow(int textBytesMax) {
        long limit = Math.min(1L << 30, (long) BsonType.DOCUMENT_SIZE_MAX + textBytesMax + OVERHEAD);
        buffer = new GrowableBuffer(CAPACITY_FIRST, (int) limit);
        renew();
    }

    /**
     * Makes room for {@code bytes} more.
     *
     * @return false if the document is larger than BSON allows, or the text longer than was said
     */
    boolean room(int bytes) {
        return bytes <= capacity - length || grow(bytes);
    }

    BsonView view() {
        return view.wrap(memory, 0, length);
    }

    @Override
    public void close() {
        buffer.close();
    }

    private boolean grow(int bytes) {
        if (length > BsonType.DOCUMENT_SIZE_MAX || bytes > buffer.limit() - length) {
            return false;
        }
        buffer.setLength(length);
        buffer.reserve(bytes);
        renew();
        return true;
    }

    private void renew() {
        memory = buffer.memory();
        capacity = buffer.capacity();
    }
}
