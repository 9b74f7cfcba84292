package io.nexuslite.query;

import io.nexuslite.bson.PlainOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonType;
import org.bson.BsonValue;

/**
 * Whether a document matches a filter, written from MongoDB's documentation: slow, and with no thought for anything but being
 * right. It lists all values that a path leads to, a Java null for a missing one, and asks each.
 */
public final class ReferenceFilter {
    private ReferenceFilter() {
    }

    public static boolean matches(BsonDocument filter, BsonDocument document) {
        for (Map.Entry<String, BsonValue> clause : filter.entrySet()) {
            if (!matchesClause(clause.getKey(), clause.getValue(), document)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matchesClause(String name, BsonValue value, BsonDocument document) {
        return switch (name) {
            case "$and" -> value.asArray().stream().allMatch(each -> matches(each.asDocument(), document));
            case "$or" -> value.asArray().stream().anyMatch(each -> matches(each.asDocument(), document));
            case "$nor" -> value.asArray().stream().noneMatch(each -> matches(each.asDocument(), document));
            default -> matchesPath(name, value, document);
        };
    }

    private static boolean matchesPath(String path, BsonValue value, BsonDocument document) {
        if (value.isRegularExpression()) {
            return values(path, document).stream()
                    .anyMatch(found -> ReferenceOperators.finds(value.asRegularExpression(), found));
        }
        if (!isOperators(value)) {
            return holds(path, "$eq", value, new BsonDocument(), document);
        }
        return value.asDocument().entrySet().stream()
                .allMatch(each -> holds(path, each.getKey(), each.getValue(), value.asDocument(), document));
    }

    private static boolean isOperators(BsonValue value) {
        return value.isDocument() && !value.asDocument().isEmpty() && value.asDocument().getFirstKey().startsWith("$")
                && !List.of("$ref", "$id", "$db").contains(value.asDocument().getFirstKey());
    }

    private static boolean holds(String path, String operator, BsonValue operand, BsonDocument siblings,
            BsonDocument document) {
        switch (operator) {
            case "$ne" :
                return !holds(path, "$eq", operand, siblings, document);
            case "$nin" :
                return !holds(path, "$in", operand, siblings, document);
            case "$not" :
                return !matchesPath(path, operand, document);
            case "$exists" :
                return isTrue(operand) == values(path, document).stream().anyMatch(value -> value != null);
            case "$in" :
                return operand.asArray().stream().anyMatch(each -> each.isRegularExpression()
                        ? matchesPath(path, each, document)
                        : holds(path, "$eq", each, siblings, document));
            case "$all" :
                return !operand.asArray().isEmpty() && operand.asArray().stream()
                        .allMatch(each -> each.isRegularExpression() || ReferenceOperators.isElementMatch(each)
                                ? matchesPath(path, each, document)
                                : holds(path, "$eq", each, siblings, document));
            case "$options", "$comment" :
                return true;
            case "$size", "$elemMatch" :
                return wholeValues(path, document).stream()
                        .anyMatch(value -> ReferenceOperators.test(value, operator, operand, siblings));
            default :
                return values(path, document).stream()
                        .anyMatch(value -> ReferenceOperators.test(value, operator, operand, siblings));
        }
    }

    static boolean isTrue(BsonValue value) {
        return switch (value.getBsonType()) {
            case BOOLEAN -> value.asBoolean().getValue();
            case INT32, INT64, DOUBLE -> value.asNumber().doubleValue() != 0;
            case NULL, UNDEFINED -> false;
            default -> true;
        };
    }

    /** Values that a path leads to, as the query language means it: arrays at the end as elements and as a whole. */
    private static List<BsonValue> values(String path, BsonDocument document) {
        List<BsonValue> values = new ArrayList<>();
        collect(List.of(path.split("\\.", -1)), document, true, values);
        return values;
    }

    /** The same without the elements of arrays at the end. */
    private static List<BsonValue> wholeValues(String path, BsonDocument document) {
        List<BsonValue> values = new ArrayList<>();
        collect(List.of(path.split("\\.", -1)), document, false, values);
        return values;
    }

    private static void collect(List<String> path, BsonDocument document, boolean elements, List<BsonValue> into) {
        collectFrom(document.get(path.getFirst()), path.subList(1, path.size()), elements, into);
    }

    private static void collectFrom(BsonValue value, List<String> rest, boolean elements, List<BsonValue> into) {
        if (rest.isEmpty()) {
            if (elements && value != null && value.isArray()) {
                into.addAll(value.asArray());
            }
            into.add(value);
        } else if (value != null && value.isDocument()) {
            collect(rest, value.asDocument(), elements, into);
        } else if (value != null && value.isArray()) {
            collectFromArray(value.asArray(), rest, elements, into);
        } else {
            into.add(null);
        }
    }

    private static void collectFromArray(BsonArray array, List<String> rest, boolean elements, List<BsonValue> into) {
        for (int i = 0; i < array.size(); i++) {
            BsonValue element = array.get(i);
            if (element.isDocument()) {
                collect(rest, element.asDocument(), elements, into);
            }
            if (!rest.getFirst().equals(String.valueOf(i))) {
                continue;
            }
            List<String> behind = rest.subList(1, rest.size());
            if (behind.isEmpty()) {
                into.add(element);
            } else if (element.isDocument()) {
                collect(behind, element.asDocument(), elements, into);
            } else if (element.isArray()) {
                collectFromArray(element.asArray(), behind, elements, into);
            }
        }
    }

    static BsonDocument asDocument(BsonArray array) {
        BsonDocument document = new BsonDocument();
        for (int i = 0; i < array.size(); i++) {
            document.put(String.valueOf(i), array.get(i));
        }
        return document;
    }

    static boolean compares(BsonValue value, String operator, BsonValue operand) {
        boolean equalCounts = operator.equals("$eq") || operator.equals("$lte") || operator.equals("$gte");
        if (value == null && operand.isNull()) {
            return equalCounts;
        }
        if (value == null || bracket(value) != bracket(operand)) {
            return switch (operator) {
                case "$lt", "$lte" -> operand.getBsonType() == BsonType.MAX_KEY;
                case "$gt", "$gte" -> operand.getBsonType() == BsonType.MIN_KEY;
                default -> false;
            };
        }
        if (isNaN(value) || isNaN(operand)) {
            return equalCounts && isNaN(value) && isNaN(operand);
        }
        int order = PlainOrder.compare(value, operand);
        return switch (operator) {
            case "$eq" -> order == 0;
            case "$lt" -> order < 0;
            case "$lte" -> order <= 0;
            case "$gt" -> order > 0;
            case "$gte" -> order >= 0;
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static boolean isNaN(BsonValue value) {
        return value.isDouble() && Double.isNaN(value.asDouble().getValue())
                || value.isDecimal128() && value.asDecimal128().getValue().isNaN();
    }

    /** Types that compare by value with one another. */
    private static BsonType bracket(BsonValue value) {
        return switch (value.getBsonType()) {
            case INT32, INT64, DOUBLE, DECIMAL128 -> BsonType.DOUBLE;
            case STRING, SYMBOL -> BsonType.STRING;
            default -> value.getBsonType();
        };
    }

    /** For callers that have a Java null. */
    static BsonValue orNull(BsonValue value) {
        return value == null ? BsonNull.VALUE : value;
    }
}
