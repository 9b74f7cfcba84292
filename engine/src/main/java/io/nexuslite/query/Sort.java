package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.error.InvalidQueryException;
import java.util.ArrayList;
import java.util.List;

/** By which paths a result is sorted, each upwards or downwards. Immutable; any thread. */
public final class Sort {
    private final List<Part> parts;

    private Sort(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** One path of a sort. */
    record Part(FieldPath path, boolean descending) {
    }

    /**
     * Parses a sort.
     *
     * @param specification a validated document of paths with 1 or -1; not kept
     * @throws InvalidQueryException if it holds anything else, a path twice, or too many
     */
    public static Sort parse(BsonView specification, QueryLimits limits) {
        List<Part> parts = new ArrayList<>();
        BsonCursor cursor = new BsonCursor().wrap(specification);
        while (cursor.next()) {
            String name = cursor.name();
            if (cursor.type() == BsonType.DOCUMENT) {
                throw new InvalidQueryException("unknown operator of a sort", name, firstName(cursor));
            }
            if (name.isEmpty() || name.startsWith("$")) {
                throw new InvalidQueryException("expected a path that does not start with $", name, name);
            }
            long direction = Values.wholeOrMin(cursor.type(), cursor.memory(), cursor.valueOffset());
            if (direction != 1 && direction != -1) {
                throw new InvalidQueryException("expected 1 or -1", name, "");
            }
            FieldPath path = FieldPath.parse(name, limits);
            if (parts.stream().anyMatch(part -> part.path().equals(path))) {
                throw new InvalidQueryException("expected each path once, found it twice", name, "");
            }
            if (parts.size() == limits.sortKeysMax()) {
                throw new InvalidQueryException("expected at most " + limits.sortKeysMax() + " paths, found more", name,
                        "");
            }
            parts.add(new Part(path, direction < 0));
        }
        return new Sort(parts);
    }

    private static String firstName(BsonCursor cursor) {
        BsonCursor inner = new BsonCursor().wrap(cursor.memory(), cursor.valueOffset(), cursor.valueLength());
        return inner.next() ? inner.name() : "";
    }

    /** Whether the sort asks for no order. */
    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Whether the sort is by {@code _id} alone, so that a tree of documents gives its order. */
    public boolean isById() {
        return parts.size() == 1 && parts.getFirst().path().toString().equals("_id");
    }

    /** Whether the first path goes downwards. */
    public boolean isDescending() {
        return !parts.isEmpty() && parts.getFirst().descending();
    }

    List<Part> parts() {
        return parts;
    }
}
