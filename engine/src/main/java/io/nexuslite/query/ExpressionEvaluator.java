package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Evaluates expressions on the bytes of a document. Reusable; one thread at a time; allocates nothing in the steady state but
 * for arithmetic with decimals.
 */
final class ExpressionEvaluator {
    private final ExpressionValues values = new ExpressionValues();
    private final ExpressionArithmetic arithmetic = new ExpressionArithmetic(values);
    private final BsonComparator comparator = new BsonComparator();
    private BsonCursor[] cursors = new BsonCursor[0];
    private MemorySegment memory = MemorySegment.NULL;
    private long offset;
    private int length;

    /** Whether the expression, one of {@code nodeCount} nodes in its filter, is true of a validated document. */
    boolean holds(Expression expression, int nodeCount, MemorySegment document, long at, int size) {
        values.reserve(nodeCount);
        memory = document;
        offset = at;
        length = size;
        evaluate(expression);
        return values.isTruthy(expression.index());
    }

    /** Sets the value of the node. */
    private void evaluate(Expression expression) {
        switch (expression) {
            case Expression.Constant constant -> {
                Operand value = constant.value();
                values.set(constant.index(), value.type(), value.memory(), value.offset(), value.length());
            }
            case Expression.Field field -> {
                if (field.pathOrNull() == null) {
                    values.set(field.index(), BsonType.DOCUMENT, memory, offset, length);
                } else {
                    follow(field);
                }
            }
            case Expression.Call call -> call(call);
            case Expression.Container container -> build(container);
        }
    }

    private void call(Expression.Call call) {
        List<Expression> arguments = call.arguments();
        switch (call.operator()) {
            case AND -> values.setBoolean(call.index(), areAll(arguments, true));
            case OR -> values.setBoolean(call.index(), !areAll(arguments, false));
            case NOT -> values.setBoolean(call.index(), !isTruthy(arguments.getFirst()));
            case ADD, MULTIPLY -> fold(call);
            case ABS -> {
                evaluate(arguments.getFirst());
                arithmetic.abs(call.index(), arguments.getFirst().index());
            }
            default -> {
                Expression left = arguments.get(0);
                Expression right = arguments.get(1);
                evaluate(left);
                evaluate(right);
                binary(call, left.index(), right.index());
            }
        }
    }

    private void binary(Expression.Call call, int left, int right) {
        int index = call.index();
        switch (call.operator()) {
            case EQ -> values.setBoolean(index, values.compare(left, right, comparator) == 0);
            case NE -> values.setBoolean(index, values.compare(left, right, comparator) != 0);
            case GT -> values.setBoolean(index, values.compare(left, right, comparator) > 0);
            case GTE -> values.setBoolean(index, values.compare(left, right, comparator) >= 0);
            case LT -> values.setBoolean(index, values.compare(left, right, comparator) < 0);
            case LTE -> values.setBoolean(index, values.compare(left, right, comparator) <= 0);
            case CMP -> values.setInt(index, Integer.signum(values.compare(left, right, comparator)));
            case SUBTRACT -> arithmetic.subtract(index, left, right);
            case DIVIDE -> arithmetic.divide(index, left, right);
            default -> arithmetic.remainder(index, left, right);
        }
    }

    private boolean isTruthy(Expression expression) {
        evaluate(expression);
        return values.isTruthy(expression.index());
    }

    /** Whether all are as asked; those behind the first that is not are left alone. */
    private boolean areAll(List<Expression> arguments, boolean asked) {
        for (int i = 0; i < arguments.size(); i++) {
            if (isTruthy(arguments.get(i)) != asked) {
                return false;
            }
        }
        return true;
    }

    /** A sum or a product; the first that is null or missing makes it null, and those behind are left alone. */
    private void fold(Expression.Call call) {
        boolean isSum = call.operator() == ExpressionOperator.ADD;
        List<Expression> arguments = call.arguments();
        // Arguments may be sums themselves, so the values come first and are folded then.
        for (int i = 0; i < arguments.size(); i++) {
            evaluate(arguments.get(i));
            if (values.isNothing(arguments.get(i).index())) {
                values.setNull(call.index());
                return;
            }
            arithmetic.requireFoldable(arguments.get(i).index(), isSum);
        }
        arithmetic.start(isSum ? 0 : 1);
        for (int i = 0; i < arguments.size(); i++) {
            if (isSum) {
                arithmetic.add(arguments.get(i).index());
            } else {
                arithmetic.multiply(arguments.get(i).index());
            }
        }
        arithmetic.finish(call.index());
    }

    private void build(Expression.Container container) {
        List<Expression> parts = container.parts();
        for (int i = 0; i < parts.size(); i++) {
            evaluate(parts.get(i));
        }
        boolean isArray = container.type() == BsonType.ARRAY;
        ContainerBytes bytes = values.container(container.index());
        bytes.reset();
        int start = bytes.begin();
        for (int i = 0; i < parts.size(); i++) {
            int part = parts.get(i).index();
            byte type = values.type(part);
            if (isArray) {
                bytes.element(type == BsonType.NONE ? BsonType.NULL : type, i);
            } else if (type != BsonType.NONE) {
                bytes.field(type, container.names().get(i));
            }
            if (type != BsonType.NONE) {
                bytes.value(values.memory(part), values.offset(part), values.length(part));
            }
        }
        bytes.end(start);
        values.setContainer(container.index(), container.type());
    }

    /** Follows a path through documents; where it meets an array, the value is an array of what it finds in the documents there. */
    private void follow(Expression.Field field) {
        FieldPath path = field.pathOrNull();
        BsonCursor cursor = cursor(0).wrap(memory, offset, length);
        for (int segment = 0;; segment++) {
            if (!cursor.find(path.name(segment))) {
                values.setMissing(field.index());
                return;
            }
            if (segment + 1 == path.length()) {
                values.set(field.index(), cursor);
                return;
            }
            if (cursor.type() == BsonType.ARRAY) {
                ContainerBytes bytes = values.container(field.index());
                bytes.reset();
                collect(path, segment + 1, cursor, 1, bytes);
                values.setContainer(field.index(), BsonType.ARRAY);
                return;
            }
            if (cursor.type() != BsonType.DOCUMENT) {
                values.setMissing(field.index());
                return;
            }
            cursor.enter();
        }
    }

    private void collect(FieldPath path, int segment, BsonCursor array, int depth, ContainerBytes into) {
        int start = into.begin();
        BsonCursor elements = cursor(depth).wrap(array.memory(), array.valueOffset(), array.valueLength());
        int count = 0;
        while (elements.next()) {
            if (elements.type() != BsonType.DOCUMENT) {
                continue;
            }
            int element = into.element(BsonType.NULL, count);
            byte type = collectIn(path, segment, elements, depth + 1, into);
            into.setType(element, type);
            count += type == BsonType.NONE ? 0 : 1;
        }
        into.end(start);
    }

    /** Writes what the path finds in a document, and gives its type. */
    private byte collectIn(FieldPath path, int from, BsonCursor document, int depth, ContainerBytes into) {
        BsonCursor cursor = cursor(depth).wrap(document.memory(), document.valueOffset(), document.valueLength());
        for (int segment = from;; segment++) {
            if (!cursor.find(path.name(segment))) {
                return BsonType.NONE;
            }
            if (segment + 1 == path.length()) {
                into.value(cursor.memory(), cursor.valueOffset(), cursor.valueLength());
                return cursor.type();
            }
            if (cursor.type() == BsonType.ARRAY) {
                collect(path, segment + 1, cursor, depth + 1, into);
                return BsonType.ARRAY;
            }
            if (cursor.type() != BsonType.DOCUMENT) {
                return BsonType.NONE;
            }
            cursor.enter();
        }
    }

    private BsonCursor cursor(int index) {
        if (index >= cursors.length) {
            int from = cursors.length;
            cursors = Arrays.copyOf(cursors, index + 8);
            for (int i = from; i < cursors.length; i++) {
                cursors[i] = new BsonCursor();
            }
        }
        return cursors[index];
    }
}
