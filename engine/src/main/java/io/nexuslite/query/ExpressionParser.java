package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.error.InvalidQueryException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Reads the expressions of one filter. Used once. */
final class ExpressionParser {
    private static final String EXPRESSION = "$expr";

    private final QueryLimits limits;
    private int nodeCount;
    private int depth;

    ExpressionParser(QueryLimits limits) {
        this.limits = limits;
    }

    /** Nodes that have been read. */
    int nodeCount() {
        return nodeCount;
    }

    /** The expression that the cursor stands on. */
    Expression parse(BsonCursor cursor) {
        if (depth++ == limits.depthMax()) {
            throw wrong("expected at most " + limits.depthMax() + " levels, found more", EXPRESSION);
        }
        Expression expression = isConstant(cursor)
                ? new Expression.Constant(nextIndex(), Operand.of(cursor))
                : switch (cursor.type()) {
                    case BsonType.STRING -> parseReference(cursor.string());
                    case BsonType.ARRAY -> parseContainer(cursor);
                    default -> startsWithOperator(cursor) ? parseOperator(cursor) : parseContainer(cursor);
                };
        depth--;
        return expression;
    }

    private int nextIndex() {
        if (nodeCount == limits.predicatesMax()) {
            throw wrong("expected at most " + limits.predicatesMax() + " parts, found more", EXPRESSION);
        }
        return nodeCount++;
    }

    /** Whether there is nothing to evaluate. */
    private static boolean isConstant(BsonCursor cursor) {
        if (cursor.type() == BsonType.STRING) {
            return cursor.stringLength() == 0 || cursor.memory().get(Values.BYTE, cursor.stringOffset()) != '$';
        }
        if (cursor.type() != BsonType.DOCUMENT && cursor.type() != BsonType.ARRAY) {
            return true;
        }
        boolean isDocument = cursor.type() == BsonType.DOCUMENT;
        BsonCursor inner = Values.inside(cursor);
        while (inner.next()) {
            if (isDocument && !isPlain(inner.name()) || !isConstant(inner)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty() && !name.startsWith("$") && name.indexOf('.') < 0;
    }

    private static boolean startsWithOperator(BsonCursor cursor) {
        BsonCursor inner = Values.inside(cursor);
        return inner.next() && inner.name().startsWith("$");
    }

    /** {@code $path}, or a variable and a path in it. */
    private Expression parseReference(String text) {
        if (!text.startsWith("$$")) {
            return new Expression.Field(nextIndex(), parsePath(text.substring(1), text));
        }
        int dot = text.indexOf('.');
        String variable = dot < 0 ? text : text.substring(0, dot);
        if (variable.equals("$$REMOVE")) {
            return new Expression.Constant(nextIndex(), new Operand(BsonType.NONE, MemorySegment.NULL, 0, 0));
        }
        if (!variable.equals("$$ROOT") && !variable.equals("$$CURRENT")) {
            throw wrong("expected $$ROOT, $$CURRENT or $$REMOVE, found another variable", variable);
        }
        return new Expression.Field(nextIndex(), dot < 0 ? null : parsePath(text.substring(dot + 1), text));
    }

    private FieldPath parsePath(String dotted, String text) {
        FieldPath path = FieldPath.parse(dotted, limits);
        for (int i = 0; i < path.length(); i++) {
            String name = path.name(i).name();
            if (name.isEmpty() || name.startsWith("$") && !FilterParser.REFERENCE.contains(name)) {
                throw new InvalidQueryException("expected names that are not empty and do not start with $", text,
                        EXPRESSION);
            }
        }
        return path;
    }

    private Expression parseOperator(BsonCursor cursor) {
        BsonCursor inner = Values.inside(cursor);
        inner.next();
        String name = inner.name();
        BsonCursor rest = Values.inside(cursor);
        rest.next();
        if (rest.next()) {
            throw wrong("expected one operator in a document, found more beside it", name);
        }
        if (name.equals("$literal") || name.equals("$const")) {
            return new Expression.Constant(nextIndex(), Operand.of(inner));
        }
        ExpressionOperator operator = ExpressionOperator.of(name);
        if (operator == null) {
            throw wrong("unknown operator of an expression", name);
        }
        int index = nextIndex();
        List<Expression> arguments = new ArrayList<>();
        if (inner.type() == BsonType.ARRAY) {
            BsonCursor elements = Values.inside(inner);
            while (elements.next()) {
                arguments.add(parse(elements));
            }
        } else {
            arguments.add(parse(inner));
        }
        if (!operator.takes(arguments.size())) {
            throw wrong("expected " + operator.argumentCount() + " values, found " + arguments.size(), name);
        }
        return new Expression.Call(index, operator, List.copyOf(arguments));
    }

    private Expression parseContainer(BsonCursor cursor) {
        int index = nextIndex();
        List<Expression.Name> names = new ArrayList<>();
        List<Expression> parts = new ArrayList<>();
        BsonCursor inner = Values.inside(cursor);
        while (inner.next()) {
            String name = inner.name();
            if (cursor.type() == BsonType.DOCUMENT && !isPlain(name)) {
                throw wrong("expected a field's name without $ and dots, found another", name);
            }
            names.add(new Expression.Name(name));
            parts.add(parse(inner));
        }
        return new Expression.Container(index, cursor.type(), List.copyOf(names), List.copyOf(parts));
    }

    private static InvalidQueryException wrong(String what, String operator) {
        return new InvalidQueryException(what, "", operator);
    }
}
