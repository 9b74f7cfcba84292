package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.error.InvalidQueryException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code $sort} of a {@code $push}: elements by themselves, or by fields, where a missing one and any field of what is no
 * document count as null. Immutable.
 *
 * @param parts the fields, none for the elements themselves
 * @param descending for the elements themselves
 */
record ElementOrder(List<Part> parts, boolean descending) {
    private static final String OPERATOR = "$sort";
    private static final Operand NULL = new Operand(BsonType.NULL, MemorySegment.NULL, 0, 0);

    /** One field to sort by. */
    record Part(FieldPath path, boolean descending) {
    }

    static ElementOrder parse(BsonCursor cursor, String path, QueryLimits limits) {
        if (cursor.type() != BsonType.DOCUMENT) {
            return new ElementOrder(List.of(), isDescending(cursor, path));
        }
        List<Part> parts = new ArrayList<>();
        BsonCursor fields = Values.inside(cursor);
        while (fields.next()) {
            if (parts.size() == limits.sortKeysMax()) {
                throw new InvalidQueryException("expected at most " + limits.sortKeysMax() + " fields, found more",
                        path,
                        OPERATOR);
            }
            FieldPath part = FieldPath.parse(fields.name(), limits);
            for (int i = 0; i < part.length(); i++) {
                if (part.name(i).length() == 0) {
                    throw new InvalidQueryException("expected names that are not empty", path, OPERATOR);
                }
            }
            parts.add(new Part(part, isDescending(fields, path)));
        }
        if (parts.isEmpty()) {
            throw new InvalidQueryException("expected fields, found an empty document", path, OPERATOR);
        }
        return new ElementOrder(List.copyOf(parts), false);
    }

    private static boolean isDescending(BsonCursor cursor, String path) {
        boolean isWhole = Values.isWhole(cursor.type(), cursor.memory(), cursor.valueOffset());
        long direction = isWhole ? Values.whole(cursor.type(), cursor.memory(), cursor.valueOffset()) : 0;
        if (direction != 1 && direction != -1) {
            throw new InvalidQueryException("expected 1 or -1, found another", path, OPERATOR);
        }
        return direction < 0;
    }

    void sort(List<Operand> elements, BsonComparator comparator) {
        elements.sort((a, b) -> compare(a, b, comparator));
    }

    private int compare(Operand a, Operand b, BsonComparator comparator) {
        if (parts.isEmpty()) {
            int order = a.compare(b, comparator);
            return descending ? -order : order;
        }
        for (Part part : parts) {
            int order = field(a, part.path()).compare(field(b, part.path()), comparator);
            if (order != 0) {
                return part.descending() ? -order : order;
            }
        }
        return 0;
    }

    private static Operand field(Operand element, FieldPath path) {
        if (element.type() != BsonType.DOCUMENT) {
            return NULL;
        }
        BsonCursor cursor = new BsonCursor().wrap(element.memory(), element.offset(), element.length());
        for (int i = 0; i < path.length(); i++) {
            if (i > 0) {
                if (cursor.type() != BsonType.DOCUMENT && cursor.type() != BsonType.ARRAY) {
                    return NULL;
                }
                cursor.enter();
            }
            if (!cursor.find(path.name(i))) {
                return NULL;
            }
        }
        return Operand.of(cursor);
    }
}
