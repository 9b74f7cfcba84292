package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * {@code $pull}, {@code $pullAll} and {@code $pop}: elements of an array go. A missing field stays missing.
 *
 * @param values elements that go, where that is what was asked
 * @param filterOrNull what goes, where a condition was asked
 * @param asDocument whether the filter asks elements that are documents; else it asks the field with an empty name of a
 *     document around the element
 * @param end -1 for the first element, 1 for the last, 0 for neither
 */
record ArrayRemoval(String operator, String path, List<Operand> values, Filter filterOrNull, boolean asDocument,
        int end) implements UpdateOperation {
    private static final FieldName EMPTY = FieldName.of("");
    private static final int WRAP_CAPACITY = 256;

    @Override
    public void apply(byte type, MemorySegment memory, long value, int length, BsonWriter into, UpdateRun run) {
        if (type != BsonType.ARRAY) {
            throw UpdateOperation.wrongValue("an array", type, path, operator);
        }
        BsonCursor cursor = new BsonCursor().wrap(memory, value, length);
        int dropped = end == 0 ? -1 : end < 0 ? 0 : count(memory, value, length) - 1;
        into.startArray();
        for (int i = 0; cursor.next(); i++) {
            boolean goes = end != 0 ? i == dropped : goes(cursor, run);
            if (!goes) {
                into.value(cursor);
            }
        }
        into.endArray();
    }

    private static int count(MemorySegment memory, long value, int length) {
        BsonCursor cursor = new BsonCursor().wrap(memory, value, length);
        int count = 0;
        while (cursor.next()) {
            count++;
        }
        return count;
    }

    private boolean goes(BsonCursor element, UpdateRun run) {
        if (filterOrNull == null) {
            Operand found = Operand.of(element);
            return values.stream().anyMatch(value -> value.compare(found, run.scratch.comparator) == 0);
        }
        if (asDocument) {
            return element.type() == BsonType.DOCUMENT && run.scratch.evaluator().matches(filterOrNull,
                    element.memory(), element.valueOffset(), element.valueLength());
        }
        try (GrowableBuffer wrapped = GrowableBuffer.ofConfined(WRAP_CAPACITY, GrowableBuffer.DEFAULT_LIMIT)) {
            new BsonWriter().wrap(wrapped).startDocument().name(EMPTY).value(element).endDocument();
            return run.scratch.evaluator().matches(filterOrNull, wrapped.memory(), 0, wrapped.length());
        }
    }

    @Override
    public boolean creates(UpdateRun run) {
        return false;
    }

    @Override
    public boolean failsOffThePath(UpdateRun run) {
        return true;
    }
}
