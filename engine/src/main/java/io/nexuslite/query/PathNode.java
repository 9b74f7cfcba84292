package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.FieldName;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The paths of a filter's leaves as a tree of names, so that one walk over a document serves them all. Immutable.
 *
 * <p>Children lie in bundles of at most 64, one walk each, so that a word tells which of them were met.
 */
final class PathNode {
    static final int BUNDLE_MAX = Long.SIZE;
    /** Up to this many names are compared one by one. */
    private static final int LINEAR_MAX = 6;

    final FieldName name;
    /** The place in an array that the name means, or {@link FieldPath#NO_INDEX}. */
    final int arrayIndex;
    /** Leaves whose path ends here. */
    final FilterNode.Leaf[] leaves;
    /** Those of them that ask the elements of an array too. */
    final FilterNode.Leaf[] elementLeaves;
    final Bundle[] bundles;
    /** Leaves here and below that hold where there is no such field. */
    final int[] heldByMissing;
    /** Leaves below that hold where there is no field below. */
    final int[] heldByMissingBelow;
    /** Leaves here and below without which the whole filter cannot hold. */
    final int[] required;
    /** Whether a child's name means a place in an array. */
    final boolean hasArrayIndexes;

    /** Up to 64 children and a table to find them by name. */
    static final class Bundle {
        final PathNode[] children;
        private final int[] table;

        private Bundle(List<PathNode> children) {
            this.children = children.toArray(PathNode[]::new);
            this.table = children.size() <= LINEAR_MAX ? null : table(this.children);
        }

        private static int[] table(PathNode[] children) {
            int[] slots = new int[Integer.highestOneBit(children.length) << 2];
            for (int i = 0; i < children.length; i++) {
                int slot = children[i].name.hashCode() & slots.length - 1;
                while (slots[slot] != 0) {
                    slot = slot + 1 & slots.length - 1;
                }
                slots[slot] = i + 1;
            }
            return slots;
        }

        /** Index of the child that the cursor's field belongs to, or -1. */
        int find(BsonCursor cursor) {
            if (table != null) {
                return findInTable(cursor);
            }
            PathNode[] nodes = children;
            for (int i = 0; i < nodes.length; i++) {
                if (cursor.nameEquals(nodes[i].name)) {
                    return i;
                }
            }
            return -1;
        }

        private int findInTable(BsonCursor cursor) {
            int mask = table.length - 1;
            for (int slot = cursor.nameHash() & mask; table[slot] != 0; slot = slot + 1 & mask) {
                int index = table[slot] - 1;
                if (cursor.nameEquals(children[index].name)) {
                    return index;
                }
            }
            return -1;
        }
    }

    private PathNode(Builder builder, EvaluationScratch scratch, boolean[] isRequired) {
        name = builder.name;
        arrayIndex = name == null ? FieldPath.NO_INDEX : FieldPath.arrayIndex(name.name());
        leaves = builder.leaves.toArray(FilterNode.Leaf[]::new);
        elementLeaves = builder.leaves.stream().filter(leaf -> !leaf.predicate().isOfWholeValue())
                .toArray(FilterNode.Leaf[]::new);
        List<PathNode> children = new ArrayList<>();
        builder.children.values().forEach(child -> children.add(new PathNode(child, scratch, isRequired)));
        bundles = new Bundle[(children.size() + BUNDLE_MAX - 1) / BUNDLE_MAX];
        for (int i = 0; i < bundles.length; i++) {
            bundles[i] = new Bundle(children.subList(i * BUNDLE_MAX,
                    Math.min(children.size(), (i + 1) * BUNDLE_MAX)));
        }
        IntList here = new IntList();
        IntList needed = new IntList();
        for (FilterNode.Leaf leaf : leaves) {
            if (leaf.predicate().test(BsonType.NONE, MemorySegment.NULL, 0, scratch)) {
                here.add(leaf.index());
            }
            if (isRequired[leaf.index()]) {
                needed.add(leaf.index());
            }
        }
        IntList below = new IntList();
        boolean indexes = false;
        for (PathNode child : children) {
            below.addAll(child.heldByMissing);
            needed.addAll(child.required);
            indexes |= child.arrayIndex != FieldPath.NO_INDEX;
        }
        heldByMissingBelow = below.toArray();
        here.addAll(heldByMissingBelow);
        heldByMissing = here.toArray();
        required = needed.toArray();
        hasArrayIndexes = indexes;
    }

    static PathNode root(List<FilterNode.Leaf> leaves, boolean[] isRequired) {
        Builder root = new Builder(null);
        for (FilterNode.Leaf leaf : leaves) {
            Builder node = root;
            for (int i = 0; i < leaf.path().length(); i++) {
                node = node.children.computeIfAbsent(leaf.path().name(i), Builder::new);
            }
            node.leaves.add(leaf);
        }
        return new PathNode(root, new EvaluationScratch(), isRequired);
    }

    boolean hasChildren() {
        return bundles.length > 0;
    }

    private static final class Builder {
        private final FieldName name;
        private final List<FilterNode.Leaf> leaves = new ArrayList<>();
        private final Map<FieldName, Builder> children = new LinkedHashMap<>();

        private Builder(FieldName name) {
            this.name = name;
        }
    }

    /** Ints without boxes. */
    private static final class IntList {
        private int[] values = new int[4];
        private int size;

        private void add(int value) {
            if (size == values.length) {
                values = java.util.Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        private void addAll(int[] more) {
            for (int value : more) {
                add(value);
            }
        }

        private int[] toArray() {
            return java.util.Arrays.copyOf(values, size);
        }
    }
}
