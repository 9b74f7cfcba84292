package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.error.UpdateFailedException;
import java.lang.foreign.MemorySegment;

/** The target of a {@code $rename}: it gets what the source held before the update. */
record Relocation(FieldPath source) implements UpdateOperation {
    @Override
    public String operator() {
        return "$rename";
    }

    @Override
    public void apply(byte type, MemorySegment memory, long value, int length, BsonWriter into, UpdateRun run) {
        BsonCursor found = find(run);
        if (found != null) {
            into.value(found);
        } else {
            into.value(type, memory, value, length);
        }
    }

    @Override
    public boolean creates(UpdateRun run) {
        return find(run) != null;
    }

    @Override
    public boolean reachesIntoArrays(UpdateRun run) {
        return find(run) == null;
    }

    /** The source, or null if there is none; what it leads through must be documents. */
    private BsonCursor find(UpdateRun run) {
        BsonCursor cursor = new BsonCursor().wrap(run.document);
        boolean throughArray = false;
        for (int i = 0; i < source.length(); i++) {
            if (i > 0) {
                boolean isArray = cursor.type() == BsonType.ARRAY;
                if (cursor.type() != BsonType.DOCUMENT && !(isArray && source.index(i) != FieldPath.NO_INDEX)) {
                    throw UpdateOperation.wrongValue("a document or a place in an array on the way", cursor.type(),
                            source.toString(), operator());
                }
                throughArray |= isArray;
                cursor.enter();
            }
            if (!cursor.find(source.name(i))) {
                return null;
            }
        }
        if (throughArray) {
            throw new UpdateFailedException("expected no array on the way, found one", source.toString(), operator());
        }
        return cursor;
    }
}
