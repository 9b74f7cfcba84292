package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import java.util.ArrayList;
import java.util.List;

/**
 * Which key strings of a path the values have that hold a predicate. One thread at a time.
 *
 * <p>What holds the predicate has an entry within the bounds. They are <em>exact</em> if, the other way round, a document with an
 * entry within them has a value on the path that holds it.
 */
final class ValueBounds {
    /** With more values than that a set is taken as one range. */
    static final int POINTS_MAX = 4096;

    /**
     * Bounds of a predicate, or of a part of a filter, on one path.
     *
     * @param exact see above
     */
    record Bounded(Intervals intervals, boolean exact) {
        static final Bounded ALL = new Bounded(Intervals.ALL, false);

        Bounded inexact() {
            return exact ? new Bounded(intervals, false) : this;
        }

        Bounded union(Bounded other) {
            return new Bounded(intervals.union(other.intervals), exact && other.exact);
        }

        Bounded intersect(Bounded other) {
            return new Bounded(intervals.intersect(other.intervals), exact && other.exact);
        }
    }

    private final KeyEncoder keys;
    private final EvaluationScratch scratch = new EvaluationScratch();

    ValueBounds(KeyEncoder keys) {
        this.keys = keys;
    }

    /**
     * Bounds of a predicate on a path.
     *
     * @param multikey whether some document may have an array on the path
     * @param deep whether the path has more than one segment
     */
    Bounded of(ValuePredicate predicate, boolean multikey, boolean deep) {
        return switch (predicate) {
            case Comparison comparison -> ofComparison(comparison, multikey, deep);
            case Membership membership -> ofMembership(membership, multikey, deep);
            case TypeTest types -> ofTypes(types, multikey);
            case RegexTest regex -> ofRegex(regex);
            case Modulo _ -> new Bounded(KeyEncoder.comparableBracket(BsonType.INT32), false);
            case BitTest _ -> new Bounded(KeyEncoder.comparableBracket(BsonType.INT32).union(KeyEncoder.bracket(
                    BsonType.BINARY)), false);
            case ElementMatch match -> match.predicatesOrNull() == null
                    ? Bounded.ALL
                    : ofElement(match.predicatesOrNull(), false).inexact();
            case Existence _,ArraySize _ -> Bounded.ALL;
        };
    }

    /** Whether a document without a value on the path holds the predicate. */
    boolean holdsMissing(ValuePredicate predicate) {
        return predicate.test(BsonType.NONE, java.lang.foreign.MemorySegment.NULL, 0, scratch);
    }

    private Bounded ofComparison(Comparison comparison, boolean multikey, boolean deep) {
        Operand operand = comparison.operand();
        if (comparison.operator() == Comparison.Operator.EQ) {
            return ofEqual(operand, multikey, deep);
        }
        byte type = operand.type();
        if (type == BsonType.MIN_KEY || type == BsonType.MAX_KEY || type == BsonType.ARRAY) {
            return Bounded.ALL; // they compare with everything; arrays are not in the index as a whole
        }
        if (comparison.operandIsNaN() || type == BsonType.NULL || type == BsonType.UNDEFINED) {
            return comparison.operator().includesEqual()
                    ? ofEqual(operand, multikey, deep)
                    : new Bounded(Intervals.NONE, true);
        }
        Intervals bracket = KeyEncoder.comparableBracket(type);
        byte[] key = keys.keyOrNull(type, operand.memory(), operand.offset());
        if (key == null) {
            return new Bounded(bracket, false);
        }
        Intervals side = switch (comparison.operator()) {
            case GT -> Intervals.range(Intervals.successor(key), null);
            case GTE -> Intervals.range(key, null);
            case LT -> Intervals.range(new byte[0], key);
            default -> Intervals.range(new byte[0], Intervals.successor(key));
        };
        return new Bounded(bracket.intersect(side), true);
    }

    private Bounded ofEqual(Operand operand, boolean multikey, boolean deep) {
        byte type = operand.type();
        byte[] key = keys.keyOrNull(type, operand.memory(), operand.offset());
        Intervals point = key == null ? Intervals.NONE : Intervals.point(key);
        if (type == BsonType.ARRAY) {
            return new Bounded(point.union(firstElement(operand)), false);
        }
        // A path that leads into an array without documents has a null in the index, and matches nothing.
        boolean exact = type != BsonType.UNDEFINED && !(type == BsonType.NULL && multikey && deep);
        return new Bounded(point, exact);
    }

    /** An array as a whole is in the index by its elements, and by undefined if it has none. */
    private Intervals firstElement(Operand array) {
        BsonCursor elements = new BsonCursor().wrap(array.memory(), array.offset(), array.length());
        byte[] key = elements.next()
                ? keys.keyOrNull(elements.type(), elements.memory(), elements.valueOffset())
                : keys.keyOfType(BsonType.UNDEFINED);
        return key == null ? Intervals.NONE : Intervals.point(key);
    }

    private Bounded ofMembership(Membership membership, boolean multikey, boolean deep) {
        Operand[] operands = membership.operands();
        if (membership.hasRegexes()) {
            Bounded texts = new Bounded(KeyEncoder.bracket(BsonType.STRING).union(KeyEncoder.bracket(BsonType.REGEX)),
                    false);
            return texts.union(ofOperands(operands, multikey, deep));
        }
        return ofOperands(operands, multikey, deep);
    }

    private Bounded ofOperands(Operand[] operands, boolean multikey, boolean deep) {
        List<byte[]> points = new ArrayList<>();
        Intervals arrays = Intervals.NONE;
        boolean exact = true;
        for (Operand operand : operands) {
            if (operand.type() == BsonType.ARRAY) {
                arrays = arrays.union(ofEqual(operand, multikey, deep).intervals());
                exact = false;
                continue;
            }
            exact &= !(operand.isNull() && multikey && deep);
            byte[] key = keys.keyOrNull(operand.type(), operand.memory(), operand.offset());
            if (key != null) {
                points.add(key);
            }
        }
        Intervals all = Intervals.points(points).union(arrays);
        return all.ranges().size() > POINTS_MAX ? new Bounded(all.hull(), false) : new Bounded(all, exact);
    }

    private Bounded ofTypes(TypeTest types, boolean multikey) {
        if (holdsType(types, BsonType.ARRAY)) {
            return Bounded.ALL;
        }
        Intervals brackets = Intervals.NONE;
        boolean exact = true;
        for (int code = Byte.MIN_VALUE; code <= Byte.MAX_VALUE; code++) {
            byte type = (byte) code;
            if (type == BsonType.NONE || !BsonType.isKnown(type)) {
                continue;
            }
            if (holdsType(types, type)) {
                brackets = brackets.union(KeyEncoder.bracket(type));
                exact &= type != BsonType.NULL && !(type == BsonType.UNDEFINED && multikey);
            } else {
                for (int other = Byte.MIN_VALUE; other <= Byte.MAX_VALUE; other++) {
                    // one of the bracket is asked for, and this one is not
                    exact &= !(other != BsonType.NONE && BsonType.isKnown((byte) other)
                            && holdsType(types, (byte) other) && Values.sameBracket(type, (byte) other));
                }
            }
        }
        return new Bounded(brackets, exact);
    }

    private boolean holdsType(TypeTest types, byte type) {
        return types.test(type, java.lang.foreign.MemorySegment.NULL, 0, scratch);
    }

    private static Bounded ofRegex(RegexTest regex) {
        return new Bounded(KeyEncoder.bracket(BsonType.STRING).union(KeyEncoder.bracket(BsonType.REGEX)), false);
    }

    /**
     * Bounds of what one element of an array is asked: here {@code exact} tells that an element is within them exactly if it
     * holds, so that they may be intersected and turned round.
     */
    private Bounded ofElement(FilterNode node, boolean negated) {
        return switch (node) {
            case FilterNode.Leaf leaf -> {
                boolean ofArray = leaf.predicate() instanceof ElementMatch || leaf.predicate() instanceof ArraySize;
                Bounded bounds = ofArray // an array inside the array is in the index as a whole
                        ? new Bounded(KeyEncoder.bracket(BsonType.ARRAY), false)
                        : of(leaf.predicate(), false, false);
                if (leaf.predicate() instanceof TypeTest) {
                    bounds = bounds.inexact(); // an empty array inside is no undefined
                }
                if (!negated) {
                    yield bounds;
                }
                yield bounds.exact() ? new Bounded(bounds.intervals().complement(), true) : Bounded.ALL;
            }
            case FilterNode.Formula formula -> Bounded.ALL;
            case FilterNode.Not not -> ofElement(not.child(), !negated);
            case FilterNode.And and -> ofElements(and.children(), negated, !negated);
            case FilterNode.Or or -> ofElements(or.children(), negated, negated);
        };
    }

    private Bounded ofElements(List<FilterNode> nodes, boolean negated, boolean all) {
        Bounded bounds = new Bounded(all ? Intervals.ALL : Intervals.NONE, true);
        for (FilterNode node : nodes) {
            Bounded next = ofElement(node, negated);
            bounds = all ? bounds.intersect(next) : bounds.union(next);
        }
        return bounds;
    }
}
