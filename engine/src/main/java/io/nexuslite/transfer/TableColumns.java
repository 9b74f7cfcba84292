package io.nexuslite.transfer;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.FieldName;
import io.nexuslite.error.InvalidDocumentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The columns of a table that is made of documents: named beforehand, or found as documents come, in the order in which they are
 * first seen. One thread at a time; allocates only when a column is new.
 */
final class TableColumns {
    /** What is done with the value of a column in a document. */
    interface Visitor {
        /** A value; the cursor stands on it and is left there. */
        void value(Node column, BsonCursor cursor);
    }

    private static final int NONE = -1;
    private static final int EMPTY_LENGTH = BsonType.DOCUMENT_SIZE_MIN;

    /** A field, at whatever depth. */
    static final class Node {
        final FieldName name;
        final String path;
        /** Number of its column, or below zero. */
        int column = NONE;
        /** Bits of the BSON types seen, by {@link CellWriter#typeBit}. */
        long types;
        /** Rows in which it had a value, for whom it concerns. */
        long count;
        private Node[] children = new Node[4];
        private int childCount;
        private int hint;

        private Node(FieldName name, String path) {
            this.name = name;
            this.path = path;
        }
    }

    private final boolean open;
    private final boolean nested;
    private final boolean arrays;
    private final Node root = new Node(null, "");
    private final List<Node> columns = new ArrayList<>();
    private final BsonCursor cursor = new BsonCursor();

    /**
     * @param paths names of the columns; where there are none, they are found
     * @param nested whether fields of documents in documents are columns of their own
     * @param arrays whether elements of arrays are columns of their own
     */
    TableColumns(List<String> paths, boolean nested, boolean arrays) {
        this.nested = nested;
        this.arrays = arrays;
        open = paths.isEmpty();
        for (String path : paths) {
            Node node = root;
            for (String step : nested ? path.split("\\.", -1) : new String[]{path}) {
                Node next = find(node, step);
                node = next != null ? next : add(node, FieldName.of(step));
            }
            if (node.column != NONE) {
                throw new IllegalArgumentException("Expected each column once, found '" + path + "' twice");
            }
            addColumn(node);
        }
    }

    int count() {
        return columns.size();
    }

    Node column(int index) {
        return columns.get(index);
    }

    /** Hands over the value of each column that the document has, in the document's order. */
    void visit(BsonView document, Visitor visitor) {
        walk(cursor.wrap(document), root, visitor);
    }

    private void walk(BsonCursor cursor, Node parent, Visitor visitor) {
        parent.hint = 0;
        while (cursor.next()) {
            Node node = find(parent, cursor);
            if (node == null) {
                if (!open) {
                    continue;
                }
                node = add(parent, FieldName.of(cursor.name()));
            }
            if (isInner(cursor, node)) {
                cursor.enter();
                walk(cursor, node, visitor);
                cursor.leave();
            } else if (open || node.column != NONE) {
                if (node.column == NONE) {
                    addColumn(node);
                }
                visitor.value(node, cursor);
            }
        }
    }

    private boolean isInner(BsonCursor cursor, Node node) {
        byte type = cursor.type();
        if (type != BsonType.DOCUMENT && type != BsonType.ARRAY || cursor.valueLength() == EMPTY_LENGTH) {
            return false;
        }
        return open ? type == BsonType.DOCUMENT ? nested : arrays : node.column == NONE;
    }

    private void addColumn(Node node) {
        if (columns.size() == CsvTokens.CELLS_MAX) {
            throw new InvalidDocumentException("expected at most " + CsvTokens.CELLS_MAX + " columns, found more", -1,
                    node.path);
        }
        node.column = columns.size();
        columns.add(node);
    }

    private static Node add(Node parent, FieldName name) {
        Node node = new Node(name, parent.name == null ? name.name() : parent.path + "." + name.name());
        if (parent.childCount == parent.children.length) {
            parent.children = Arrays.copyOf(parent.children, 2 * parent.childCount);
        }
        parent.children[parent.childCount++] = node;
        parent.hint = parent.childCount;
        return node;
    }

    private static Node find(Node parent, String name) {
        for (int i = 0; i < parent.childCount; i++) {
            if (parent.children[i].name.name().equals(name)) {
                return parent.children[i];
            }
        }
        return null;
    }

    /** Looks first behind the one found last: documents mostly have their fields in the same order. */
    private static Node find(Node parent, BsonCursor cursor) {
        Node[] children = parent.children;
        int count = parent.childCount;
        for (int i = parent.hint; i < count; i++) {
            if (cursor.nameEquals(children[i].name)) {
                parent.hint = i + 1;
                return children[i];
            }
        }
        for (int i = Math.min(count, parent.hint) - 1; i >= 0; i--) {
            if (cursor.nameEquals(children[i].name)) {
                parent.hint = i + 1;
                return children[i];
            }
        }
        return null;
    }
}
