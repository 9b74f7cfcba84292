package io.nexuslite.query;

import io.nexuslite.bson.BsonWriter;
import java.lang.foreign.MemorySegment;

/** {@code $unset}, and the source of a {@code $rename}: the field goes; an element of an array becomes null. */
record Removal(String operator) implements UpdateOperation {
    @Override
    public void apply(byte type, MemorySegment memory, long value, int length, BsonWriter into, UpdateRun run) {
        into.nullValue();
    }

    @Override
    public boolean creates(UpdateRun run) {
        return false;
    }

    @Override
    public boolean removes() {
        return true;
    }
}
