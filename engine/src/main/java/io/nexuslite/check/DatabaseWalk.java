package io.nexuslite.check;

import static io.nexuslite.format.TreeTableLayout.CATALOG_TREE_ID;
import static io.nexuslite.format.TreeTableLayout.FIRST_USER_TREE_ID;
import static io.nexuslite.format.TreeTableLayout.FREE_MAP_TREE_ID;
import static io.nexuslite.format.TreeTableLayout.TREE_TABLE_TREE_ID;

import io.nexuslite.format.Pointer;

/**
 * Walks all that the newest manifest names and accounts for each page of the file. One thread.
 *
 * <p>Window by window (mostly there is one): what is in use claims its pages, the log's values are held against them, then the free
 * runs and the reserve claim theirs; a page is claimed twice or by nobody only in a damaged database.
 */
final class DatabaseWalk implements AutoCloseable {
    /** Held against the pages in use, before the free runs claim theirs. */
    interface LogExtents {
        /** @param first whether this is the first window */
        void check(PageAccount account, boolean first);
    }

    private final CheckScope scope;
    private final ReadBudget budget;
    private final TreeCheck systemTrees;
    private final TreeCheck trees;
    private final EphemeralCheck ephemerals;

    DatabaseWalk(CheckScope scope, ReadBudget budget) {
        this.scope = scope;
        this.budget = budget;
        systemTrees = new TreeCheck(scope);
        trees = new TreeCheck(scope);
        ephemerals = new EphemeralCheck(scope);
    }

    void run(LogExtents logExtents) {
        for (long window = 0; window < scope.account.windows(); window++) {
            boolean first = window == 0;
            scope.account.open(window);
            scope.claiming = true;
            budget.phase(first ? "trees" : "pages");
            TreeTableCheck table = walkTreeTable(
                    first ? TreeTableCheck.Purpose.CHECK : TreeTableCheck.Purpose.ACCOUNT);
            walkCatalog(first);
            table.finish();
            walkSystem(FREE_MAP_TREE_ID, scope.manifest.freeMap(), !first, null);
            if (first) {
                scope.counts.records += systemTrees.recordCount();
            }
            logExtents.check(scope.account, first);
            budget.phase("free space");
            claimFree(first);
            claimReserve(first);
            tellUnclaimed();
        }
        budget.phase("ephemeral documents");
        findEphemeralDifferences();
    }

    @Override
    public void close() {
        systemTrees.close();
        trees.close();
    }

    private TreeTableCheck walkTreeTable(TreeTableCheck.Purpose purpose) {
        boolean first = purpose == TreeTableCheck.Purpose.CHECK;
        TreeTableCheck table = new TreeTableCheck(scope, trees, ephemerals, purpose);
        walkSystem(TREE_TABLE_TREE_ID, scope.manifest.treeTable(), !first, table);
        if (first) {
            scope.counts.records += systemTrees.recordCount();
        }
        return table;
    }

    private void walkCatalog(boolean first) {
        boolean whole = walkSystem(CATALOG_TREE_ID, scope.manifest.catalog(), !first,
                first ? new CatalogCheck(scope, systemTrees.body()) : null);
        if (!first || !whole) {
            return;
        }
        scope.counts.records += systemTrees.recordCount();
        if (systemTrees.recordCount() != scope.manifest.catalogRecords()) {
            damage("expected " + scope.manifest.catalogRecords() + " records in the catalog, found "
                    + systemTrees.recordCount());
        }
        int nameless = scope.treeIds.nextNameless(FIRST_USER_TREE_ID);
        while (nameless >= 0) {
            scope.file.warning(scope.manifest.position(), "tree " + nameless,
                    "expected an entry of the catalog that names it, found none");
            nameless = scope.treeIds.nextNameless(nameless + 1);
        }
    }

    private boolean walkSystem(int treeId, Pointer root, boolean quiet, RecordVisitor visitor) {
        return systemTrees.walk(treeId, false, root, scope.manifest.number(),
                "root of tree " + treeId + " in " + scope.manifest.object(), scope.manifest.position(), quiet, visitor);
    }

    private void claimFree(boolean first) {
        scope.claiming = false;
        FreeMapCheck runs = new FreeMapCheck(scope, first);
        boolean whole = walkSystem(FREE_MAP_TREE_ID, scope.manifest.freeMap(), true, runs);
        if (!first) {
            return;
        }
        scope.counts.freePages = runs.freePages();
        scope.counts.pendingPages = runs.pendingPages();
        if (whole && (runs.freePages() != scope.manifest.freePages()
                || runs.pendingPages() != scope.manifest.pendingPages())) {
            damage("expected " + scope.manifest.freePages() + " free and " + scope.manifest.pendingPages()
                    + " pending pages, found " + runs.freePages() + " and " + runs.pendingPages());
        }
    }

    private void claimReserve(boolean first) {
        long page = scope.manifest.reservePage();
        long pages = scope.manifest.reservePages();
        if (page < scope.firstPage || page >= scope.endPage || pages < 1 || pages > scope.endPage - page) {
            return; // none, or told with the manifest
        }
        if (first) {
            scope.counts.reservePages = pages;
        }
        long taken = scope.account.claim(page, pages);
        if (taken != PageAccount.NOT_FOUND) {
            scope.file.damage(scope.position(taken), "reserve", "expected pages that nothing uses, found page " + taken
                    + " in use or free");
        }
    }

    private void tellUnclaimed() {
        PageAccount account = scope.account;
        long lost = 0;
        long firstLost = 0;
        long page = account.next(account.from(), false);
        while (page < account.to()) {
            long end = account.next(page, true);
            if (!scope.incomplete) {
                scope.file.damage(scope.position(page), "pages " + page + " to " + (end - 1),
                        "expected to be in use, free, pending or in the reserve, found named by nobody");
            }
            firstLost = lost == 0 ? page : firstLost;
            lost += end - page;
            page = account.next(end, false);
        }
        if (scope.incomplete && lost > 0) {
            scope.file.warning(scope.position(firstLost), "accounting",
                    "expected each page to be named, found " + lost
                            + " that are not; what could not be read may name them");
        }
    }

    private void findEphemeralDifferences() {
        if (ephemerals.agrees()) {
            return;
        }
        if (scope.incomplete) {
            scope.file.information(scope.manifest.position(), "ephemeral documents",
                    "not compared with their entries, since parts of the trees could not be read");
            return;
        }
        walkTreeTable(TreeTableCheck.Purpose.SUSPECT_ENTRIES);
        walkTreeTable(TreeTableCheck.Purpose.SUSPECT_DOCUMENTS);
        ephemerals.finish();
    }

    private void damage(String what) {
        scope.file.damage(scope.manifest.position(), scope.manifest.object(), what);
    }
}
