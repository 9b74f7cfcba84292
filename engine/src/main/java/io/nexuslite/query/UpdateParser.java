package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidQueryException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads one update document into nodes. Used once. */
final class UpdateParser {
    private static final FieldName EMPTY = FieldName.of("");

    private final QueryLimits limits;
    private final UpdateNode root = UpdateNode.root();
    private final Map<String, ArrayFilter> arrayFilters;
    private final Set<String> unused;
    private int operationCount;
    private String matchedPath;

    UpdateParser(QueryLimits limits, Map<String, ArrayFilter> arrayFilters) {
        this.limits = limits;
        this.arrayFilters = arrayFilters;
        this.unused = new HashSet<>(arrayFilters.keySet());
    }

    /** A path that goes to the element that the filter met, or {@code null}; after {@link #parse}. */
    String matchedPath() {
        return matchedPath;
    }

    UpdateNode parse(BsonView specification) {
        BsonCursor cursor = new BsonCursor().wrap(specification);
        while (cursor.next()) {
            String operator = cursor.name();
            if (!operator.startsWith("$")) {
                throw new InvalidQueryException("expected operators, found a field; a replacement is for replaceOne",
                        operator, "");
            }
            if (cursor.type() != BsonType.DOCUMENT) {
                throw wrongOperand("a document of paths", cursor, "", operator);
            }
            BsonCursor fields = Values.inside(cursor);
            while (fields.next()) {
                parseField(operator, path(fields.name(), operator), fields);
            }
        }
        if (operationCount == 0 && specification.length() == BsonType.DOCUMENT_SIZE_MIN) {
            throw new InvalidQueryException("expected operators, found an empty document", "", "");
        }
        for (String identifier : unused) {
            throw new InvalidQueryException("expected a path with $[" + identifier + "], found none", identifier,
                    "arrayFilters");
        }
        return root;
    }

    private FieldPath path(String dotted, String operator) {
        FieldPath path = FieldPath.parse(dotted, limits);
        for (int i = 0; i < path.length(); i++) {
            String name = path.name(i).name();
            if (name.isEmpty()) {
                throw new InvalidQueryException("expected names that are not empty", dotted, operator);
            }
            boolean isPlain = !name.startsWith("$") || i > 0 && FilterParser.REFERENCE.contains(name);
            if (!isPlain && i == 0) {
                throw new InvalidQueryException("expected a path that does not start with $", dotted, operator);
            }
            if (!isPlain && operator.equals("$rename")) {
                throw new InvalidQueryException("expected names only, found " + name, dotted, operator);
            }
        }
        return path;
    }

    /** What the segments of a path stand for, or {@code null} if all are plain names. */
    private ArrayFilter[] dynamic(FieldPath path, String operator) {
        ArrayFilter[] dynamic = null;
        boolean hasMatched = false;
        for (int i = 1; i < path.length(); i++) {
            String name = path.name(i).name();
            if (!name.startsWith("$") || FilterParser.REFERENCE.contains(name)) {
                continue;
            }
            dynamic = dynamic == null ? new ArrayFilter[path.length()] : dynamic;
            dynamic[i] = arrayFilter(name, path.toString(), operator);
            if (dynamic[i] == ArrayFilter.MATCHED) {
                if (hasMatched) {
                    throw new InvalidQueryException("expected one $ in a path, found two", path.toString(), operator);
                }
                hasMatched = true;
                matchedPath = path.toString();
            }
        }
        return dynamic;
    }

    private ArrayFilter arrayFilter(String name, String path, String operator) {
        if (name.equals("$")) {
            return ArrayFilter.MATCHED;
        }
        if (name.equals("$[]")) {
            return ArrayFilter.ALL;
        }
        if (!name.startsWith("$[") || !name.endsWith("]")) {
            throw new InvalidQueryException("expected $, $[] or $[identifier], found " + name, path, operator);
        }
        String identifier = name.substring(2, name.length() - 1);
        ArrayFilter filter = arrayFilters.get(identifier);
        if (filter == null) {
            throw new InvalidQueryException("expected an array filter for " + identifier + ", found none", path,
                    operator);
        }
        unused.remove(identifier);
        return filter;
    }

    private void parseField(String operator, FieldPath path, BsonCursor cursor) {
        String dotted = path.toString();
        UpdateOperation operation = switch (operator) {
            case "$set", "$setOnInsert" -> new Assignment(operator, Operand.of(cursor), false);
            case "$unset" -> new Removal(operator);
            case "$inc", "$mul" -> arithmetic(operator, dotted, cursor);
            case "$min", "$max" -> new Extreme(operator, Operand.of(cursor));
            case "$rename" -> rename(path, cursor);
            case "$currentDate" -> currentDate(dotted, cursor);
            case "$push", "$addToSet" -> addition(operator, dotted, cursor);
            case "$pull" -> pull(dotted, cursor);
            case "$pullAll" -> pullAll(dotted, cursor);
            case "$pop" -> pop(dotted, cursor);
            case "$bit" -> bit(dotted, cursor);
            default -> throw new InvalidQueryException("unknown operator of an update", dotted, operator);
        };
        add(path, operation);
    }

    private void add(FieldPath path, UpdateOperation operation) {
        if (operationCount++ == limits.predicatesMax()) {
            throw new InvalidQueryException("expected at most " + limits.predicatesMax() + " operations, found more",
                    path.toString(), operation.operator());
        }
        root.add(path, dynamic(path, operation.operator()), operation);
    }

    private static Arithmetic arithmetic(String operator, String path, BsonCursor cursor) {
        if (!BsonType.isNumber(cursor.type())) {
            throw wrongOperand("a number", cursor, path, operator);
        }
        return new Arithmetic(operator, Operand.of(cursor), path);
    }

    /** Hangs the target into the tree and gives what happens to the source. */
    private Removal rename(FieldPath source, BsonCursor cursor) {
        if (cursor.type() != BsonType.STRING) {
            throw wrongOperand("a path", cursor, source.toString(), "$rename");
        }
        add(path(cursor.string(), "$rename"), new Relocation(source));
        return new Removal("$rename");
    }

    private static Assignment currentDate(String path, BsonCursor cursor) {
        if (cursor.type() == BsonType.BOOLEAN) {
            return Assignment.ofClock(BsonType.DATE_TIME);
        }
        if (cursor.type() == BsonType.DOCUMENT) {
            BsonCursor inner = Values.inside(cursor);
            if (inner.next() && inner.name().equals("$type") && inner.type() == BsonType.STRING) {
                String type = inner.string();
                boolean isKnown = type.equals("date") || type.equals("timestamp");
                if (isKnown && !inner.next()) {
                    return Assignment.ofClock(type.equals("date") ? BsonType.DATE_TIME : BsonType.TIMESTAMP);
                }
            }
        }
        throw new InvalidQueryException("expected a boolean or {$type: 'date' | 'timestamp'}, found another", path,
                "$currentDate");
    }

    private ArrayAddition addition(String operator, String path, BsonCursor cursor) {
        if (!hasModifiers(cursor)) {
            return new ArrayAddition(operator, path, List.of(Operand.of(cursor)), ArrayAddition.AT_END, null,
                    ArrayAddition.ALL);
        }
        List<Operand> values = null;
        int position = ArrayAddition.AT_END;
        long slice = ArrayAddition.ALL;
        ElementOrder order = null;
        Set<String> seen = new HashSet<>();
        BsonCursor modifiers = Values.inside(cursor);
        while (modifiers.next()) {
            String modifier = modifiers.name();
            boolean isEach = modifier.equals("$each");
            if (!seen.add(modifier)) {
                throw new InvalidQueryException("expected each modifier once, found it twice", path, operator);
            }
            if (!isEach && !operator.equals("$push")) {
                throw new InvalidQueryException("expected $each alone, found " + modifier, path, operator);
            }
            switch (modifier) {
                case "$each" -> values = elements(path, modifier, modifiers);
                case "$position" -> position = Math.clamp(whole(path, modifier, modifiers), Integer.MIN_VALUE,
                        ArrayAddition.AT_END);
                case "$slice" -> slice = whole(path, modifier, modifiers);
                case "$sort" -> order = ElementOrder.parse(modifiers, path, limits);
                default -> throw new InvalidQueryException("unknown modifier of $push", path, modifier);
            }
        }
        if (values == null) {
            throw new InvalidQueryException("expected $each beside its modifiers, found none", path, operator);
        }
        return new ArrayAddition(operator, path, values, position, order, slice);
    }

    /** Whether a value is a document that begins with a modifier of {@code $push}. */
    private static boolean hasModifiers(BsonCursor cursor) {
        if (cursor.type() != BsonType.DOCUMENT) {
            return false;
        }
        BsonCursor inner = Values.inside(cursor);
        return inner.next()
                && List.of("$each", "$position", "$slice", "$sort").contains(inner.name());
    }

    private static long whole(String path, String operator, BsonCursor cursor) {
        if (!Values.isWhole(cursor.type(), cursor.memory(), cursor.valueOffset())) {
            throw wrongOperand("a whole number", cursor, path, operator);
        }
        // Far beyond any array, and safe to add to a count.
        return Math.clamp(Values.whole(cursor.type(), cursor.memory(), cursor.valueOffset()), Integer.MIN_VALUE,
                Integer.MAX_VALUE);
    }

    private List<Operand> elements(String path, String operator, BsonCursor cursor) {
        if (cursor.type() != BsonType.ARRAY) {
            throw wrongOperand("an array", cursor, path, operator);
        }
        List<Operand> operands = new ArrayList<>();
        BsonCursor inner = Values.inside(cursor);
        while (inner.next()) {
            if (operands.size() == limits.valuesMax()) {
                throw new InvalidQueryException("expected at most " + limits.valuesMax() + " values, found more", path,
                        operator);
            }
            operands.add(Operand.of(inner));
        }
        return List.copyOf(operands);
    }

    private ArrayRemoval pull(String path, BsonCursor cursor) {
        boolean isDocument = cursor.type() == BsonType.DOCUMENT;
        if (!isDocument && cursor.type() != BsonType.REGEX) {
            return removal("$pull", path, List.of(Operand.of(cursor)), null, false, 0);
        }
        if (isDocument && !asksValues(cursor)) {
            BsonView condition = new BsonView().wrap(cursor.memory(), cursor.valueOffset(), cursor.valueLength());
            return removal("$pull", path, List.of(), Filter.parse(condition, limits).withoutExpressions("$pull"),
                    true, 0);
        }
        return removal("$pull", path, List.of(), Filter.parse(wrapped(cursor), limits)
                .withoutExpressions("$pull"), false, 0);
    }

    private static ArrayRemoval removal(String operator, String path, List<Operand> values, Filter filter,
            boolean asDocument, int end) {
        return new ArrayRemoval(operator, path, values, filter, asDocument, end);
    }

    /** Whether a document begins with an operator that asks a value, and not with one that joins filters. */
    private static boolean asksValues(BsonCursor cursor) {
        BsonCursor inner = Values.inside(cursor);
        return inner.next() && inner.name().startsWith("$")
                && !List.of("$and", "$or", "$nor", "$comment", "$ref", "$id", "$db").contains(inner.name());
    }

    /** A filter of one field with an empty name, in memory of its own. */
    private static BsonView wrapped(BsonCursor condition) {
        try (GrowableBuffer buffer = GrowableBuffer.ofConfined(256, GrowableBuffer.DEFAULT_LIMIT)) {
            new BsonWriter().wrap(buffer).startDocument().name(EMPTY).value(condition).endDocument();
            return OwnBytes.copy(buffer);
        }
    }

    private ArrayRemoval pullAll(String path, BsonCursor cursor) {
        return removal("$pullAll", path, elements(path, "$pullAll", cursor), null, false, 0);
    }

    private static ArrayRemoval pop(String path, BsonCursor cursor) {
        long end = whole(path, "$pop", cursor);
        if (end != 1 && end != -1) {
            throw new InvalidQueryException("expected 1 or -1, found " + end, path, "$pop");
        }
        return removal("$pop", path, List.of(), null, false, (int) end);
    }

    private static BitChange bit(String path, BsonCursor cursor) {
        if (cursor.type() != BsonType.DOCUMENT) {
            throw wrongOperand("a document of and, or, xor", cursor, path, "$bit");
        }
        List<BitChange.Step> steps = new ArrayList<>();
        BsonCursor inner = Values.inside(cursor);
        while (inner.next()) {
            String name = inner.name();
            if (!name.equals("and") && !name.equals("or") && !name.equals("xor")) {
                throw new InvalidQueryException("expected and, or, xor, found another", path, "$bit");
            }
            if (inner.type() != BsonType.INT32 && inner.type() != BsonType.INT64) {
                throw wrongOperand("an int or a long", inner, path, "$bit");
            }
            steps.add(new BitChange.Step(name, Values.whole(inner.type(), inner.memory(), inner.valueOffset()),
                    inner.type() == BsonType.INT64));
        }
        if (steps.isEmpty()) {
            throw new InvalidQueryException("expected and, or, xor, found an empty document", path, "$bit");
        }
        return new BitChange(path, List.copyOf(steps));
    }

    private static InvalidQueryException wrongOperand(String expected, BsonCursor found, String path, String operator) {
        return new InvalidQueryException("expected " + expected + ", found " + BsonType.alias(found.type()), path,
                operator);
    }
}
