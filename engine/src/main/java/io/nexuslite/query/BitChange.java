package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** {@code $bit}: bits of an int32 or int64 are changed; the result has the wider type. A missing field counts as 0. */
record BitChange(String path, List<Step> steps) implements UpdateOperation {
    /** One of {@code and}, {@code or}, {@code xor}, with an operand that is sign-extended. */
    record Step(String name, long operand, boolean isLong) {
    }

    @Override
    public String operator() {
        return "$bit";
    }

    @Override
    public void apply(byte type, MemorySegment memory, long value, int length, BsonWriter into, UpdateRun run) {
        if (type != BsonType.NONE && type != BsonType.INT32 && type != BsonType.INT64) {
            throw UpdateOperation.wrongValue("an int or a long", type, path, operator());
        }
        boolean isLong = type == BsonType.INT64;
        long bits = type == BsonType.NONE ? 0 : Values.whole(type, memory, value);
        for (Step step : steps) {
            isLong |= step.isLong();
            bits = switch (step.name()) {
                case "and" -> bits & step.operand();
                case "or" -> bits | step.operand();
                default -> bits ^ step.operand();
            };
        }
        if (isLong) {
            into.int64(bits);
        } else {
            into.int32((int) bits);
        }
    }

    @Override
    public boolean creates(UpdateRun run) {
        return true;
    }
}
