package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** {@code $in}: the value equals one of the operands, which are sorted and searched by halves. Null is equal to a missing field. */
final class Membership implements ValuePredicate {
    private final Operand[] operands;
    private final boolean hasNull;

    private Membership(Operand[] operands, boolean hasNull) {
        this.operands = operands;
        this.hasNull = hasNull;
    }

    static Membership of(List<Operand> operands) {
        Operand[] sorted = operands.toArray(Operand[]::new);
        BsonComparator comparator = new BsonComparator();
        Arrays.sort(sorted, (a, b) -> comparator.compare(a.type(), a.memory(), a.offset(), b.type(), b.memory(),
                b.offset()));
        return new Membership(sorted, operands.stream().anyMatch(Operand::isNull));
    }

    /** In MongoDB's order. Not to be changed. */
    Operand[] operands() {
        return operands;
    }

    @Override
    public boolean test(byte type, MemorySegment memory, long value, BsonComparator comparator) {
        if (type == BsonType.NONE) {
            return hasNull;
        }
        int low = 0;
        int high = operands.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Operand operand = operands[middle];
            int order = comparator.compare(type, memory, value, operand.type(), operand.memory(), operand.offset());
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return false;
    }
}
