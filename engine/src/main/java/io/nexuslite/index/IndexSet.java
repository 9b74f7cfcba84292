package io.nexuslite.index;

import java.util.List;

/** The secondary indexes of a collection as of one moment, in the order of their trees. Immutable; any thread. */
public final class IndexSet {
    /** No index. */
    public static final IndexSet EMPTY = new IndexSet(List.of());

    private final List<Index> indexes;

    IndexSet(List<Index> indexes) {
        this.indexes = List.copyOf(indexes);
    }

    /** All, those that are being built included. */
    public List<Index> all() {
        return indexes;
    }

    public boolean isEmpty() {
        return indexes.isEmpty();
    }

    /** The index of a name, or {@code null}. */
    public Index find(String name) {
        return indexes.stream().filter(index -> index.name().equals(name)).findFirst().orElse(null);
    }

    /** The index with that tree, or {@code null}. */
    public Index find(int treeId) {
        return indexes.stream().filter(index -> index.treeId() == treeId).findFirst().orElse(null);
    }
}
