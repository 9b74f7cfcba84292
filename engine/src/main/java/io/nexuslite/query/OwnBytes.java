package io.nexuslite.query;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.bson.BsonDocument;

/** Documents of queries in memory that goes with whoever holds it. */
final class OwnBytes {
    private static final int CAPACITY = 256;

    private OwnBytes() {
    }

    static BsonView of(BsonDocument document) {
        try (GrowableBuffer buffer = GrowableBuffer.ofConfined(CAPACITY, GrowableBuffer.DEFAULT_LIMIT)) {
            BsonBridge.encode(document, buffer);
            return copy(buffer);
        }
    }

    static BsonView copy(GrowableBuffer buffer) {
        MemorySegment own = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(buffer.length()));
        MemorySegment.copy(buffer.memory(), 0, own, 0, buffer.length());
        return new BsonView().wrap(own, 0, buffer.length());
    }
}
