package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import java.lang.foreign.MemorySegment;

/**
 * {@code $set}, {@code $setOnInsert} and {@code $currentDate}: the field gets a value.
 *
 * @param operand the value; {@code null} for the clock's
 * @param asTimestamp whether the clock's value is a timestamp and not a date
 */
record Assignment(String operator, Operand operand, boolean asTimestamp) implements UpdateOperation {
    private static final String ON_INSERT = "$setOnInsert";
    private static final long MILLIS_PER_SECOND = 1000;

    @Override
    public void apply(byte type, MemorySegment memory, long value, int length, BsonWriter into, UpdateRun run) {
        if (operator.equals(ON_INSERT) && !run.isInsert) {
            into.value(type, memory, value, length);
        } else if (operand != null) {
            into.value(operand.type(), operand.memory(), operand.offset(), operand.length());
        } else if (asTimestamp) {
            into.timestamp(Math.floorDiv(run.nowMillis, MILLIS_PER_SECOND) << Integer.SIZE | 1);
        } else {
            into.dateTime(run.nowMillis);
        }
    }

    @Override
    public boolean creates(UpdateRun run) {
        return run.isInsert || !operator.equals(ON_INSERT);
    }

    static Assignment ofClock(byte type) {
        return new Assignment("$currentDate", null, type == BsonType.TIMESTAMP);
    }
}
