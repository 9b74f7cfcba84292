package io.nexuslite.query;

import io.nexuslite.bson.MongoOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;

/**
 * Which documents a filter of MongoDB selects, written from its manual and the behaviour its own tests record; plain and slow, on
 * trees of {@code org.bson}. It knows nothing of how the engine evaluates, so that one mistake cannot stand in both.
 *
 * <p>Where releases differ this is MongoDB 8: null is not undefined (as since 8.0), and a path that ends inside an array without
 * documents meets nothing at all (as from 2.6 to 8; from 9.0 on it meets null).
 */
final class MongoFilter {
    private static final MongoOrder ORDER = new MongoOrder();
    private static final List<String> REFERENCE = List.of("$ref", "$id", "$db");

    private MongoFilter() {
    }

    static boolean matches(BsonDocument filter, BsonDocument document) {
        return filter.entrySet().stream().allMatch(clause -> switch (clause.getKey()) {
            case "$and" -> filters(clause.getValue()).stream().allMatch(each -> matches(each, document));
            case "$or" -> filters(clause.getValue()).stream().anyMatch(each -> matches(each, document));
            case "$nor" -> filters(clause.getValue()).stream().noneMatch(each -> matches(each, document));
            default -> holds(clause.getKey(), clause.getValue(), document);
        });
    }

    private static List<BsonDocument> filters(BsonValue array) {
        return array.asArray().stream().map(BsonValue::asDocument).toList();
    }

    private static boolean holds(String path, BsonValue condition, BsonDocument document) {
        List<BsonValue> met = valuesOn(path, document);
        return isOperators(condition)
                ? allHold(condition.asDocument(), met)
                : met.stream().anyMatch(value -> compares("$eq", value, condition));
    }

    /** Operators, not a value; a reference begins with a dollar too and is a value. */
    private static boolean isOperators(BsonValue condition) {
        return condition.isDocument() && !condition.asDocument().isEmpty()
                && condition.asDocument().getFirstKey().startsWith("$")
                && !REFERENCE.contains(condition.asDocument().getFirstKey());
    }

    private static boolean allHold(BsonDocument operators, List<BsonValue> met) {
        return operators.entrySet().stream().allMatch(each -> {
            String operator = each.getKey();
            BsonValue operand = each.getValue();
            Predicate<BsonValue> isOne = value -> operand.asArray().stream()
                    .anyMatch(listed -> compares("$eq", value, listed));
            return switch (operator) {
                case "$eq", "$lt", "$lte", "$gt", "$gte" -> met.stream()
                        .anyMatch(value -> compares(operator, value, operand));
                case "$ne" -> met.stream().noneMatch(value -> compares("$eq", value, operand));
                case "$in" -> met.stream().anyMatch(isOne);
                case "$nin" -> met.stream().noneMatch(isOne);
                case "$exists" -> met.stream().anyMatch(value -> value != null) == operand.asBoolean().getValue();
                case "$not" -> !allHold(operand.asDocument(), met);
                default -> throw new IllegalArgumentException("Unknown operator " + operator);
            };
        });
    }

    /** One value on the path, null where the field is missing, against an operand. */
    private static boolean compares(String operator, BsonValue value, BsonValue operand) {
        boolean orEqual = operator.equals("$eq") || operator.endsWith("e");
        if (value == null && operand.isNull()) {
            return orEqual;
        }
        if (value == null || MongoOrder.typeRank(value.getBsonType()) != MongoOrder.typeRank(operand.getBsonType())) {
            // only the ends of the order are compared with other types, and with what is missing
            return operand.getBsonType() == BsonType.MIN_KEY && operator.startsWith("$gt")
                    || operand.getBsonType() == BsonType.MAX_KEY && operator.startsWith("$lt");
        }
        if (isNaN(value) || isNaN(operand)) {
            return orEqual && isNaN(value) && isNaN(operand);
        }
        int order = ORDER.compare(value, operand);
        return order == 0 ? orEqual : operator.startsWith("$lt") ? order < 0 : operator.startsWith("$gt") && order > 0;
    }

    private static boolean isNaN(BsonValue value) {
        return value.isDouble() && Double.isNaN(value.asDouble().getValue())
                || value.isDecimal128() && value.asDecimal128().getValue().isNaN();
    }

    /** What the path meets: null once for each document on the way that lacks the next field. */
    static List<BsonValue> valuesOn(String path, BsonDocument document) {
        List<BsonValue> met = new ArrayList<>();
        walk(document, List.of(path.split("\\.", -1)), met);
        return met;
    }

    private static void walk(BsonDocument document, List<String> path, List<BsonValue> met) {
        BsonValue value = document.get(path.getFirst());
        List<String> rest = path.subList(1, path.size());
        if (rest.isEmpty()) {
            if (value != null && value.isArray()) {
                met.addAll(value.asArray());
            }
            met.add(value);
        } else if (value != null && value.isDocument()) {
            walk(value.asDocument(), rest, met);
        } else if (value != null && value.isArray()) {
            walk(value.asArray(), rest, met);
        } else {
            met.add(null);
        }
    }

    /** An array in the middle: the documents in it, and the element that digits name; arrays in it are no documents. */
    private static void walk(BsonArray array, List<String> path, List<BsonValue> met) {
        List<String> rest = path.subList(1, path.size());
        for (int i = 0; i < array.size(); i++) {
            BsonValue element = array.get(i);
            if (element.isDocument()) {
                walk(element.asDocument(), path, met);
            }
            if (path.getFirst().equals(Integer.toString(i))) {
                if (rest.isEmpty()) {
                    met.add(element); // as it is: an array named so stands for itself only
                } else if (element.isDocument()) {
                    walk(element.asDocument(), rest, met);
                } else if (element.isArray()) {
                    walk(element.asArray(), rest, met);
                }
            }
        }
    }
}
