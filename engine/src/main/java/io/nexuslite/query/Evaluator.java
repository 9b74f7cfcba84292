package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Tells whether a document matches a filter, in one walk over its bytes. Reusable for any filters; one thread at a time;
 * allocates nothing in the steady state.
 *
 * <p>The walk sets one bit for each leaf that some value on its path holds. A path meets values as MongoDB defines it: an array
 * in the middle stands for its documents, and for the element that a segment of digits names; an array at the end for its
 * elements and for itself; a field that is not there for a missing value, once for each document that lacks it.
 */
public final class Evaluator {
    private final EvaluationScratch scratch = new EvaluationScratch();
    private BsonCursor[] cursors = new BsonCursor[0];
    private long[] held = new long[1];
    /** What expressions need; set only for a filter that has some. */
    private ExpressionEvaluator expressions;
    private Filter filter;
    private MemorySegment documentMemory;
    private long documentOffset;
    private int documentLength;

    /** An evaluator. */
    public Evaluator() {
    }

    /** Whether the document, which has been validated, matches. */
    public boolean matches(Filter filter, BsonView document) {
        return matches(filter, document.memory(), document.offset(), document.length());
    }

    /** Whether the validated document of {@code length} bytes at {@code offset} matches. */
    public boolean matches(Filter filter, MemorySegment memory, long offset, int length) {
        if (filter.matchesAll()) {
            return true;
        }
        reset(filter.leafCount());
        if (filter.expressionNodeCount() > 0) {
            this.filter = filter;
            documentMemory = memory;
            documentOffset = offset;
            documentLength = length;
        }
        return walkRoot(filter.paths(), memory, offset, length) && holds(filter.root());
    }

    private void reset(int leafCount) {
        int words = (leafCount + Long.SIZE - 1) / Long.SIZE;
        if (held.length < words) {
            held = new long[words];
        } else {
            for (int i = 0; i < words; i++) {
                held[i] = 0;
            }
        }
    }

    /** Walks the document and tells whether the filter may still hold. */
    private boolean walkRoot(PathNode root, MemorySegment memory, long offset, int length) {
        for (PathNode.Bundle bundle : root.bundles) {
            PathNode[] children = bundle.children;
            BsonCursor cursor = cursor(0).wrap(memory, offset, length);
            long missing = allBits(children.length);
            while (missing != 0 && cursor.next()) {
                int found = bundle.find(cursor);
                if (found >= 0 && (missing & 1L << found) != 0) {
                    missing &= ~(1L << found);
                    meet(children[found], cursor.type(), memory, cursor.valueOffset(), cursor.valueLength(), 1);
                    if (!holdsAll(children[found].required)) {
                        return false; // a field of the root is met but once
                    }
                }
            }
            while (missing != 0) {
                PathNode child = children[Long.numberOfTrailingZeros(missing)];
                missing &= missing - 1;
                hold(child.heldByMissing);
                if (!holdsAll(child.required)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Meets the fields of a document that a node's children name. */
    private void walk(PathNode node, MemorySegment memory, long offset, int length, int depth) {
        for (PathNode.Bundle bundle : node.bundles) {
            PathNode[] children = bundle.children;
            BsonCursor cursor = cursor(depth).wrap(memory, offset, length);
            long missing = allBits(children.length);
            while (missing != 0 && cursor.next()) {
                int found = bundle.find(cursor);
                if (found >= 0 && (missing & 1L << found) != 0) {
                    missing &= ~(1L << found);
                    meet(children[found], cursor.type(), memory, cursor.valueOffset(), cursor.valueLength(), depth + 1);
                }
            }
            while (missing != 0) {
                hold(children[Long.numberOfTrailingZeros(missing)].heldByMissing);
                missing &= missing - 1;
            }
        }
    }

    /** Meets the value that a node's path has led to. */
    private void meet(PathNode node, byte type, MemorySegment memory, long value, int length, int depth) {
        if (node.leaves.length > 0) {
            if (type == BsonType.ARRAY && node.elementLeaves.length > 0) {
                testElements(node, memory, value, length, depth);
            }
            test(node.leaves, type, memory, value);
        }
        if (!node.hasChildren()) {
            return;
        }
        if (type == BsonType.DOCUMENT) {
            walk(node, memory, value, length, depth);
        } else if (type == BsonType.ARRAY) {
            walkArray(node, memory, value, length, depth);
        } else {
            hold(node.heldByMissingBelow);
        }
    }

    private void testElements(PathNode node, MemorySegment memory, long value, int length, int depth) {
        BsonCursor cursor = cursor(depth).wrap(memory, value, length);
        while (cursor.next()) {
            test(node.elementLeaves, cursor.type(), memory, cursor.valueOffset());
        }
    }

    /** An array in the middle of a path: its documents are walked, and the elements that are named by their place. */
    private void walkArray(PathNode node, MemorySegment memory, long value, int length, int depth) {
        BsonCursor cursor = cursor(depth).wrap(memory, value, length);
        for (int index = 0; cursor.next(); index++) {
            if (cursor.type() == BsonType.DOCUMENT) {
                walk(node, memory, cursor.valueOffset(), cursor.valueLength(), depth + 1);
            }
            if (node.hasArrayIndexes) {
                meetIndexed(node, cursor, index, depth);
            }
        }
    }

    private void meetIndexed(PathNode node, BsonCursor element, int index, int depth) {
        for (PathNode.Bundle bundle : node.bundles) {
            for (PathNode child : bundle.children) {
                if (child.arrayIndex != index) {
                    continue;
                }
                // An array that a place leads to stands for itself, not for its elements.
                test(child.leaves, element.type(), element.memory(), element.valueOffset());
                if (!child.hasChildren()) {
                    continue;
                }
                if (element.type() == BsonType.DOCUMENT) {
                    walk(child, element.memory(), element.valueOffset(), element.valueLength(), depth + 1);
                } else if (element.type() == BsonType.ARRAY) {
                    walkArray(child, element.memory(), element.valueOffset(), element.valueLength(), depth + 1);
                }
            }
        }
    }

    private void test(FilterNode.Leaf[] leaves, byte type, MemorySegment memory, long value) {
        for (FilterNode.Leaf leaf : leaves) {
            int index = leaf.index();
            if ((held[index >>> 6] & 1L << index) == 0 && leaf.predicate().test(type, memory, value, scratch)) {
                held[index >>> 6] |= 1L << index;
            }
        }
    }

    private void hold(int[] leaves) {
        for (int index : leaves) {
            held[index >>> 6] |= 1L << index;
        }
    }

    private boolean holdsAll(int[] leaves) {
        for (int index : leaves) {
            if ((held[index >>> 6] & 1L << index) == 0) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(FilterNode node) {
        if (node instanceof FilterNode.Leaf leaf) {
            return (held[leaf.index() >>> 6] & 1L << leaf.index()) != 0;
        }
        if (node instanceof FilterNode.Not not) {
            return !holds(not.child());
        }
        if (node instanceof FilterNode.Formula formula) {
            return holds(formula.expression());
        }
        return node instanceof FilterNode.And and
                ? holdsAll(and.children())
                : holdsAny(((FilterNode.Or) node).children());
    }

    private boolean holds(Expression expression) {
        if (expressions == null) {
            expressions = new ExpressionEvaluator();
        }
        return expressions.holds(expression, filter.expressionNodeCount(), documentMemory, documentOffset,
                documentLength);
    }

    private boolean holdsAll(List<FilterNode> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            if (!holds(nodes.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean holdsAny(List<FilterNode> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            if (holds(nodes.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static long allBits(int count) {
        return count == Long.SIZE ? -1L : (1L << count) - 1;
    }

    private BsonCursor cursor(int depth) {
        if (depth >= cursors.length) {
            int from = cursors.length;
            cursors = Arrays.copyOf(cursors, from + 8);
            for (int i = from; i < cursors.length; i++) {
                cursors[i] = new BsonCursor();
            }
        }
        return cursors[depth];
    }
}
