package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.error.InvalidQueryException;
import java.util.ArrayList;
import java.util.List;

/** Reads one filter document into nodes. Used once. */
final class FilterParser {
    private final QueryLimits limits;
    private final List<FilterNode.Leaf> leaves;
    private int depth;

    FilterParser(QueryLimits limits, List<FilterNode.Leaf> leaves) {
        this.limits = limits;
        this.leaves = leaves;
    }

    FilterNode parse(BsonView specification) {
        return parseDocument(new BsonCursor().wrap(specification));
    }

    /** A document of paths and logical operators: all must hold. */
    private FilterNode parseDocument(BsonCursor cursor) {
        descend("", "");
        List<FilterNode> children = new ArrayList<>();
        while (cursor.next()) {
            String name = cursor.name();
            if (name.startsWith("$")) {
                parseLogical(name, cursor, children);
            } else {
                parseField(FieldPath.parse(name, limits), cursor, children);
            }
        }
        depth--;
        return children.size() == 1 ? children.getFirst() : new FilterNode.And(List.copyOf(children));
    }

    private void parseLogical(String operator, BsonCursor cursor, List<FilterNode> into) {
        switch (operator) {
            case "$and" -> into.add(new FilterNode.And(parseClauses(operator, cursor)));
            case "$or" -> into.add(new FilterNode.Or(parseClauses(operator, cursor)));
            case "$nor" -> into.add(new FilterNode.Not(new FilterNode.Or(parseClauses(operator, cursor))));
            case "$comment" -> {
                // Says nothing about documents.
            }
            default -> throw new InvalidQueryException("unknown operator at the top level", "", operator);
        }
    }

    private List<FilterNode> parseClauses(String operator, BsonCursor cursor) {
        if (cursor.type() != BsonType.ARRAY) {
            throw wrongOperand("an array of filters", cursor, "", operator);
        }
        List<FilterNode> clauses = new ArrayList<>();
        BsonCursor elements = inside(cursor);
        while (elements.next()) {
            if (elements.type() != BsonType.DOCUMENT) {
                throw wrongOperand("an array of filters", elements, "", operator);
            }
            clauses.add(parseDocument(inside(elements)));
        }
        if (clauses.isEmpty()) {
            throw new InvalidQueryException("expected at least one filter, found an empty array", "", operator);
        }
        return List.copyOf(clauses);
    }

    private void parseField(FieldPath path, BsonCursor cursor, List<FilterNode> into) {
        if (isOperators(cursor)) {
            parseOperators(path, cursor, into);
            return;
        }
        if (cursor.type() == BsonType.REGEX) {
            throw new InvalidQueryException("regular expressions are not supported", path.toString(), "$regex");
        }
        into.add(comparison(path, Comparison.Operator.EQ, "$eq", cursor));
    }

    /** Whether a value is a document of operators: its first name begins with $ and is none of a DBRef's. */
    private static boolean isOperators(BsonCursor cursor) {
        if (cursor.type() != BsonType.DOCUMENT) {
            return false;
        }
        BsonCursor inner = inside(cursor);
        if (!inner.next()) {
            return false;
        }
        String first = inner.name();
        return first.startsWith("$") && !first.equals("$ref") && !first.equals("$id") && !first.equals("$db");
    }

    private void parseOperators(FieldPath path, BsonCursor cursor, List<FilterNode> into) {
        descend(path.toString(), "");
        BsonCursor operators = inside(cursor);
        while (operators.next()) {
            into.add(parseOperator(path, operators.name(), operators));
        }
        depth--;
    }

    private FilterNode parseOperator(FieldPath path, String operator, BsonCursor cursor) {
        return switch (operator) {
            case "$eq" -> comparison(path, Comparison.Operator.EQ, operator, cursor);
            case "$ne" -> new FilterNode.Not(notRegex(path, Comparison.Operator.EQ, operator, cursor));
            case "$lt" -> notRegex(path, Comparison.Operator.LT, operator, cursor);
            case "$lte" -> notRegex(path, Comparison.Operator.LTE, operator, cursor);
            case "$gt" -> notRegex(path, Comparison.Operator.GT, operator, cursor);
            case "$gte" -> notRegex(path, Comparison.Operator.GTE, operator, cursor);
            case "$in" -> membership(path, operator, cursor);
            case "$nin" -> new FilterNode.Not(membership(path, operator, cursor));
            case "$exists" -> {
                FilterNode exists = leaf(path, new Existence());
                yield Values.isTruthy(cursor.type(), cursor.memory(), cursor.valueOffset())
                        ? exists
                        : new FilterNode.Not(exists);
            }
            case "$not" -> parseNot(path, cursor);
            default -> throw new InvalidQueryException(operator.startsWith("$")
                    ? "unknown operator"
                    : "expected operators only, found a field among them", path.toString(), operator);
        };
    }

    private FilterNode parseNot(FieldPath path, BsonCursor cursor) {
        if (!isOperators(cursor)) {
            throw cursor.type() == BsonType.REGEX
                    ? new InvalidQueryException("regular expressions are not supported", path.toString(), "$not")
                    : wrongOperand("a document of operators", cursor, path.toString(), "$not");
        }
        List<FilterNode> children = new ArrayList<>();
        parseOperators(path, cursor, children);
        return new FilterNode.Not(new FilterNode.And(List.copyOf(children)));
    }

    private FilterNode notRegex(FieldPath path, Comparison.Operator operator, String name, BsonCursor cursor) {
        if (cursor.type() == BsonType.REGEX) {
            throw wrongOperand("a value that can be compared", cursor, path.toString(), name);
        }
        return comparison(path, operator, name, cursor);
    }

    private FilterNode comparison(FieldPath path, Comparison.Operator operator, String name, BsonCursor cursor) {
        if (cursor.type() == BsonType.UNDEFINED) {
            throw wrongOperand("a value that can be compared", cursor, path.toString(), name);
        }
        return leaf(path, Comparison.of(operator, Operand.of(cursor)));
    }

    private FilterNode membership(FieldPath path, String operator, BsonCursor cursor) {
        if (cursor.type() != BsonType.ARRAY) {
            throw wrongOperand("an array", cursor, path.toString(), operator);
        }
        List<Operand> operands = new ArrayList<>();
        BsonCursor elements = inside(cursor);
        while (elements.next()) {
            if (elements.type() == BsonType.REGEX || elements.type() == BsonType.UNDEFINED || isOperators(elements)) {
                throw wrongOperand("values that can be compared", elements, path.toString(), operator);
            }
            if (operands.size() == limits.valuesMax()) {
                throw new InvalidQueryException("expected at most " + limits.valuesMax() + " values, found more",
                        path.toString(), operator);
            }
            operands.add(Operand.of(elements));
        }
        return leaf(path, Membership.of(operands));
    }

    private FilterNode leaf(FieldPath path, ValuePredicate predicate) {
        if (leaves.size() == limits.predicatesMax()) {
            throw new InvalidQueryException("expected at most " + limits.predicatesMax() + " predicates, found more",
                    path.toString(), "");
        }
        FilterNode.Leaf leaf = new FilterNode.Leaf(leaves.size(), path, predicate);
        leaves.add(leaf);
        return leaf;
    }

    private void descend(String path, String operator) {
        if (depth++ == limits.depthMax()) {
            throw new InvalidQueryException("expected at most " + limits.depthMax() + " levels, found more", path,
                    operator);
        }
    }

    private static BsonCursor inside(BsonCursor cursor) {
        return new BsonCursor().wrap(cursor.memory(), cursor.valueOffset(), cursor.valueLength());
    }

    private static InvalidQueryException wrongOperand(String expected, BsonCursor found, String path, String operator) {
        return new InvalidQueryException("expected " + expected + ", found " + BsonType.alias(found.type()), path,
                operator);
    }
}
