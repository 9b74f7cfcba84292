package io.nexuslite.index;

import io.nexuslite.bson.KeyString;
import io.nexuslite.store.Key;
import io.nexuslite.store.SeekMode;
import io.nexuslite.store.TreeCursor;

/** Steps a cursor over the entries in some ranges, forwards or backwards. Reusable; one thread at a time; owns nothing. */
final class EntryWalk {
    private final Key bound = new Key();
    private TreeCursor cursor;
    private KeyRanges ranges;
    private boolean backwards;
    private int range;
    private boolean inRange;
    private long entriesRead;

    void open(TreeCursor entries, KeyRanges within, boolean goesBackwards) {
        cursor = entries;
        ranges = within;
        backwards = goesBackwards;
        range = goesBackwards ? within.count() - 1 : 0;
        inRange = false;
        entriesRead = 0;
    }

    /** Goes to the next entry; false if there is none. */
    boolean next() {
        while (range >= 0 && range < ranges.count()) {
            boolean found;
            if (inRange) {
                found = backwards ? cursor.previous() : cursor.next();
            } else {
                found = backwards
                        ? cursor.seek(ranges.high(range, bound), SeekMode.BEFORE)
                        : cursor.seek(ranges.low(range, bound), SeekMode.AT_OR_AFTER);
                inRange = true;
            }
            if (found && isInside(cursor.record().key())) {
                entriesRead++;
                return true;
            }
            range += backwards ? -1 : 1;
            inRange = false;
        }
        return false;
    }

    private boolean isInside(Key key) {
        if (backwards) {
            ranges.low(range, bound);
            return compare(key, bound) >= 0;
        }
        ranges.high(range, bound);
        return compare(key, bound) < 0;
    }

    private static int compare(Key a, Key b) {
        return KeyString.compare(a.memory(), a.offset(), a.length(), b.memory(), b.offset(), b.length());
    }

    long entriesRead() {
        return entriesRead;
    }
}
