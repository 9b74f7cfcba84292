package io.nexuslite.query;

import io.nexuslite.index.IndexDefinition;
import io.nexuslite.index.IndexPath;
import io.nexuslite.index.KeyRanges;
import io.nexuslite.query.Intervals.Interval;
import io.nexuslite.query.ValueBounds.Bounded;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where in an index the documents are that match a filter. Immutable.
 *
 * <p>What matches has an entry within the ranges. If they are {@linkplain #exact exact}, what has an entry within them matches, and
 * the filter need not be asked again. Each path has a set of values; the ranges are made of those of the first paths, as long as
 * they are points, and of the next one.
 *
 * <p>Rules for arrays: of several conditions on a multikey path one is taken, since one element may hold the one and another the
 * other; and of several multikey paths that begin with one name, one, unless an {@code $elemMatch} asks both of one element.
 */
final class IndexBounds {
    /** With more ranges than that, a path is taken as one range. */
    static final int RANGES_MAX = 4096;

    /** A range of keys, as {@link Interval} has them. */
    record Range(byte[] low, byte[] high) {
    }

    private final List<Intervals> perPath;
    private final List<Range> ranges;
    private final int pointPaths;
    private final int boundPaths;
    private final boolean exact;

    private IndexBounds(List<Intervals> perPath, List<Range> ranges, int pointPaths, int boundPaths, boolean exact) {
        this.perPath = perPath;
        this.ranges = ranges;
        this.pointPaths = pointPaths;
        this.boundPaths = boundPaths;
        this.exact = exact;
    }

    /**
     * The bounds that conditions set.
     *
     * @param multikeyPaths a bit for each path of the index on which a document may have an array
     */
    static IndexBounds of(List<Conjunct> conjuncts, IndexDefinition definition, long multikeyPaths,
            ValueBounds values) {
        return new Builder(conjuncts, definition, multikeyPaths, values).build();
    }

    /** The values that are asked of each path. */
    List<Intervals> perPath() {
        return perPath;
    }

    /** In the order of the index. */
    List<Range> ranges() {
        return ranges;
    }

    /** So many of the first paths have points only. */
    int pointPaths() {
        return pointPaths;
    }

    /** So many of the first paths are in the ranges; 0: all entries. */
    int boundPaths() {
        return boundPaths;
    }

    /** Whether what has an entry within the ranges matches. */
    boolean exact() {
        return exact;
    }

    /** Whether nothing can match. */
    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Puts the ranges into {@code into}. */
    void copyTo(KeyRanges into) {
        into.reset();
        ranges.forEach(range -> into.add(range.low(), range.high()));
    }

    // ---- making them

    private static final class Builder {
        private final List<Conjunct> conjuncts;
        private final List<IndexPath> paths;
        private final boolean skipsNulls;
        private final long multikeyPaths;
        private final ValueBounds values;
        /** For each path the conjunct that its set is taken from; {@code null} where it has all or several. */
        private final Conjunct[] sources;
        private final List<Intervals> chosen = new ArrayList<>();
        /** For each path the conjuncts that its set says everything about. */
        private final List<List<Conjunct>> said = new ArrayList<>();

        private Builder(List<Conjunct> conjuncts, IndexDefinition definition, long multikeyPaths, ValueBounds values) {
            this.conjuncts = conjuncts;
            this.paths = definition.paths();
            this.multikeyPaths = multikeyPaths;
            this.skipsNulls = definition.sparse() && multikeyPaths != 0;
            this.values = values;
            this.sources = new Conjunct[paths.size()];
        }

        private IndexBounds build() {
            for (int i = 0; i < paths.size(); i++) {
                said.add(new ArrayList<>());
                chosen.add(choose(i));
            }
            int points = 0;
            long product = 1;
            while (points < chosen.size() && chosen.get(points).arePoints()
                    && product * chosen.get(points).ranges().size() <= RANGES_MAX) {
                product *= chosen.get(points).ranges().size();
                points++;
            }
            int bound = points;
            Intervals last = null;
            boolean isHull = false;
            if (points < chosen.size() && !chosen.get(points).isAll()) {
                last = chosen.get(points);
                isHull = product * last.ranges().size() > RANGES_MAX;
                last = isHull ? last.hull() : last;
                bound++;
            }
            List<Range> ranges = new ArrayList<>();
            compose(0, points, last, new byte[0], ranges);
            List<Conjunct> covered = new ArrayList<>();
            for (int i = 0; i < bound; i++) {
                if (i < points || !isHull) {
                    covered.addAll(said.get(i));
                }
            }
            boolean exact = conjuncts.stream().allMatch(conjunct -> !conjunct.isOwn() || covered.contains(conjunct));
            return new IndexBounds(List.copyOf(chosen), List.copyOf(ranges), points, bound, exact);
        }

        private boolean isMultikey(int path) {
            return (multikeyPaths & 1L << path) != 0;
        }

        private Intervals choose(int index) {
            IndexPath path = paths.get(index);
            boolean multikey = isMultikey(index);
            PathBounds bounds = new PathBounds(values, path, multikey);
            Bounded best = null;
            for (Conjunct conjunct : conjuncts) {
                if (conjunct.group() != 0 && path.hasPlace()) {
                    continue; // a name of digits may mean a place in an element that is an array
                }
                Bounded next = bounds.of(conjunct.node(), conjunct.prefix());
                if (next == null || skipsNulls && next.intervals().contains(PathBounds.NULL_KEY)
                        || multikey && !goesWithEarlier(index, conjunct)) {
                    continue;
                }
                boolean whole = next.exact() && conjunct.isOwn() && conjunct.isOnlyOf(path.path());
                if (best == null || multikey) {
                    if (best == null || PathBounds.isBetter(next, best)) {
                        best = next;
                        sources[index] = conjunct;
                        said.get(index).clear();
                        if (whole) {
                            said.get(index).add(conjunct);
                        }
                    }
                } else {
                    best = best.intersect(next);
                    if (whole) {
                        said.get(index).add(conjunct);
                    }
                }
            }
            return best == null ? Intervals.ALL : best.intervals();
        }

        /** Whether the set of a multikey path may be told together with those of the multikey paths before it. */
        private boolean goesWithEarlier(int index, Conjunct conjunct) {
            for (int i = 0; i < index; i++) {
                if (sources[i] == null || !isMultikey(i)
                        || !paths.get(i).firstName().equals(paths.get(index).firstName())) {
                    continue;
                }
                boolean ofOneElement = conjunct.group() != 0 && conjunct.group() == sources[i].group()
                        && !firstBehind(conjunct, index).equals(firstBehind(sources[i], i));
                if (!ofOneElement) {
                    return false;
                }
            }
            return true;
        }

        private String firstBehind(Conjunct conjunct, int path) {
            String whole = paths.get(path).path();
            String rest = whole.startsWith(conjunct.prefix()) ? whole.substring(conjunct.prefix().length()) : "";
            int dot = rest.indexOf('.');
            return dot < 0 ? rest : rest.substring(0, dot);
        }

        /** Appends ranges for all combinations of points from path {@code index} on, and the last path's ranges behind each. */
        private void compose(int index, int points, Intervals lastOrNull, byte[] prefix, List<Range> into) {
            if (index < points) {
                for (Interval point : ordered(index, chosen.get(index))) {
                    compose(index + 1, points, lastOrNull, joined(prefix, point.low()), into);
                }
                return;
            }
            byte[] behind = Intervals.successor(prefix);
            if (lastOrNull == null) {
                into.add(new Range(prefix, behind));
                return;
            }
            for (Interval range : ordered(index, lastOrNull)) {
                into.add(new Range(joined(prefix, range.low()), range.high() == null
                        ? behind
                        : joined(prefix, range.high())));
            }
        }

        /** The ranges as the index has them on a path. */
        private List<Interval> ordered(int index, Intervals intervals) {
            if (!paths.get(index).descending()) {
                return intervals.ranges();
            }
            List<Interval> inverted = new ArrayList<>(intervals.ranges().size());
            for (Interval range : intervals.ranges()) {
                Interval other = range.inverted();
                if (!other.isEmpty()) { // there was nothing in it but the beginning of key strings
                    inverted.add(other);
                }
            }
            Collections.reverse(inverted);
            return inverted;
        }

        private static byte[] joined(byte[] prefix, byte[] rest) {
            if (prefix.length == 0) {
                return rest;
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(prefix.length + rest.length);
            bytes.writeBytes(prefix);
            bytes.writeBytes(rest);
            return bytes.toByteArray();
        }
    }
}
