package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.error.UpdateFailedException;
import java.lang.foreign.MemorySegment;

/** What an update does to the value at one path. Immutable; {@code NONE} is the type of a value that is not there. */
sealed interface UpdateOperation permits Assignment, Removal, Relocation, Arithmetic, BitChange, Extreme, ArrayAddition,
        ArrayRemoval {
    /** Writes the new value; the name has been written. Memory, place and length mean nothing for {@code NONE}. */
    void apply(byte type, MemorySegment memory, long value, int length, BsonWriter into, UpdateRun run);

    /** Whether it makes the field where there is none, and the documents on the way there. */
    boolean creates(UpdateRun run);

    /** Whether the field is taken away. */
    default boolean removes() {
        return false;
    }

    /** Whether it may go through arrays and to elements of arrays. */
    default boolean reachesIntoArrays(UpdateRun run) {
        return true;
    }

    /** Whether it fails where a value on the way cannot hold the next field. */
    default boolean failsOffThePath(UpdateRun run) {
        return creates(run);
    }

    /** The operator's name. */
    String operator();

    /** What an operation throws that expects another value. */
    static UpdateFailedException wrongValue(String expected, byte type, String path, String operator) {
        return new UpdateFailedException("expected " + expected + ", found " + BsonType.alias(type), path, operator);
    }
}
