package io.nexuslite.query;

import io.nexuslite.bson.BsonView;
import io.nexuslite.error.InvalidQueryException;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;

/**
 * A filter, parsed once: a boolean tree whose leaves say what a path must hold. Immutable; any thread may evaluate it, each with
 * an {@link Evaluator} of its own.
 */
public final class Filter {
    private final FilterNode root;
    private final int leafCount;
    private final PathNode paths;
    private final int expressionNodeCount;

    private Filter(FilterNode root, List<FilterNode.Leaf> leaves, int expressionNodeCount) {
        this.root = root;
        this.expressionNodeCount = expressionNodeCount;
        this.leafCount = leaves.size();
        boolean[] required = new boolean[leafCount];
        markRequired(root, required);
        this.paths = PathNode.root(leaves, required);
    }

    /**
     * Parses a filter.
     *
     * @param specification a validated document; borrowed for as long as the filter lives
     * @throws InvalidQueryException if it holds an operator that is unknown or wrongly used, or exceeds a limit; with path and
     *     operator
     */
    public static Filter parse(BsonView specification, QueryLimits limits) {
        List<FilterNode.Leaf> leaves = new ArrayList<>();
        FilterParser parser = new FilterParser(limits, leaves);
        FilterNode root = parser.parse(specification);
        return new Filter(root, leaves, parser.expressionNodeCount());
    }

    /** A filter of nodes that have been parsed inside another filter. */
    static Filter of(FilterNode root, List<FilterNode.Leaf> leaves) {
        return new Filter(root, leaves, 0);
    }

    /** As {@link #parse(BsonView, QueryLimits)}, for a filter that lives by itself: its memory goes with it. */
    public static Filter parse(BsonDocument specification, QueryLimits limits) {
        return parse(OwnBytes.of(specification), limits);
    }

    /** Whether the filter asks nothing: every document matches. */
    public boolean matchesAll() {
        return root instanceof FilterNode.And and && and.children().isEmpty();
    }

    /**
     * Refuses {@code $expr} where it has no place.
     *
     * @param where the operator or option in which the filter stands
     * @throws InvalidQueryException if there is one
     */
    public Filter withoutExpressions(String where) {
        if (expressionNodeCount > 0) {
            throw new InvalidQueryException("expected a filter without $expr, found one", "", where);
        }
        return this;
    }

    /** Nodes of all expressions. */
    int expressionNodeCount() {
        return expressionNodeCount;
    }

    FilterNode root() {
        return root;
    }

    int leafCount() {
        return leafCount;
    }

    PathNode paths() {
        return paths;
    }

    /** Leaves that are conjuncts of the whole. */
    private static void markRequired(FilterNode node, boolean[] required) {
        if (node instanceof FilterNode.Leaf leaf) {
            required[leaf.index()] = true;
        } else if (node instanceof FilterNode.And and) {
            and.children().forEach(child -> markRequired(child, required));
        }
    }
}
