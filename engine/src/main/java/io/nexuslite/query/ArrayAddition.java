package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code $push} and {@code $addToSet}: values are put into an array, which is then sorted, then cut. A missing field becomes an
 * array.
 *
 * @param values what is added; for a set only what is not there
 * @param position where, counted from the end if negative; {@link #AT_END} for behind the last
 * @param orderOrNull the order of the array afterwards
 * @param slice how many stay, the last ones if negative; {@link #ALL} for no cut
 */
record ArrayAddition(String operator, String path, List<Operand> values, int position, ElementOrder orderOrNull,
        long slice) implements UpdateOperation {
    static final int AT_END = Integer.MAX_VALUE;
    static final long ALL = Long.MAX_VALUE;

    @Override
    public void apply(byte type, MemorySegment memory, long value, int length, BsonWriter into, UpdateRun run) {
        if (type != BsonType.NONE && type != BsonType.ARRAY) {
            throw UpdateOperation.wrongValue("an array", type, path, operator);
        }
        List<Operand> elements = new ArrayList<>();
        if (type == BsonType.ARRAY) {
            BsonCursor cursor = new BsonCursor().wrap(memory, value, length);
            while (cursor.next()) {
                elements.add(Operand.of(cursor));
            }
        }
        if (operator.equals("$addToSet")) {
            addMissing(elements, run.scratch.comparator);
        } else {
            int count = elements.size();
            int at = position < 0 ? Math.max(0, count + position) : Math.min(position, count);
            elements.addAll(at, values);
        }
        if (orderOrNull != null) {
            orderOrNull.sort(elements, run.scratch.comparator);
        }
        write(elements, into);
    }

    private void addMissing(List<Operand> elements, BsonComparator comparator) {
        for (Operand added : values) {
            if (elements.stream().noneMatch(element -> element.compare(added, comparator) == 0)) {
                elements.add(added);
            }
        }
    }

    private void write(List<Operand> elements, BsonWriter into) {
        int count = elements.size();
        int from = slice < 0 ? (int) Math.max(0, count + slice) : 0;
        int to = slice < 0 ? count : (int) Math.min(count, slice);
        into.startArray();
        for (int i = from; i < to; i++) {
            Operand element = elements.get(i);
            into.value(element.type(), element.memory(), element.offset(), element.length());
        }
        into.endArray();
    }

    @Override
    public boolean creates(UpdateRun run) {
        return true;
    }
}
