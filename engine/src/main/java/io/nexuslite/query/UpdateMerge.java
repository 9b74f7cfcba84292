package io.nexuslite.query;

import io.nexuslite.bson.FieldName;
import io.nexuslite.error.UpdateFailedException;
import java.util.List;

/** Makes one node of several that turn out to mean the same place, once a document tells what dynamic segments stand for. */
final class UpdateMerge {
    private UpdateMerge() {
    }

    /**
     * The union of nodes.
     *
     * @throws UpdateFailedException if two operations meet at one place, or one below another
     */
    static UpdateNode all(List<UpdateNode> nodes) {
        UpdateNode merged = nodes.getFirst();
        for (int i = 1; i < nodes.size(); i++) {
            merged = both(merged, nodes.get(i));
        }
        return merged;
    }

    private static UpdateNode both(UpdateNode first, UpdateNode second) {
        if (first.operation() != null || second.operation() != null || first.isOfElements() != second.isOfElements()) {
            UpdateNode one = first.end();
            UpdateNode other = second.end();
            throw new UpdateFailedException("expected places that do not contain each other, found " + one.path()
                    + " and " + other.path(), other.path(), other.operation().operator());
        }
        UpdateNode merged = first.emptyAs(first.name());
        for (UpdateNode child : first.children()) {
            UpdateNode same = find(second, child.name());
            merged.hang(same == null ? child : both(child, same));
        }
        for (UpdateNode child : second.children()) {
            if (find(first, child.name()) == null) {
                merged.hang(child);
            }
        }
        return merged;
    }

    private static UpdateNode find(UpdateNode node, FieldName name) {
        for (UpdateNode child : node.children()) {
            if (child.name().equals(name)) {
                return child;
            }
        }
        return null;
    }

    /** The node with the place that {@code $} stands for in its stead. */
    static UpdateNode resolved(UpdateNode node, int position) {
        UpdateNode resolved = node.emptyAs(node.name());
        UpdateNode matched = null;
        FieldName place = FieldName.of(Integer.toString(position));
        for (UpdateNode child : node.children()) {
            if (child.isMatched()) {
                matched = child.as(place);
            }
        }
        UpdateNode same = find(node, place);
        for (UpdateNode child : node.children()) {
            if (!child.isMatched() && child != same) {
                resolved.hang(child);
            }
        }
        resolved.hang(same == null ? matched : both(same, matched));
        return resolved;
    }
}
