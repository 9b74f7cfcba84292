package io.nexuslite.check;

import io.nexuslite.format.TreeTableLayout;
import java.util.Arrays;

/** What the tree table and the catalog say of each tree id. Bounded: ids beyond are not compared. One thread. */
final class TreeIds {
    static final int IDS_MAX = 1 << 20;

    private static final byte KIND_MASK = 3;
    private static final byte NAMED = 4;

    private final int end;
    private byte[] states = new byte[64];

    /** @param nextTreeId smallest id never given */
    TreeIds(int nextTreeId) {
        end = Math.clamp(nextTreeId, 0, IDS_MAX);
    }

    /** Whether the id is compared at all. */
    boolean isKnown(int treeId) {
        return treeId >= TreeTableLayout.FIRST_USER_TREE_ID && treeId < end;
    }

    void setKind(int treeId, byte kind) {
        if (isKnown(treeId)) {
            states = grown(treeId);
            states[treeId] |= (byte) (kind & KIND_MASK);
        }
    }

    /** Kind that the tree table gives; 0 if it has no entry. */
    byte kind(int treeId) {
        return isKnown(treeId) && treeId < states.length ? (byte) (states[treeId] & KIND_MASK) : 0;
    }

    /** Notes that the catalog names the tree; false if it did before. */
    boolean name(int treeId) {
        if (!isKnown(treeId)) {
            return true;
        }
        states = grown(treeId);
        boolean first = (states[treeId] & NAMED) == 0;
        states[treeId] |= NAMED;
        return first;
    }

    /** Whether neither the tree table nor the catalog knows the tree, which was given once: it was dropped. */
    boolean isDropped(int treeId) {
        return isKnown(treeId) && (treeId >= states.length || states[treeId] == 0);
    }

    /** First id from {@code treeId} on that the tree table has and the catalog does not; -1 if there is none. */
    int nextNameless(int treeId) {
        for (int id = treeId; id < states.length; id++) {
            if ((states[id] & KIND_MASK) != 0 && (states[id] & NAMED) == 0) {
                return id;
            }
        }
        return -1;
    }

    private byte[] grown(int treeId) {
        return treeId < states.length
                ? states
                : Arrays.copyOf(states, Math.min(end, Math.max(treeId + 1, 2 * states.length)));
    }
}
