package io.nexuslite.index;

import io.nexuslite.store.Tree;

/**
 * One index of a collection. Immutable; any thread.
 *
 * @param definition what it is
 * @param tree that holds its entries and marks
 * @param state how far it has come
 */
public record Index(IndexDefinition definition, Tree tree, IndexState state) {
    /** Id of its tree, which no other index ever has. */
    public int treeId() {
        return tree.treeId();
    }

    public String name() {
        return definition.name();
    }

    /** Whether queries may use it. */
    public boolean isUsable() {
        return state == IndexState.READY && !definition.hidden();
    }
}
