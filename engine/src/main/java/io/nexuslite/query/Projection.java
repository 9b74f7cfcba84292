package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.error.InvalidQueryException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which fields of a document a query gives: those that are named, or all but those. Immutable; any thread.
 *
 * <p>Fields keep the order of the document. {@code _id} is given unless it is excluded by name. A path goes through arrays: it
 * means the fields of their documents; other elements are left out by an inclusion and kept by an exclusion. Digits are names
 * here, never places.
 */
public final class Projection {
    private final Node root;
    private final boolean inclusion;

    private Projection(Node root, boolean inclusion) {
        this.root = root;
        this.inclusion = inclusion;
    }

    /** A name that is given or left out as a whole, or goes on to further names. */
    private static final class Node {
        private final FieldName name;
        private final List<Node> children = new ArrayList<>();
        /** Given or left out as a whole. */
        private boolean whole;

        private Node(FieldName name) {
            this.name = name;
        }

        private Node find(BsonCursor cursor) {
            for (int i = 0; i < children.size(); i++) {
                if (cursor.nameEquals(children.get(i).name)) {
                    return children.get(i);
                }
            }
            return null;
        }

        private Node child(FieldName childName) {
            for (Node child : children) {
                if (child.name.equals(childName)) {
                    return child;
                }
            }
            Node added = new Node(childName);
            children.add(added);
            return added;
        }
    }

    /**
     * Parses a projection.
     *
     * @param specification a validated document; not kept
     * @throws InvalidQueryException if it mixes inclusion and exclusion, names a path twice, or holds anything but 0, 1 and
     *     booleans
     */
    public static Projection parse(BsonView specification, QueryLimits limits) {
        Parser parser = new Parser(limits);
        parser.parse(new BsonCursor().wrap(specification), "");
        return parser.finish();
    }

    /** Whether the projection gives every document as it is. */
    public boolean isIdentity() {
        return !inclusion && root.children.isEmpty();
    }

    /** Writes what is given of a document into {@code into}, which has been wrapped and stands before its root. */
    public void apply(BsonView document, BsonWriter into) {
        into.startDocument();
        copy(root, new BsonCursor().wrap(document), into);
        into.endDocument();
    }

    private void copy(Node node, BsonCursor cursor, BsonWriter into) {
        while (cursor.next()) {
            Node child = node.find(cursor);
            if (child == null) {
                if (!inclusion) {
                    into.element(cursor);
                }
            } else if (child.whole) {
                if (inclusion) {
                    into.element(cursor);
                }
            } else if (cursor.type() == BsonType.DOCUMENT || cursor.type() == BsonType.ARRAY) {
                into.name(cursor.memory(), cursor.nameOffset(), cursor.nameLength());
                copyContainer(child, cursor, into);
            } else if (!inclusion) {
                into.element(cursor);
            }
        }
    }

    private void copyContainer(Node node, BsonCursor cursor, BsonWriter into) {
        boolean isDocument = cursor.type() == BsonType.DOCUMENT;
        cursor.enter();
        if (isDocument) {
            into.startDocument();
            copy(node, cursor, into);
            into.endDocument();
        } else {
            into.startArray();
            copyElements(node, cursor, into);
            into.endArray();
        }
        cursor.leave();
    }

    private void copyElements(Node node, BsonCursor cursor, BsonWriter into) {
        while (cursor.next()) {
            if (cursor.type() == BsonType.DOCUMENT || cursor.type() == BsonType.ARRAY) {
                copyContainer(node, cursor, into);
            } else if (!inclusion) {
                into.value(cursor);
            }
        }
    }

    /** Builds one projection. */
    private static final class Parser {
        private final QueryLimits limits;
        private final Node root = new Node(null);
        private Boolean inclusion;
        private Boolean id;

        private Parser(QueryLimits limits) {
            this.limits = limits;
        }

        private void parse(BsonCursor cursor, String prefix) {
            while (cursor.next()) {
                String path = prefix + cursor.name();
                if (cursor.type() == BsonType.DOCUMENT) {
                    parseNested(cursor, path);
                } else if (cursor.type() == BsonType.BOOLEAN || BsonType.isNumber(cursor.type())) {
                    add(path, Values.isTruthy(cursor.type(), cursor.memory(), cursor.valueOffset()));
                } else {
                    throw new InvalidQueryException("expected 0, 1 or a boolean, found "
                            + BsonType.alias(cursor.type()), path, "");
                }
            }
        }

        private void parseNested(BsonCursor cursor, String path) {
            BsonCursor inner = new BsonCursor().wrap(cursor.memory(), cursor.valueOffset(), cursor.valueLength());
            if (!inner.next()) {
                throw new InvalidQueryException("expected fields, found an empty document", path, "");
            }
            if (inner.name().startsWith("$")) {
                throw new InvalidQueryException("unknown operator of a projection", path, inner.name());
            }
            parse(new BsonCursor().wrap(cursor.memory(), cursor.valueOffset(), cursor.valueLength()), path + ".");
        }

        private void add(String dotted, boolean included) {
            if (dotted.equals(FieldName.ID.name())) {
                id = included;
                return;
            }
            FieldPath path = FieldPath.parse(dotted, limits);
            Node node = root;
            for (int i = 0; i < path.length(); i++) {
                String name = path.name(i).name();
                if (name.isEmpty() || name.startsWith("$")) {
                    throw new InvalidQueryException("expected names that are not empty and do not start with $", dotted,
                            name);
                }
                if (node.whole) {
                    throw collision(dotted);
                }
                node = node.child(path.name(i));
            }
            if (node.whole || !node.children.isEmpty()) {
                throw collision(dotted);
            }
            node.whole = true;
            if (inclusion != null && inclusion != included) {
                throw new InvalidQueryException("expected either fields to keep or fields to leave out, found both",
                        dotted, "");
            }
            inclusion = included;
        }

        private static InvalidQueryException collision(String path) {
            return new InvalidQueryException("expected paths that do not contain each other", path, "");
        }

        private Projection finish() {
            boolean includes = inclusion != null ? inclusion : id != null && id;
            boolean givesId = id == null || id;
            Node idNode = root.child(FieldName.ID);
            if (includes == givesId) {
                idNode.whole = idNode.children.isEmpty(); // else a path below _id was named
            } else if (idNode.children.isEmpty()) {
                root.children.remove(idNode);
            }
            return new Projection(root, includes);
        }
    }
}
