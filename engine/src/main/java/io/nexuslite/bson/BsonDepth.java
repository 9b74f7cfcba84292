package io.nexuslite.bson;

/** How deep a document goes. */
final class BsonDepth {
    private BsonDepth() {
    }

    /** Whether more than {@code allowed} levels lie below the root of {@code cursor}, which has just been wrapped. */
    static boolean exceeds(BsonCursor cursor, int allowed) {
        while (true) {
            if (!cursor.next()) {
                if (cursor.depth() == 0) {
                    return false;
                }
                cursor.leave();
            } else if (isContainer(cursor.type())) {
                if (cursor.depth() == allowed) {
                    return true;
                }
                cursor.enter();
            }
        }
    }

    static boolean isContainer(byte type) {
        return type == BsonType.DOCUMENT || type == BsonType.ARRAY || type == BsonType.JAVASCRIPT_WITH_SCOPE;
    }
}
