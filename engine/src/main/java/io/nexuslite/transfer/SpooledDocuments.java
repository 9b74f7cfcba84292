package io.nexuslite.transfer;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import java.lang.foreign.MemorySegment;

/** The documents of a {@link Spool}, from the first on. One thread at a time; owns memory, not the spool. */
final class SpooledDocuments implements AutoCloseable {
    private static final int PART = 256 * 1024;

    private final Spool spool;
    private final GrowableBuffer buffer = new GrowableBuffer(2 * PART, 2 * PART + 2 * BsonType.DOCUMENT_SIZE_MAX);
    private final BsonView view = new BsonView();
    private long position;
    private int at;

    SpooledDocuments(Spool spool) {
        this.spool = spool;
    }

    /** The next document, valid until the next call; {@code null} at the end. */
    BsonView next() {
        if (!has(Integer.BYTES)) {
            return null;
        }
        int length = buffer.memory().get(BsonRow.INT, at);
        has(length);
        view.wrap(buffer.memory(), at, length);
        at += length;
        return view;
    }

    private boolean has(int length) {
        if (buffer.length() - at >= length) {
            return true;
        }
        int rest = buffer.length() - at;
        MemorySegment.copy(buffer.memory(), at, buffer.memory(), 0, rest);
        buffer.setLength(rest);
        at = 0;
        int read;
        do {
            read = spool.read(position, buffer, Math.max(PART, length - buffer.length()));
            position += read;
        } while (read > 0 && buffer.length() < length);
        return buffer.length() >= length;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
