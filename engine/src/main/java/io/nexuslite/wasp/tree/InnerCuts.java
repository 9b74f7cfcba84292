package io.nexuslite.wasp.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the inner page frames of a tree begin, by level. A checkpoint cuts the inner pages that it writes at the same keys, so that a frame
 * whose children have left memory finds one page on disk that stands for it; where it has found none so far, the pages of its range are
 * written anew. One thread at a time.
 */
final class InnerCuts {
    /** No frames: pages are filled evenly. Never changed. */
    static final InnerCuts NONE = new InnerCuts();

    /** Range of a frame that has no page of its own, and no child in memory that would bring a new one. */
    private record Stray(int level, byte[] low, byte[] high) {
    }

    private final List<Stray> strays = new ArrayList<>();
    private final List<List<byte[]>> lows = new ArrayList<>(); // by level, each ascending

    /** Adds the lower fence of a frame; those of a level come in key order. */
    void add(int level, byte[] low) {
        while (lows.size() <= level) {
            lows.add(new ArrayList<>());
        }
        lows.get(level).add(low);
    }

    /**
     * Adds the range of a frame whose page is to be written although nothing in it has changed.
     *
     * @param high {@code null}: to the end
     */
    void addStray(int level, byte[] low, byte[] high) {
        strays.add(new Stray(level, low, high));
    }

    boolean hasStrays() {
        return !strays.isEmpty();
    }

    /** Whether a page of the level and range has to be written for a frame of its level or below. */
    boolean isStray(int level, byte[] low, byte[] high) {
        for (Stray stray : strays) {
            if (stray.level <= level && (high == null || Arrays.compareUnsigned(stray.low, high) < 0)
                    && (stray.high == null || Arrays.compareUnsigned(low, stray.high) < 0)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a frame of the level begins behind {@code before}, and at or before {@code at}. */
    boolean isBetween(int level, byte[] before, byte[] at) {
        if (level >= lows.size()) {
            return false;
        }
        List<byte[]> cuts = lows.get(level);
        int low = 0;
        int high = cuts.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (Arrays.compareUnsigned(cuts.get(middle), before) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < cuts.size() && Arrays.compareUnsigned(cuts.get(low), at) <= 0;
    }
}
