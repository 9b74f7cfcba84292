package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.FieldName;
import java.util.ArrayList;
import java.util.List;

/**
 * Which values of {@code _id} a filter leaves over, so far as its conjuncts tell: some values, a range, or all. Always more
 * than match, never less: the filter is asked all the same. Immutable; borrows as the filter does.
 */
public final class IdBounds {
    private static final IdBounds ALL = new IdBounds(null, null, null);

    private final Operand[] points;
    private final Comparison low;
    private final Comparison high;

    private IdBounds(Operand[] points, Comparison low, Comparison high) {
        this.points = points;
        this.low = low;
        this.high = high;
    }

    /** The bounds that a filter sets. */
    public static IdBounds of(Filter filter) {
        List<ValuePredicate> predicates = new ArrayList<>();
        collect(filter.root(), predicates);
        Comparison low = null;
        Comparison high = null;
        Operand[] points = null;
        for (ValuePredicate predicate : predicates) {
            if (predicate instanceof Membership membership && !membership.hasRegexes()) {
                points = points == null ? distinct(membership.operands()) : points;
            } else if (predicate instanceof Comparison comparison && isUsable(comparison)) {
                switch (comparison.operator()) {
                    case EQ -> points = distinct(comparison.operand());
                    case GT, GTE -> low = comparison;
                    case LT, LTE -> high = comparison;
                }
            }
        }
        return points == null && low == null && high == null ? ALL : new IdBounds(points, low, high);
    }

    private static void collect(FilterNode node, List<ValuePredicate> into) {
        if (node instanceof FilterNode.And and) {
            and.children().forEach(child -> collect(child, into));
        } else if (node instanceof FilterNode.Leaf leaf && leaf.path().toString().equals(FieldName.ID.name())) {
            into.add(leaf.predicate());
        }
    }

    /** MinKey, MaxKey and NaN compare by rules of their own. */
    private static boolean isUsable(Comparison comparison) {
        byte type = comparison.operand().type();
        return comparison.operator() == Comparison.Operator.EQ
                || type != BsonType.MIN_KEY && type != BsonType.MAX_KEY && !comparison.operandIsNaN();
    }

    private static Operand[] distinct(Operand... sorted) {
        BsonComparator comparator = new BsonComparator();
        List<Operand> distinct = new ArrayList<>();
        for (Operand operand : sorted) {
            Operand last = distinct.isEmpty() ? null : distinct.getLast();
            if (last == null || comparator.compare(last.type(), last.memory(), last.offset(), operand.type(),
                    operand.memory(), operand.offset()) != 0) {
                distinct.add(operand);
            }
        }
        return distinct.toArray(Operand[]::new);
    }

    /** Whether only the values of {@link #points} can match. */
    public boolean hasPoints() {
        return points != null;
    }

    /** Count of the values, in MongoDB's order and all different. */
    public int pointCount() {
        return points.length;
    }

    /** One of the values. */
    public IdBound point(int index) {
        return new IdBound(points[index], true);
    }

    /** The lowest value, or {@code null} if there is no such bound. */
    public IdBound low() {
        return low == null ? null : new IdBound(low.operand(), low.operator().includesEqual());
    }

    /** The highest value, or {@code null} if there is no such bound. */
    public IdBound high() {
        return high == null ? null : new IdBound(high.operand(), high.operator().includesEqual());
    }
}
