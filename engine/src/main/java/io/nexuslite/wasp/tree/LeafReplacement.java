package io.nexuslite.wasp.tree;

/**
 * What becomes of a range of keys on disk: all leaves in it are replaced by one, or by none.
 *
 * @param low smallest key of the range; empty: from the beginning
 * @param high first key behind it, or {@code null}: to the end
 * @param leaf the leaf, or {@code null}: the range has no records
 */
record LeafReplacement(byte[] low, byte[] high, PagePointer leaf) {
}
