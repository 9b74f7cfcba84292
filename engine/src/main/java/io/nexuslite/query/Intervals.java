package io.nexuslite.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A set of values as ranges of their ascending key strings: in order, apart from each other, each from a string of bytes on and
 * up to, but not including, another one. Immutable.
 *
 * <p>No key string is the beginning of another, so a bound may be a key string, the first bytes of some, or what follows all that
 * begin with some bytes. A range of one value is a <em>point</em>.
 */
final class Intervals {
    /** All values. */
    static final Intervals ALL = new Intervals(List.of(new Interval(new byte[0], null, false)));
    /** No value. */
    static final Intervals NONE = new Intervals(List.of());

    /**
     * One range.
     *
     * @param low the first bytes inside; empty: from the lowest value on
     * @param high the first bytes behind; {@code null}: up to the highest value
     */
    record Interval(byte[] low, byte[] high, boolean point) {
        boolean isEmpty() {
            return high != null && Arrays.compareUnsigned(low, high) >= 0;
        }

        boolean contains(byte[] key) {
            return Arrays.compareUnsigned(low, key) <= 0 && (high == null || Arrays.compareUnsigned(key, high) < 0);
        }

        /** The same values where key strings are inverted. */
        Interval inverted() {
            if (point) {
                byte[] key = invertedBytes(low);
                return new Interval(key, successor(key), true);
            }
            return new Interval(high == null ? new byte[0] : successor(invertedBytes(high)),
                    low.length == 0 ? null : successor(invertedBytes(low)), false);
        }
    }

    private final List<Interval> ranges;

    private Intervals(List<Interval> ranges) {
        this.ranges = ranges;
    }

    static Intervals range(byte[] low, byte[] high) {
        Interval interval = new Interval(low, high, false);
        return interval.isEmpty() ? NONE : new Intervals(List.of(interval));
    }

    /** The one value with that key string. */
    static Intervals point(byte[] key) {
        return new Intervals(List.of(new Interval(key, successor(key), true)));
    }

    /** All values whose key strings begin with that. */
    static Intervals prefix(byte[] prefix) {
        return range(prefix, successor(prefix));
    }

    /** Points with those key strings. */
    static Intervals points(List<byte[]> keys) {
        List<Interval> points = new ArrayList<>(keys.size());
        keys.forEach(key -> points.add(new Interval(key, successor(key), true)));
        return normalized(points);
    }

    /** The least bytes above all that begin with {@code bytes}; {@code null} if there are none. */
    static byte[] successor(byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == (byte) 0xFF) {
            length--;
        }
        if (length == 0) {
            return null;
        }
        byte[] next = Arrays.copyOf(bytes, length);
        next[length - 1]++;
        return next;
    }

    private static byte[] invertedBytes(byte[] bytes) {
        byte[] inverted = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            inverted[i] = (byte) ~bytes[i];
        }
        return inverted;
    }

    private static Intervals normalized(List<Interval> intervals) {
        intervals.sort((a, b) -> {
            int byLow = Arrays.compareUnsigned(a.low, b.low);
            return byLow != 0 ? byLow : compareHighs(b.high, a.high);
        });
        List<Interval> merged = new ArrayList<>(intervals.size());
        for (Interval next : intervals) {
            Interval last = merged.isEmpty() ? null : merged.getLast();
            int order = last == null || last.high == null ? -1 : Arrays.compareUnsigned(next.low, last.high);
            if (last == null || order > 0 || order == 0 && (last.point || next.point)) {
                merged.add(next);
            } else if (compareHighs(next.high, last.high) > 0) {
                merged.set(merged.size() - 1, new Interval(last.low, next.high, false));
            }
        }
        return new Intervals(List.copyOf(merged));
    }

    private static int compareHighs(byte[] a, byte[] b) {
        if (a == null || b == null) {
            return a == b ? 0 : a == null ? 1 : -1;
        }
        return Arrays.compareUnsigned(a, b);
    }

    Intervals union(Intervals other) {
        List<Interval> all = new ArrayList<>(ranges);
        all.addAll(other.ranges);
        return normalized(all);
    }

    Intervals intersect(Intervals other) {
        List<Interval> both = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < ranges.size() && j < other.ranges.size()) {
            Interval a = ranges.get(i);
            Interval b = other.ranges.get(j);
            byte[] low = Arrays.compareUnsigned(a.low, b.low) >= 0 ? a.low : b.low;
            byte[] high = compareHighs(a.high, b.high) <= 0 ? a.high : b.high;
            Interval common = new Interval(low, high, a.point || b.point);
            if (!common.isEmpty()) {
                both.add(common);
            }
            if (compareHighs(a.high, b.high) <= 0) {
                i++;
            } else {
                j++;
            }
        }
        return new Intervals(List.copyOf(both));
    }

    Intervals complement() {
        List<Interval> rest = new ArrayList<>();
        byte[] from = new byte[0];
        for (Interval range : ranges) {
            Interval gap = new Interval(from, range.low, false);
            if (range.low.length > 0 && !gap.isEmpty()) {
                rest.add(gap);
            }
            if (range.high == null) {
                return new Intervals(List.copyOf(rest));
            }
            from = range.high;
        }
        rest.add(new Interval(from, null, false));
        return new Intervals(List.copyOf(rest));
    }

    /** In ascending order. Not to be changed. */
    List<Interval> ranges() {
        return ranges;
    }

    boolean isAll() {
        return ranges.size() == 1 && ranges.getFirst().low.length == 0 && ranges.getFirst().high == null;
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Whether there are points only; true for no value. */
    boolean arePoints() {
        return ranges.stream().allMatch(Interval::point);
    }

    boolean contains(byte[] key) {
        return ranges.stream().anyMatch(range -> range.contains(key));
    }

    /** Whether all values of the other set are in this one. */
    boolean containsAll(Intervals other) {
        return other.ranges.stream().allMatch(inner -> ranges.stream().anyMatch(outer -> Arrays.compareUnsigned(
                outer.low, inner.low) <= 0 && compareHighs(inner.high, outer.high) <= 0));
    }

    /** One range around all of them, if there are any. */
    Intervals hull() {
        return ranges.size() < 2 ? this : range(ranges.getFirst().low, ranges.getLast().high);
    }
}
