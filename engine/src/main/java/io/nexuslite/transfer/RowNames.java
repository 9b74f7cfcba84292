package io.nexuslite.transfer;

import static io.nexuslite.transfer.BsonRow.BYTE;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;

/** Names of an array's elements, and the walk through a document. */
final class RowNames {
    private RowNames() {
    }

    /** Writes {@code index} as a name with its NUL, and returns the offset behind it. */
    static int index(MemorySegment out, int to, int index) {
        int digits = 1;
        for (int rest = index; rest >= 10; rest /= 10) {
            digits++;
        }
        int rest = index;
        for (int i = to + digits - 1; i >= to; i--) {
            out.set(BYTE, i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        out.set(BYTE, to + digits, (byte) 0);
        return to + digits + 1;
    }

    /**
     * Walks through a document and all that is in it.
     *
     * @throws io.nexuslite.error.InvalidDocumentException if it is too deep
     */
    static void walk(BsonCursor cursor) {
        while (cursor.next() || cursor.depth() > 0) {
            switch (cursor.type()) {
                case BsonType.NONE -> cursor.leave();
                case BsonType.DOCUMENT, BsonType.ARRAY, BsonType.JAVASCRIPT_WITH_SCOPE -> cursor.enter();
                default -> {
                }
            }
        }
    }
}
