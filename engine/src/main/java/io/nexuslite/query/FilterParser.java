package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.error.InvalidQueryException;
import java.util.ArrayList;
import java.util.List;

/** Reads one filter document into nodes. Used once. */
final class FilterParser {
    /** Fields of a DBRef, which are no operators. */
    static final List<String> REFERENCE = List.of("$ref", "$id", "$db");

    private final QueryLimits limits;
    private final List<FilterNode.Leaf> leaves;
    /** The parser of the whole filter, which counts all predicates. */
    private final FilterParser whole;
    private final ExpressionParser expressions;
    private int predicateCount;
    private int depth;

    FilterParser(QueryLimits limits, List<FilterNode.Leaf> leaves) {
        this.limits = limits;
        this.leaves = leaves;
        this.whole = this;
        this.expressions = new ExpressionParser(limits);
    }

    /** A parser for what stands inside a predicate, with leaves of its own. */
    private FilterParser(FilterParser outer) {
        limits = outer.limits;
        leaves = new ArrayList<>();
        whole = outer.whole;
        expressions = outer.expressions;
        depth = outer.depth;
    }

    /** Nodes of the expressions that have been read. */
    int expressionNodeCount() {
        return expressions.nodeCount();
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
            if (name.startsWith("$") && !(this != whole && REFERENCE.contains(name))) {
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
            case "$expr" -> {
                if (this != whole) {
                    throw new InvalidQueryException("expected $expr outside of $elemMatch only", "", operator);
                }
                into.add(new FilterNode.Formula(expressions.parse(cursor)));
            }
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
        BsonCursor elements = Values.inside(cursor);
        while (elements.next()) {
            if (elements.type() != BsonType.DOCUMENT) {
                throw wrongOperand("an array of filters", elements, "", operator);
            }
            clauses.add(parseDocument(Values.inside(elements)));
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
            into.add(leaf(path, regexOf(path, cursor)));
            return;
        }
        into.add(comparison(path, Comparison.Operator.EQ, "$eq", cursor));
    }

    /** Whether a value is a document of operators: its first name begins with $ and is none of a DBRef's. */
    private static boolean isOperators(BsonCursor cursor) {
        if (cursor.type() != BsonType.DOCUMENT) {
            return false;
        }
        BsonCursor inner = Values.inside(cursor);
        if (!inner.next()) {
            return false;
        }
        return inner.name().startsWith("$") && !REFERENCE.contains(inner.name());
    }

    private void parseOperators(FieldPath path, BsonCursor cursor, List<FilterNode> into) {
        descend(path.toString(), "");
        BsonCursor operators = Values.inside(cursor);
        while (operators.next()) {
            String operator = operators.name();
            switch (operator) {
                case "$regex" -> into.add(leaf(path, parseRegex(path, Values.inside(cursor))));
                case "$options" -> requireRegex(path, Values.inside(cursor));
                case "$comment" -> {
                    // Says nothing about documents.
                }
                default -> into.add(parseOperator(path, operator, operators));
            }
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
            case "$type" -> leaf(path, TypeTest.parse(cursor, path.toString()));
            case "$mod" -> leaf(path, Modulo.parse(cursor, path.toString()));
            case "$size" -> leaf(path, parseSize(path, cursor));
            case "$bitsAllSet", "$bitsAllClear", "$bitsAnySet", "$bitsAnyClear" -> leaf(path,
                    BitTest.parse(operator, cursor, path.toString()));
            case "$elemMatch" -> leaf(path, parseElementMatch(path, cursor));
            case "$all" -> parseAll(path, cursor);
            default -> throw new InvalidQueryException(operator.startsWith("$")
                    ? "unknown operator"
                    : "expected operators only, found a field among them", path.toString(), operator);
        };
    }

    private FilterNode parseNot(FieldPath path, BsonCursor cursor) {
        if (cursor.type() == BsonType.REGEX) {
            return new FilterNode.Not(leaf(path, regexOf(path, cursor)));
        }
        if (!isOperators(cursor)) {
            throw wrongOperand("a document of operators or a regular expression", cursor, path.toString(), "$not");
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
        List<RegexTest> regexes = new ArrayList<>();
        BsonCursor elements = Values.inside(cursor);
        while (elements.next()) {
            if (elements.type() == BsonType.UNDEFINED || isOperators(elements)) {
                throw wrongOperand("values that can be compared", elements, path.toString(), operator);
            }
            if (operands.size() + regexes.size() == limits.valuesMax()) {
                throw new InvalidQueryException("expected at most " + limits.valuesMax() + " values, found more",
                        path.toString(), operator);
            }
            if (elements.type() == BsonType.REGEX) {
                regexes.add(regexOf(path, elements));
            } else {
                operands.add(Operand.of(elements));
            }
        }
        return leaf(path, Membership.of(operands, regexes));
    }

    private static RegexTest regexOf(FieldPath path, BsonCursor cursor) {
        return RegexTest.of(patternOf(cursor), optionsOf(cursor), path.toString());
    }

    private static String patternOf(BsonCursor regex) {
        return Values.utf8(regex.memory(), regex.regexPatternOffset(), regex.regexPatternLength());
    }

    private static String optionsOf(BsonCursor regex) {
        return Values.utf8(regex.memory(), regex.regexOptionsOffset(), regex.regexOptionsLength());
    }

    /** {@code $regex} with the {@code $options} beside it, in any order. */
    private static RegexTest parseRegex(FieldPath path, BsonCursor operators) {
        String pattern = null;
        String inner = "";
        String options = null;
        while (operators.next()) {
            boolean isPattern = operators.name().equals("$regex");
            if (isPattern && operators.type() == BsonType.REGEX) {
                pattern = patternOf(operators);
                inner = optionsOf(operators);
            } else if (isPattern || operators.name().equals("$options")) {
                if (operators.type() != BsonType.STRING) {
                    throw wrongOperand("a string", operators, path.toString(), operators.name());
                }
                pattern = isPattern ? operators.string() : pattern;
                options = isPattern ? options : operators.string();
            }
        }
        if (options != null && !inner.isEmpty()) {
            throw new InvalidQueryException("expected options in one place, found them in $regex and in $options",
                    path.toString(), "$options");
        }
        return RegexTest.of(pattern, options == null ? inner : options, path.toString());
    }

    private static void requireRegex(FieldPath path, BsonCursor operators) {
        while (operators.next()) {
            if (operators.name().equals("$regex")) {
                return;
            }
        }
        throw new InvalidQueryException("expected a $regex beside it, found none", path.toString(), "$options");
    }

    private static ArraySize parseSize(FieldPath path, BsonCursor cursor) {
        if (!Values.isWhole(cursor.type(), cursor.memory(), cursor.valueOffset())
                || Values.whole(cursor.type(), cursor.memory(), cursor.valueOffset()) < 0) {
            throw wrongOperand("a whole number from 0 on", cursor, path.toString(), "$size");
        }
        return new ArraySize(Values.whole(cursor.type(), cursor.memory(), cursor.valueOffset()));
    }

    ElementMatch parseElementMatch(FieldPath path, BsonCursor cursor) {
        if (cursor.type() != BsonType.DOCUMENT) {
            throw wrongOperand("a document", cursor, path.toString(), "$elemMatch");
        }
        FilterParser inner = new FilterParser(this);
        if (isOperators(cursor) && !isLogical(Values.inside(cursor))) {
            List<FilterNode> children = new ArrayList<>();
            inner.parseOperators(path, cursor, children);
            return new ElementMatch(null, new FilterNode.And(List.copyOf(children)));
        }
        return new ElementMatch(Filter.of(inner.parseDocument(Values.inside(cursor)), inner.leaves), null);
    }

    private static boolean isLogical(BsonCursor operators) {
        operators.next();
        return List.of("$and", "$or", "$nor", "$comment").contains(operators.name());
    }

    private FilterNode parseAll(FieldPath path, BsonCursor cursor) {
        if (cursor.type() != BsonType.ARRAY) {
            throw wrongOperand("an array", cursor, path.toString(), "$all");
        }
        descend(path.toString(), "$all");
        List<FilterNode> children = new ArrayList<>();
        BsonCursor elements = Values.inside(cursor);
        boolean ofMatches = false;
        while (elements.next()) {
            boolean isMatch = isElementMatch(elements);
            ofMatches = children.isEmpty() ? isMatch : ofMatches;
            if (isMatch != ofMatches || !isMatch && isOperators(elements)) {
                throw wrongOperand("values only, or $elemMatch only", elements, path.toString(), "$all");
            }
            if (isMatch) {
                BsonCursor match = Values.inside(elements);
                match.next();
                children.add(leaf(path, parseElementMatch(path, match)));
            } else if (elements.type() == BsonType.REGEX) {
                children.add(leaf(path, regexOf(path, elements)));
            } else {
                children.add(comparison(path, Comparison.Operator.EQ, "$all", elements));
            }
        }
        depth--;
        return children.isEmpty() ? new FilterNode.Or(List.of()) : new FilterNode.And(List.copyOf(children));
    }

    /** Whether a value is a document of {@code $elemMatch} and nothing else. */
    private static boolean isElementMatch(BsonCursor cursor) {
        if (cursor.type() != BsonType.DOCUMENT) {
            return false;
        }
        BsonCursor inner = Values.inside(cursor);
        return inner.next() && inner.name().equals("$elemMatch") && !inner.next();
    }

    private FilterNode leaf(FieldPath path, ValuePredicate predicate) {
        if (whole.predicateCount++ == limits.predicatesMax()) {
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

    private static InvalidQueryException wrongOperand(String expected, BsonCursor found, String path, String operator) {
        return new InvalidQueryException("expected " + expected + ", found " + BsonType.alias(found.type()), path,
                operator);
    }
}
