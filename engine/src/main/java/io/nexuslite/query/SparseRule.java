package io.nexuslite.query;

import io.nexuslite.index.IndexDefinition;
import io.nexuslite.index.IndexPath;

/** Whether a sparse index, which leaves out documents without any of its paths, holds all that a filter matches. */
final class SparseRule {
    private SparseRule() {
    }

    /**
     * Whether a condition of the filter asks for a value on one of the index's paths.
     *
     * @param multikeyPaths a bit for each path on which a document may have an array
     */
    static boolean keepsAllMatches(FilterNode root, IndexDefinition definition, long multikeyPaths,
            ValueBounds values) {
        for (int i = 0; i < definition.paths().size(); i++) {
            IndexPath path = definition.paths().get(i);
            boolean multikey = (multikeyPaths & 1L << i) != 0;
            if (!(multikey && path.hasPlace()) && asksForValue(root, path.path(), multikey, values)) {
                return true;
            }
        }
        return false;
    }

    /** Whether what matches the node has a value on the path. */
    static boolean asksForValue(FilterNode node, String path, boolean multikey, ValueBounds values) {
        return switch (node) {
            case FilterNode.Leaf leaf -> leaf.path().toString().equals(path) && !values.holdsMissing(leaf.predicate());
            // where an array has no documents, a path leads to nothing, which neither holds null nor anything else
            case FilterNode.Not not -> !multikey && not.child() instanceof FilterNode.Leaf leaf
                    && leaf.path().toString().equals(path) && values.holdsMissing(leaf.predicate());
            case FilterNode.Formula formula -> false; // may hold of what is missing
            case FilterNode.And and -> and.children().stream().anyMatch(child -> asksForValue(child, path, multikey,
                    values));
            case FilterNode.Or or -> or.children().stream().allMatch(child -> asksForValue(child, path, multikey,
                    values));
        };
    }
}
