package io.nexuslite.query;

import java.util.List;

/** A node of a filter's boolean tree. Immutable. */
sealed interface FilterNode {
    /** All hold; an empty one always does. */
    record And(List<FilterNode> children) implements FilterNode {
    }

    /** At least one holds; an empty one never does. */
    record Or(List<FilterNode> children) implements FilterNode {
    }

    /** The child does not hold. */
    record Not(FilterNode child) implements FilterNode {
    }

    /** The expression is true of the document. */
    record Formula(Expression expression) implements FilterNode {
    }

    /** A value on a path holds a predicate. {@code index} numbers the leaves of a filter from 0 on. */
    record Leaf(int index, FieldPath path, ValuePredicate predicate) implements FilterNode {
    }
}
