package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;

/**
 * {@code $eq}, {@code $lt}, {@code $lte}, {@code $gt} and {@code $gte}: only values of the operand's bracket of types compare,
 * but for MinKey and MaxKey, which compare with all. Null is equal to a missing field.
 */
record Comparison(Operator operator, Operand operand, boolean operandIsNaN) implements ValuePredicate {
    enum Operator {
        EQ, LT, LTE, GT, GTE;

        boolean includesEqual() {
            return this == EQ || this == LTE || this == GTE;
        }
    }

    static Comparison of(Operator operator, Operand operand) {
        return new Comparison(operator, operand, operand.isNaN());
    }

    @Override
    public boolean test(byte type, MemorySegment memory, long value, EvaluationScratch scratch) {
        if (type == BsonType.NONE || !Values.sameBracket(type, operand.type())) {
            return testAcrossBrackets(type);
        }
        if (operator == Operator.EQ) {
            return scratch.comparator.compare(type, memory, value, operand.type(), operand.memory(),
                    operand.offset()) == 0;
        }
        if (operandIsNaN || Values.isNaN(type, memory, value)) {
            // NaN is neither below nor above anything, and equal to itself alone.
            return operandIsNaN && operator.includesEqual() && Values.isNaN(type, memory, value);
        }
        int order = scratch.comparator.compare(type, memory, value, operand.type(), operand.memory(), operand.offset());
        return switch (operator) {
            case EQ -> order == 0;
            case LT -> order < 0;
            case LTE -> order <= 0;
            case GT -> order > 0;
            case GTE -> order >= 0;
        };
    }

    private boolean testAcrossBrackets(byte type) {
        if (type == BsonType.NONE && operand.isNull()) {
            return operator.includesEqual();
        }
        return switch (operator) {
            case EQ -> false;
            case LT, LTE -> operand.type() == BsonType.MAX_KEY;
            case GT, GTE -> operand.type() == BsonType.MIN_KEY;
        };
    }
}
