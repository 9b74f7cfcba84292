package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.FieldName;
import io.nexuslite.error.InvalidQueryException;
import java.util.ArrayList;

/** Reads one projection into nodes. Used once. */
final class ProjectionParser {
    private static final String SLICE = "$slice";
    private static final String ELEMENT_MATCH = "$elemMatch";
    private static final String MATCHED = ".$";
    private static final long MANY = Integer.MAX_VALUE;

    private final QueryLimits limits;
    private final ProjectionNode root = new ProjectionNode(null);
    private Boolean inclusion;
    private Boolean id;
    private boolean hasElementMatch;
    private String matchedPath;
    private int pathCount;

    ProjectionParser(QueryLimits limits) {
        this.limits = limits;
    }

    Projection parse(BsonView specification) {
        parse(new BsonCursor().wrap(specification), "", 0);
        return finish();
    }

    private void parse(BsonCursor cursor, String prefix, int depth) {
        if (depth == limits.depthMax()) {
            throw new InvalidQueryException("expected at most " + limits.depthMax() + " levels, found more", prefix,
                    "");
        }
        while (cursor.next()) {
            String path = prefix + cursor.name();
            if (cursor.type() == BsonType.DOCUMENT) {
                parseNested(cursor, path, depth);
            } else if (cursor.type() == BsonType.BOOLEAN || BsonType.isNumber(cursor.type())) {
                add(path, Values.isTruthy(cursor.type(), cursor.memory(), cursor.valueOffset()));
            } else {
                throw new InvalidQueryException("expected 0, 1, a boolean, $slice or $elemMatch, found "
                        + BsonType.alias(cursor.type()), path, "");
            }
        }
    }

    private void parseNested(BsonCursor cursor, String path, int depth) {
        BsonCursor inner = Values.inside(cursor);
        if (!inner.next()) {
            throw new InvalidQueryException("expected fields, found an empty document", path, "");
        }
        String operator = inner.name();
        if (!operator.startsWith("$")) {
            parse(Values.inside(cursor), path + ".", depth + 1);
            return;
        }
        if (path.endsWith(MATCHED)) {
            throw new InvalidQueryException("expected 1 for the element that the filter met", path, operator);
        }
        switch (operator) {
            case SLICE -> addSlice(path, inner);
            case ELEMENT_MATCH -> addElementMatch(path, inner);
            default -> throw new InvalidQueryException("unknown operator of a projection", path, operator);
        }
        if (inner.next()) {
            throw new InvalidQueryException("expected one operator, found two", path, inner.name());
        }
    }

    private void addSlice(String path, BsonCursor operand) {
        ProjectionNode node = node(path);
        node.kind = ProjectionNode.Kind.SLICE;
        if (operand.type() != BsonType.ARRAY) {
            long count = number(path, operand);
            node.skip = Math.min(0, count);
            node.limit = count < 0 ? MANY : count;
            return;
        }
        BsonCursor pair = Values.inside(operand);
        if (!pair.next()) {
            throw wrongSlice(path);
        }
        node.skip = number(path, pair);
        if (!pair.next()) {
            throw wrongSlice(path);
        }
        node.limit = number(path, pair);
        if (node.limit <= 0 || pair.next()) {
            throw wrongSlice(path);
        }
    }

    private static InvalidQueryException wrongSlice(String path) {
        return new InvalidQueryException("expected a number, or two of which the second is positive", path, SLICE);
    }

    private static long number(String path, BsonCursor cursor) {
        if (!Values.fitsLong(cursor.type(), cursor.memory(), cursor.valueOffset())) {
            throw wrongSlice(path);
        }
        return Math.clamp(Values.whole(cursor.type(), cursor.memory(), cursor.valueOffset()), -MANY, MANY);
    }

    private void addElementMatch(String dotted, BsonCursor operand) {
        FieldPath path = FieldPath.parse(dotted, limits);
        if (path.length() > 1) {
            throw new InvalidQueryException("expected a field of the document itself", dotted, ELEMENT_MATCH);
        }
        ProjectionNode node = node(dotted);
        node.kind = ProjectionNode.Kind.FIRST_MATCH;
        node.match = new FilterParser(limits, new ArrayList<>()).parseElementMatch(path, operand);
        hasElementMatch = true;
    }

    private void add(String dotted, boolean included) {
        if (dotted.equals(FieldName.ID.name())) {
            id = included;
            return;
        }
        if (dotted.endsWith(MATCHED)) {
            if (matchedPath != null || !included) {
                throw new InvalidQueryException(included
                        ? "expected one path to the element that the filter met, found two"
                        : "expected 1 for the element that the filter met", dotted, "$");
            }
            matchedPath = dotted;
            node(dotted.substring(0, dotted.length() - MATCHED.length())).kind = ProjectionNode.Kind.WHOLE;
            markMatchedPath();
        } else {
            node(dotted).kind = ProjectionNode.Kind.WHOLE;
        }
        if (inclusion != null && inclusion != included) {
            throw new InvalidQueryException("expected either fields to keep or fields to leave out, found both",
                    dotted, "");
        }
        inclusion = included;
    }

    private void markMatchedPath() {
        FieldPath path = FieldPath.parse(matchedPath, limits);
        ProjectionNode node = root;
        for (int i = 0; i < path.length() - 1; i++) {
            node = node.find(path.name(i));
            node.isOnMatchedPath = true;
        }
    }

    /** A new node, which contains no other and is contained in none. */
    private ProjectionNode node(String dotted) {
        if (pathCount++ == limits.predicatesMax()) {
            throw new InvalidQueryException("expected at most " + limits.predicatesMax() + " paths, found more", dotted,
                    "");
        }
        FieldPath path = FieldPath.parse(dotted, limits);
        ProjectionNode node = root;
        for (int i = 0; i < path.length(); i++) {
            String name = path.name(i).name();
            boolean isReference = i > 0 && FilterParser.REFERENCE.contains(name);
            if (name.isEmpty() || name.startsWith("$") && !isReference) {
                throw new InvalidQueryException("expected names that are not empty and do not start with $", dotted,
                        name);
            }
            if (node.kind != ProjectionNode.Kind.PARENT) {
                throw collision(dotted);
            }
            node = node.child(path.name(i));
        }
        if (node.kind != ProjectionNode.Kind.PARENT || !node.children.isEmpty()) {
            throw collision(dotted);
        }
        return node;
    }

    private static InvalidQueryException collision(String path) {
        return new InvalidQueryException("expected paths that do not contain each other", path, "");
    }

    private Projection finish() {
        boolean includes = inclusion != null ? inclusion : hasElementMatch || id != null && id;
        boolean givesId = id == null || id;
        ProjectionNode idNode = root.find(FieldName.ID);
        if (idNode == null && includes == givesId) {
            root.child(FieldName.ID).kind = ProjectionNode.Kind.WHOLE;
        } else if (idNode != null && id != null) {
            throw collision(FieldName.ID.name());
        }
        return new Projection(root, includes, matchedPath);
    }
}
