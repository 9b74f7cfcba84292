package io.nexuslite.index;

import io.nexuslite.bson.FieldName;
import io.nexuslite.error.InvalidIndexException;

/** One path of an index's key, and its direction. Immutable. Names made of digits also mean places in arrays. */
public final class IndexPath {
    /** A name that means no place in an array. */
    static final int NO_PLACE = -1;
    /** Most segments of a path. */
    public static final int SEGMENTS_MAX = 32;

    private static final int PLACE_DIGITS_MAX = 9;

    private final String dotted;
    private final boolean descending;
    private final FieldName[] names;
    private final int[] places;
    private final boolean hasPlace;

    /**
     * A path.
     *
     * @throws InvalidIndexException if it is no path that an index can have
     */
    IndexPath(String dotted, boolean descending, String index) {
        this.dotted = dotted;
        this.descending = descending;
        String[] segments = dotted.split("\\.", -1);
        if (segments.length > SEGMENTS_MAX) {
            throw new InvalidIndexException("expected at most " + SEGMENTS_MAX + " segments, found "
                    + segments.length, index, dotted.substring(0, Math.min(64, dotted.length())));
        }
        names = new FieldName[segments.length];
        places = new int[segments.length];
        boolean place = false;
        for (int i = 0; i < segments.length; i++) {
            if (segments[i].isEmpty()) {
                throw new InvalidIndexException("expected a path without empty names, found one", index, dotted);
            }
            if (segments[i].startsWith("$") && !(i > 0 && isOfReference(segments[i]))) {
                throw new InvalidIndexException("expected names that do not start with $, found " + segments[i], index,
                        dotted);
            }
            if (segments[i].indexOf('\0') >= 0) {
                throw new InvalidIndexException("expected names without NUL, found one", index, "");
            }
            names[i] = FieldName.of(segments[i]);
            places[i] = placeOf(segments[i]);
            place |= places[i] != NO_PLACE;
        }
        hasPlace = place;
    }

    private static boolean isOfReference(String name) {
        return name.equals("$ref") || name.equals("$id") || name.equals("$db");
    }

    /** The place in an array that a name means, in the one way arrays spell it, or {@link #NO_PLACE}. */
    static int placeOf(String name) {
        if (name.isEmpty() || name.length() > PLACE_DIGITS_MAX || name.length() > 1 && name.charAt(0) == '0'
                || !name.chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
            return NO_PLACE;
        }
        return Integer.parseInt(name);
    }

    /** The dotted path. */
    public String path() {
        return dotted;
    }

    /** Whether greater values come first. */
    public boolean descending() {
        return descending;
    }

    /** Whether a name of the path also means a place in an array. */
    public boolean hasPlace() {
        return hasPlace;
    }

    /** The first name of the path. */
    public String firstName() {
        return names[0].name();
    }

    int length() {
        return names.length;
    }

    FieldName name(int segment) {
        return names[segment];
    }

    int place(int segment) {
        return places[segment];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IndexPath path && dotted.equals(path.dotted) && descending == path.descending;
    }

    @Override
    public int hashCode() {
        return dotted.hashCode() * 2 + (descending ? 1 : 0);
    }

    @Override
    public String toString() {
        return dotted + (descending ? ": -1" : ": 1");
    }
}
