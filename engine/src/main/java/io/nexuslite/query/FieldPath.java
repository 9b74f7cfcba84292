package io.nexuslite.query;

import io.nexuslite.bson.FieldName;
import io.nexuslite.error.InvalidQueryException;

/** A dotted path: names of fields, of which those made of digits also mean places in arrays. Immutable. */
final class FieldPath {
    static final int NO_INDEX = -1;

    private final String dotted;
    private final FieldName[] names;
    private final int[] indexes;

    private FieldPath(String dotted, FieldName[] names, int[] indexes) {
        this.dotted = dotted;
        this.names = names;
        this.indexes = indexes;
    }

    static FieldPath parse(String dotted, QueryLimits limits) {
        long dots = dotted.chars().filter(letter -> letter == '.').count();
        if (dots >= limits.segmentsMax()) {
            throw new InvalidQueryException("expected at most " + limits.segmentsMax() + " segments of a path, found "
                    + (dots + 1), dotted.substring(0, Math.min(64, dotted.length())), "");
        }
        String[] segments = dotted.split("\\.", -1);
        FieldName[] names = new FieldName[segments.length];
        int[] indexes = new int[segments.length];
        for (int i = 0; i < segments.length; i++) {
            names[i] = FieldName.of(segments[i]);
            indexes[i] = arrayIndex(segments[i]);
        }
        return new FieldPath(dotted, names, indexes);
    }

    /** The place in an array that a name means, in the one way arrays spell it, or {@link #NO_INDEX}. */
    static int arrayIndex(String segment) {
        if (segment.isEmpty() || segment.length() > 9 || segment.length() > 1 && segment.charAt(0) == '0') {
            return NO_INDEX;
        }
        int index = 0;
        for (int i = 0; i < segment.length(); i++) {
            int digit = segment.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NO_INDEX;
            }
            index = 10 * index + digit;
        }
        return index;
    }

    int length() {
        return names.length;
    }

    FieldName name(int segment) {
        return names[segment];
    }

    int index(int segment) {
        return indexes[segment];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldPath path && dotted.equals(path.dotted);
    }

    @Override
    public int hashCode() {
        return dotted.hashCode();
    }

    @Override
    public String toString() {
        return dotted;
    }
}
