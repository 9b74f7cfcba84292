package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * {@code $in}: the value equals one of the operands, which are sorted and searched by halves, or is found by one of the regular
 * expressions. Null is equal to a missing field.
 */
final class Membership implements ValuePredicate {
    private final Operand[] operands;
    private final RegexTest[] regexes;
    private final boolean hasNull;

    private Membership(Operand[] operands, RegexTest[] regexes, boolean hasNull) {
        this.operands = operands;
        this.regexes = regexes;
        this.hasNull = hasNull;
    }

    static Membership of(List<Operand> operands, List<RegexTest> regexes) {
        Operand[] sorted = operands.toArray(Operand[]::new);
        BsonComparator comparator = new BsonComparator();
        Arrays.sort(sorted, (a, b) -> comparator.compare(a.type(), a.memory(), a.offset(), b.type(), b.memory(),
                b.offset()));
        return new Membership(sorted, regexes.toArray(RegexTest[]::new), operands.stream().anyMatch(Operand::isNull));
    }

    boolean hasRegexes() {
        return regexes.length > 0;
    }

    /** In MongoDB's order. Not to be changed. */
    Operand[] operands() {
        return operands;
    }

    @Override
    public boolean test(byte type, MemorySegment memory, long value, EvaluationScratch scratch) {
        if (type == BsonType.NONE) {
            return hasNull;
        }
        int low = 0;
        int high = operands.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Operand operand = operands[middle];
            int order = scratch.comparator.compare(type, memory, value, operand.type(), operand.memory(),
                    operand.offset());
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        for (RegexTest regex : regexes) {
            if (regex.test(type, memory, value, scratch)) {
                return true;
            }
        }
        return false;
    }
}
