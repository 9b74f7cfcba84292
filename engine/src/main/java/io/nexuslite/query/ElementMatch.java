package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * {@code $elemMatch}: the value is an array with an element that matches a filter, for which it must be a document or an array,
 * or that holds predicates, for which an array in the array is one value.
 *
 * @param filterOrNull what an element is asked as a document, or {@code null}
 * @param predicatesOrNull what an element is asked as a value, or {@code null}
 */
record ElementMatch(Filter filterOrNull, FilterNode predicatesOrNull) implements ValuePredicate {
    @Override
    public boolean test(byte type, MemorySegment memory, long value, EvaluationScratch scratch) {
        return type == BsonType.ARRAY && position(memory, value, scratch) >= 0;
    }

    /** The first element of the array that matches, from 0 on, or -1. */
    int position(MemorySegment memory, long value, EvaluationScratch scratch) {
        BsonCursor cursor = scratch.cursor().wrap(memory, value, memory.get(Values.INT, value));
        for (int i = 0; cursor.next(); i++) {
            if (matches(cursor, scratch)) {
                return i;
            }
        }
        return -1;
    }

    private boolean matches(BsonCursor element, EvaluationScratch scratch) {
        if (filterOrNull == null) {
            return holds(predicatesOrNull, element, scratch.nested());
        }
        return (element.type() == BsonType.DOCUMENT || element.type() == BsonType.ARRAY) && scratch.evaluator()
                .matches(filterOrNull, element.memory(), element.valueOffset(), element.valueLength());
    }

    private static boolean holds(FilterNode node, BsonCursor element, EvaluationScratch scratch) {
        if (node instanceof FilterNode.Leaf leaf) {
            return leaf.predicate().test(element.type(), element.memory(), element.valueOffset(), scratch);
        }
        if (node instanceof FilterNode.Not not) {
            return !holds(not.child(), element, scratch);
        }
        boolean isAnd = node instanceof FilterNode.And;
        List<FilterNode> children = isAnd ? ((FilterNode.And) node).children() : ((FilterNode.Or) node).children();
        for (int i = 0; i < children.size(); i++) {
            if (holds(children.get(i), element, scratch) != isAnd) {
                return !isAnd;
            }
        }
        return isAnd;
    }

    @Override
    public boolean isOfWholeValue() {
        return true;
    }
}
