package io.nexuslite.wasp.tree;

import java.util.Arrays;

/**
 * The keys of one or two neighbouring leaves with what is to be kept of each, while they are written anew. The writer's.
 *
 * <p>Of a key stay: a pending record, if there is one, appended; its newest stamped record, packed where nothing older is needed, else
 * appended; and the older ones that somebody may need, in slab cells.
 */
final class LeafItems {
    static final int NOTHING = 0;

    int count;
    int[] frame = new int[256]; // where the records of the key lie, or NONE: a key that is about to come
    int[] pending = new int[256]; // slot value of the pending record, or NOTHING
    int[] newest = new int[256]; // slot value of the newest stamped one, or NOTHING
    boolean[] packs = new boolean[256]; // the newest stamped one is written packed
    int[] size = new int[256]; // bytes in a leaf without prefix, head and slot included
    int[] olderFrom = new int[256]; // its older records are older[olderFrom .. olderTo), newest first
    int[] olderTo = new int[256];

    int olderCount;
    long[] older = new long[64]; // links: slot values of the frame, or cells

    int deadCount;
    long[] dead = new long[64]; // cells that nobody needs

    void clear() {
        count = 0;
        olderCount = 0;
        deadCount = 0;
    }

    int add(int frameIndex) {
        if (count == frame.length) {
            int length = 2 * count;
            frame = Arrays.copyOf(frame, length);
            pending = Arrays.copyOf(pending, length);
            newest = Arrays.copyOf(newest, length);
            packs = Arrays.copyOf(packs, length);
            size = Arrays.copyOf(size, length);
            olderFrom = Arrays.copyOf(olderFrom, length);
            olderTo = Arrays.copyOf(olderTo, length);
        }
        frame[count] = frameIndex;
        pending[count] = NOTHING;
        newest[count] = NOTHING;
        packs[count] = false;
        size[count] = 0;
        olderFrom[count] = olderCount;
        olderTo[count] = olderCount;
        return count++;
    }

    void addOlder(int item, long link) {
        if (olderCount == older.length) {
            older = Arrays.copyOf(older, 2 * olderCount);
        }
        older[olderCount++] = link;
        olderTo[item] = olderCount;
    }

    void addDead(long link) {
        if (deadCount == dead.length) {
            dead = Arrays.copyOf(dead, 2 * deadCount);
        }
        dead[deadCount++] = link;
    }
}
