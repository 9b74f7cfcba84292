package io.nexuslite;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.query.ArrayPosition;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** What a {@code findOneAnd…} gives: a copy that outlives the transaction, so that it is decoded behind it. */
final class FoundDocument {
    private static final int CAPACITY = 1024;

    private FoundDocument() {
    }

    /** Refuses what cannot be given: the filter has met no element of the new state. */
    static void check(CompiledQuery query, ReturnDocument returned) {
        if (returned == ReturnDocument.AFTER && query.projection() != null && query.projection().usesPosition()) {
            throw new InvalidQueryException("expected a projection without $ for a document as it is afterwards", "",
                    "$");
        }
    }

    /** A copy of a document, projected, in memory that goes with whoever holds it. */
    static BsonView copy(OperationContext context, CompiledQuery query, BsonView document) {
        if (query.projection() == null) {
            return copy(document.memory(), document.offset(), document.length());
        }
        int position = query.projection().usesPosition()
                ? context.arrayPosition.find(query.filter(), document)
                : ArrayPosition.NONE;
        try (GrowableBuffer projected = GrowableBuffer.ofConfined(CAPACITY, GrowableBuffer.DEFAULT_LIMIT)) {
            query.projection().apply(document, new BsonWriter().wrap(projected), position);
            return copy(projected.memory(), 0, projected.length());
        }
    }

    private static BsonView copy(MemorySegment memory, long offset, int length) {
        MemorySegment own = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(length));
        MemorySegment.copy(memory, offset, own, 0, length);
        return new BsonView().wrap(own, 0, length);
    }
}
