package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import java.lang.foreign.MemorySegment;

/** {@code $min} and {@code $max}: the operand takes the field if it comes before it, or behind, in the order of all values. */
record Extreme(String operator, Operand operand) implements UpdateOperation {
    @Override
    public void apply(byte type, MemorySegment memory, long value, int length, BsonWriter into, UpdateRun run) {
        int order = type == BsonType.NONE
                ? 0
                : run.scratch.comparator.compare(operand.type(), operand.memory(), operand.offset(), type, memory,
                        value);
        boolean takes = type == BsonType.NONE || (operator.equals("$min") ? order < 0 : order > 0);
        if (takes) {
            into.value(operand.type(), operand.memory(), operand.offset(), operand.length());
        } else {
            into.value(type, memory, value, length);
        }
    }

    @Override
    public boolean creates(UpdateRun run) {
        return true;
    }
}
