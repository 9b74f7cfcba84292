package io.nexuslite.wasp;

import io.nexuslite.format.TreeTableLayout;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.tree.HotTree;
import io.nexuslite.wasp.tree.PagePointer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * All trees that this opening has touched. A tree is taken from the tree table when it is first asked for, so opening does not
 * depend on how many there are. All methods take the monitor; {@link #find} may read pages.
 */
final class TreeRegistry {
    /** Makes the tree in memory over its pages on disk. */
    interface TreeFactory {
        HotTree create(int treeId, TreeKind kind, PagePointer root, long recordCount);
    }

    /** A tree that a commit has dropped, and readers below that commit may still read. */
    record Dropped(HotTree tree, long csn) {
    }

    private final TreeTable table;
    private final TreeFactory factory;
    private final Int2ObjectHashMap<WaspTree> trees = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<WaspTree> uncommitted = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<Dropped> dropped = new Int2ObjectHashMap<>(); // no checkpoint has taken them out
    private final List<Dropped> doomed = new ArrayList<>(); // a checkpoint has; readers may be left
    private int nextTreeId;

    TreeRegistry(TreeTable table, TreeFactory factory, WaspTree catalog, int nextTreeId) {
        this.table = table;
        this.factory = factory;
        this.nextTreeId = Math.max(nextTreeId, TreeTableLayout.FIRST_USER_TREE_ID);
        trees.put(catalog.treeId(), catalog);
    }

    /** The tree of an id, dropped ones included as long as somebody may read them; {@code null} if there is none. */
    synchronized WaspTree find(int treeId) {
        WaspTree tree = trees.get(treeId);
        if (tree == null) {
            tree = uncommitted.get(treeId);
        }
        if (tree == null) {
            tree = findElsewhere(treeId);
        }
        return tree;
    }

    private WaspTree findElsewhere(int treeId) {
        for (Dropped gone : doomed) {
            if (gone.tree().treeId() == treeId) {
                return new WaspTree(gone.tree());
            }
        }
        if (dropped.containsKey(treeId)) {
            return new WaspTree(dropped.get(treeId).tree());
        }
        TreeTable.Entry entry = table.find(treeId);
        if (entry == null && treeId == StorageEngine.TEMP_DOCUMENTS_TREE_ID) {
            entry = new TreeTable.Entry(treeId, TreeKind.KEYED, new PagePointer(), 0);
        }
        if (entry == null) {
            return null;
        }
        WaspTree tree = new WaspTree(factory.create(treeId, entry.kind(), entry.root(), entry.recordCount()));
        trees.put(treeId, tree);
        return tree;
    }

    /** False if a commit has dropped the tree. */
    synchronized boolean isLive(WaspTree tree) {
        return trees.get(tree.treeId()) == tree || uncommitted.get(tree.treeId()) == tree;
    }

    /** Makes an empty tree with a new id, for a transaction that has not committed. */
    synchronized WaspTree create(TreeKind kind) {
        return create(nextTreeId++, kind);
    }

    /** As {@link #create(TreeKind)}, with the id that the log tells. */
    synchronized WaspTree create(int treeId, TreeKind kind) {
        nextTreeId = Math.max(nextTreeId, treeId + 1);
        WaspTree tree = new WaspTree(factory.create(treeId, kind, new PagePointer(), 0));
        uncommitted.put(treeId, tree);
        return tree;
    }

    /** The transaction that made the tree has committed. */
    synchronized void created(int treeId) {
        WaspTree tree = uncommitted.remove(treeId);
        if (tree != null) {
            trees.put(treeId, tree);
        }
    }

    /** The transaction that made the tree has aborted. */
    synchronized void abandon(int treeId) {
        WaspTree tree = uncommitted.remove(treeId);
        if (tree != null) {
            tree.hot().drop();
        }
    }

    /** A commit has dropped the tree. */
    synchronized void dropped(int treeId, long csn) {
        WaspTree tree = find(treeId);
        uncommitted.remove(treeId);
        trees.remove(treeId);
        if (tree != null) {
            dropped.put(treeId, new Dropped(tree.hot(), csn));
        }
    }

    /** Smallest id never given. */
    synchronized int nextTreeId() {
        return nextTreeId;
    }

    /** The trees in memory that are committed and not dropped. */
    synchronized List<HotTree> loaded() {
        return trees.values().stream().map(WaspTree::hot).toList();
    }

    /** The trees that commits up to {@code csn} have dropped and no checkpoint has taken out. */
    synchronized List<Dropped> droppedUpTo(long csn) {
        return dropped.values().stream().filter(gone -> gone.csn() <= csn).toList();
    }

    /** A durable checkpoint has taken these out of the tree table. */
    synchronized void takenOut(List<Dropped> gone) {
        for (Dropped tree : gone) {
            dropped.remove(tree.tree().treeId());
            doomed.add(tree);
        }
    }

    /** Gives the memory of dropped trees back that no reader can want any more. */
    synchronized void reap(long trimFloor) {
        for (Iterator<Dropped> all = doomed.iterator(); all.hasNext();) {
            Dropped gone = all.next();
            if (gone.csn() <= trimFloor) {
                gone.tree().drop();
                all.remove();
            }
        }
    }
}
