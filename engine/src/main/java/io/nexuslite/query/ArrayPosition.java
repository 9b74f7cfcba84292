package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.FieldName;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Finds which element of an array a filter met, for {@code $} in updates and projections. Reusable; one thread at a time.
 *
 * <p>It is the first element, of the outermost array that a path goes through without naming a place in it, by which a condition
 * holds; of several conditions the last one that met an element decides. What stands in {@code $nor}, {@code $not} or an
 * {@code $or} of different paths meets none.
 */
public final class ArrayPosition {
    /** The filter met no element. */
    public static final int NONE = -1;

    private final EvaluationScratch scratch = new EvaluationScratch();
    private FieldPath path;
    private List<FilterNode> alternatives;
    private int found;

    /** Looks for elements. */
    public ArrayPosition() {
    }

    /** The element, from 0 on, by which the validated document matches the filter, or {@link #NONE}. */
    public int find(Filter filter, BsonView document) {
        return find(filter.root(), document);
    }

    private int find(FilterNode node, BsonView document) {
        if (node instanceof FilterNode.And and) {
            int last = NONE;
            for (FilterNode child : and.children()) {
                int position = find(child, document);
                last = position == NONE ? last : position;
            }
            return last;
        }
        if (node instanceof FilterNode.Leaf leaf) {
            return find(leaf.path(), List.of(leaf), document);
        }
        if (node instanceof FilterNode.Or or && !or.children().isEmpty()) {
            if (or.children().size() == 1) {
                return find(or.children().getFirst(), document);
            }
            FieldPath shared = sharedPath(or.children());
            return shared == null ? NONE : find(shared, or.children(), document);
        }
        return NONE;
    }

    /** The one path of conditions that an {@code $in} could ask, or null. */
    private static FieldPath sharedPath(List<FilterNode> nodes) {
        FieldPath shared = null;
        for (FilterNode node : nodes) {
            boolean isEquality = node instanceof FilterNode.Leaf leaf && (leaf.predicate() instanceof Membership
                    || leaf.predicate() instanceof Comparison comparison
                            && comparison.operator() == Comparison.Operator.EQ);
            if (!isEquality || shared != null && !shared.equals(((FilterNode.Leaf) node).path())) {
                return null;
            }
            shared = ((FilterNode.Leaf) node).path();
        }
        return shared;
    }

    private int find(FieldPath at, List<FilterNode> leaves, BsonView document) {
        path = at;
        alternatives = leaves;
        found = NONE;
        walk(document.memory(), document.offset(), document.length(), 0, NONE);
        return found;
    }

    /** Whether a value behind the path's {@code segment} holds; then it has set what was found. */
    private boolean walk(MemorySegment memory, long offset, int length, int segment, int outer) {
        BsonCursor cursor = new BsonCursor().wrap(memory, offset, length);
        FieldName name = path.name(segment);
        boolean isLast = segment + 1 == path.length();
        if (!cursor.find(name)) {
            return meets(BsonType.NONE, MemorySegment.NULL, 0, outer);
        }
        if (isLast) {
            return end(cursor, outer);
        }
        return switch (cursor.type()) {
            case BsonType.DOCUMENT -> walk(memory, cursor.valueOffset(), cursor.valueLength(), segment + 1, outer);
            case BsonType.ARRAY -> walkArray(memory, cursor.valueOffset(), cursor.valueLength(), segment + 1, outer);
            default -> meets(BsonType.NONE, MemorySegment.NULL, 0, outer);
        };
    }

    private boolean walkArray(MemorySegment memory, long offset, int length, int segment, int outer) {
        BsonCursor cursor = new BsonCursor().wrap(memory, offset, length);
        boolean isLast = segment + 1 == path.length();
        for (int i = 0; cursor.next(); i++) {
            long value = cursor.valueOffset();
            int valueLength = cursor.valueLength();
            byte type = cursor.type();
            if (type == BsonType.DOCUMENT && walk(memory, value, valueLength, segment, outer == NONE ? i : outer)) {
                return true;
            }
            if (path.index(segment) != i) {
                continue;
            }
            boolean holds = isLast
                    ? meets(type, memory, value, outer)
                    : type == BsonType.DOCUMENT && walk(memory, value, valueLength, segment + 1, outer)
                            || type == BsonType.ARRAY && walkArray(memory, value, valueLength, segment + 1, outer);
            if (holds) {
                return true;
            }
        }
        return false;
    }

    /** The value at the end of the path: an array by its elements, then as a whole. */
    private boolean end(BsonCursor cursor, int outer) {
        long value = cursor.valueOffset();
        if (cursor.type() == BsonType.ARRAY) {
            BsonCursor elements = new BsonCursor().wrap(cursor.memory(), value, cursor.valueLength());
            for (int i = 0; elements.next(); i++) {
                if (meetsElement(elements, outer == NONE ? i : outer)) {
                    return true;
                }
            }
        }
        return meets(cursor.type(), cursor.memory(), value, outer);
    }

    private boolean meetsElement(BsonCursor element, int position) {
        for (FilterNode each : alternatives) {
            ValuePredicate predicate = ((FilterNode.Leaf) each).predicate();
            if (!predicate.isOfWholeValue() && predicate.test(element.type(), element.memory(), element.valueOffset(),
                    scratch)) {
                found = position;
                return true;
            }
        }
        return false;
    }

    private boolean meets(byte type, MemorySegment memory, long value, int outer) {
        for (FilterNode each : alternatives) {
            ValuePredicate predicate = ((FilterNode.Leaf) each).predicate();
            if (predicate.test(type, memory, value, scratch)) {
                boolean isInside = outer == NONE && predicate instanceof ElementMatch;
                found = isInside ? ((ElementMatch) predicate).position(memory, value, scratch) : outer;
                return true;
            }
        }
        return false;
    }
}
