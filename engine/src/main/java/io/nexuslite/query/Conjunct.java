package io.nexuslite.query;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the conditions that a filter asks for at once, or one that an {@code $elemMatch} among them asks of an element.
 *
 * @param node the condition
 * @param prefix what stands before its paths: empty, or a path that ends in a dot
 * @param group number of the {@code $elemMatch} it stands in, 0 for none: what has one number holds for one element
 */
record Conjunct(FilterNode node, String prefix, int group) {
    /** The conjuncts of a filter: first those that the filter is made of, then those inside {@code $elemMatch}. */
    static List<Conjunct> of(FilterNode root) {
        List<Conjunct> own = new ArrayList<>();
        flatten(root, "", 0, own);
        List<Conjunct> all = new ArrayList<>(own);
        int groups = 0;
        for (int i = 0; i < all.size(); i++) { // grows while it is walked: matches inside matches
            Conjunct conjunct = all.get(i);
            if (conjunct.node instanceof FilterNode.Leaf leaf && leaf.predicate() instanceof ElementMatch match
                    && match.filterOrNull() != null) {
                flatten(match.filterOrNull().root(), conjunct.prefix + leaf.path() + ".", ++groups, all);
            }
        }
        return all;
    }

    private static void flatten(FilterNode node, String prefix, int group, List<Conjunct> into) {
        if (node instanceof FilterNode.And and) {
            and.children().forEach(child -> flatten(child, prefix, group, into));
        } else {
            into.add(new Conjunct(node, prefix, group));
        }
    }

    /** Whether the filter is made of this one and others, so that it must not be forgotten. */
    boolean isOwn() {
        return group == 0;
    }

    /** Whether all that is asked is asked of that path. */
    boolean isOnlyOf(String path) {
        return isOnlyOf(node, path);
    }

    private boolean isOnlyOf(FilterNode at, String path) {
        return switch (at) {
            case FilterNode.Leaf leaf -> path.equals(prefix + leaf.path());
            case FilterNode.Formula formula -> false; // may read any path
            case FilterNode.Not not -> isOnlyOf(not.child(), path);
            case FilterNode.And and -> and.children().stream().allMatch(child -> isOnlyOf(child, path));
            case FilterNode.Or or -> or.children().stream().allMatch(child -> isOnlyOf(child, path));
        };
    }
}
