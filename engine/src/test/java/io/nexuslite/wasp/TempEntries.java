package io.nexuslite.wasp;

/**
 * Numbers of the entries that list documents with an expiry, in the order of their keys: expiry, tree, document. Expiries are slots, a second
 * apart.
 */
final class TempEntries {
    private static final long FIRST_MILLIS = 1_800_000_000_000L;
    private static final int DOCUMENT_BITS = 16;
    private static final int TREE_BITS = 24;

    private TempEntries() {
    }

    static long number(int slot, int treeId, long document) {
        return ((long) slot << TREE_BITS | treeId) << DOCUMENT_BITS | document;
    }

    static int slot(long number) {
        return (int) (number >>> TREE_BITS + DOCUMENT_BITS);
    }

    static int treeId(long number) {
        return (int) (number >>> DOCUMENT_BITS) & (1 << TREE_BITS) - 1;
    }

    static long document(long number) {
        return number & (1 << DOCUMENT_BITS) - 1;
    }

    static long expiryMillis(int slot) {
        return FIRST_MILLIS + 1000L * slot;
    }
}
