package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.KeyString;
import io.nexuslite.index.IndexPath;
import io.nexuslite.query.ValueBounds.Bounded;
import java.util.List;

/**
 * Bounds that a node of a filter sets on one path of an index. What matches the node has an entry within them; they are exact if
 * what has an entry within them matches. One thread at a time.
 */
final class PathBounds {
    /** A missing value counts as null. */
    static final byte[] NULL_KEY = {(byte) KeyString.firstByte(BsonType.NULL)};

    private final ValueBounds values;
    private final IndexPath path;
    private final boolean multikey;

    PathBounds(ValueBounds values, IndexPath path, boolean multikey) {
        this.values = values;
        this.path = path;
        this.multikey = multikey;
    }

    /**
     * Bounds of a node, or {@code null} if it sets none.
     *
     * @param prefix what stands before the node's paths: empty, or a path that ends in a dot
     */
    Bounded of(FilterNode node, String prefix) {
        return of(node, prefix, false);
    }

    private Bounded of(FilterNode node, String prefix, boolean negated) {
        return switch (node) {
            case FilterNode.Leaf leaf -> isHere(leaf, prefix) ? ofLeaf(leaf.predicate(), negated) : null;
            case FilterNode.Formula formula -> null;
            case FilterNode.Not not -> of(not.child(), prefix, !negated);
            case FilterNode.And and -> negated
                    ? any(and.children(), prefix, true)
                    : all(and.children(), prefix, false);
            case FilterNode.Or or -> negated ? all(or.children(), prefix, true) : any(or.children(), prefix, false);
        };
    }

    private boolean isHere(FilterNode.Leaf leaf, String prefix) {
        String leafPath = leaf.path().toString();
        return path.path().length() == prefix.length() + leafPath.length() && path.path().startsWith(prefix)
                && path.path().endsWith(leafPath);
    }

    private Bounded ofLeaf(ValuePredicate predicate, boolean negated) {
        boolean placed = multikey && path.hasPlace();
        if (negated) {
            if (predicate instanceof Existence) {
                return placed ? null : new Bounded(Intervals.point(NULL_KEY), false);
            }
            if (placed) {
                return null;
            }
            Bounded bounds = values.of(predicate, multikey, isDeep());
            // With an array on the path: no entry lies within exact bounds of what must not hold, so all lie outside.
            return bounds.exact() ? new Bounded(bounds.intervals().complement(), !multikey) : null;
        }
        if (placed && values.holdsMissing(predicate)) {
            return null; // documents of the array that lack the name count, and have no entry
        }
        Bounded bounds = values.of(predicate, multikey, isDeep());
        bounds = placed ? bounds.inexact() : bounds;
        return bounds.intervals().isAll() ? null : bounds;
    }

    private boolean isDeep() {
        return path.path().indexOf('.') >= 0;
    }

    /** Every node holds. */
    private Bounded all(List<FilterNode> nodes, String prefix, boolean negated) {
        Bounded chosen = null;
        boolean complete = true;
        for (FilterNode node : nodes) {
            Bounded bounds = of(node, prefix, negated);
            if (bounds == null) {
                complete = false;
            } else if (chosen == null) {
                chosen = bounds;
            } else if (multikey) {
                complete = false; // one element may hold the one, and another the other
                chosen = isBetter(bounds, chosen) ? bounds : chosen;
            } else {
                chosen = chosen.intersect(bounds);
            }
        }
        return chosen == null || complete ? chosen : chosen.inexact();
    }

    /** At least one node holds. */
    private Bounded any(List<FilterNode> nodes, String prefix, boolean negated) {
        Bounded union = new Bounded(Intervals.NONE, true);
        for (FilterNode node : nodes) {
            Bounded bounds = of(node, prefix, negated);
            if (bounds == null) {
                return null;
            }
            union = union.union(bounds);
        }
        return union;
    }

    /** Which of two bounds is likely to let less through. */
    static boolean isBetter(Bounded a, Bounded b) {
        return rank(a.intervals()) < rank(b.intervals());
    }

    private static long rank(Intervals intervals) {
        if (intervals.arePoints()) {
            return intervals.ranges().size();
        }
        boolean open = intervals.ranges().stream().anyMatch(range -> range.high() == null || range.low().length <= 1
                || range.high().length <= 1); // a bracket's end, or none
        return (open ? 2L << 32 : 1L << 32) + intervals.ranges().size();
    }
}
