package io.nexuslite.transfer;

import io.nexuslite.bson.BsonType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which column of a table becomes which field of a document: the names of the columns as a tree. Immutable.
 *
 * <p>A step whose names are exactly {@code 0} to {@code n - 1} is an array, in that order whatever the order of the columns.
 */
final class ColumnPlan {
    private static final int NONE = -1;
    private static final String LIST_SUFFIX = "[]";

    /** A field of the document, or the document itself. */
    static final class Node {
        /** Its name in UTF-8 with the NUL behind it. */
        final byte[] name;
        /** The column that is its value, or below zero. */
        int column = NONE;
        ColumnType type = ColumnType.AUTO;
        /** Whether the cell holds the elements of an array. */
        boolean list;
        /** Whether what is below is an array. */
        boolean array;
        Node[] children = {};
        private Map<String, Node> byName = new LinkedHashMap<>();

        private Node(String name) {
            this.name = (name + "\0").getBytes(StandardCharsets.UTF_8);
        }
    }

    private final Node root = new Node("");
    private final int count;
    /** Paths whose type was said apart from the names. */
    private final List<String> typed = new ArrayList<>();

    private ColumnPlan(int count) {
        this.count = count;
    }

    /**
     * Understands the names of columns.
     *
     * @param names an empty one stands for {@code column1} and so on
     * @throws IllegalArgumentException if a name comes twice, is too deep or cannot be a field's
     */
    static ColumnPlan of(List<String> names, CsvOptions options) {
        ColumnPlan plan = new ColumnPlan(names.size());
        for (int i = 0; i < names.size(); i++) {
            plan.add(names.get(i).isEmpty() ? "column" + (i + 1) : names.get(i), i, options);
        }
        for (String typed : options.types().keySet()) {
            if (!plan.typed.contains(typed)) {
                throw new IllegalArgumentException("expected a column for the type of '" + typed + "', found none");
            }
        }
        settle(plan.root, 0);
        return plan;
    }

    Node root() {
        return root;
    }

    /** Columns of the table. */
    int count() {
        return count;
    }

    private void add(String header, int column, CsvOptions options) {
        String path = header;
        ColumnType type = ColumnType.AUTO;
        int colon = options.typedHeader() ? path.lastIndexOf(':') : NONE;
        if (colon > 0) {
            type = ColumnType.of(path.substring(colon + 1).strip());
            path = path.substring(0, colon);
        }
        ColumnType said = options.types().get(path);
        if (said != null) {
            type = said;
            typed.add(path);
        }
        boolean list = options.nested() && path.endsWith(LIST_SUFFIX) && path.length() > LIST_SUFFIX.length();
        if (list) {
            path = path.substring(0, path.length() - LIST_SUFFIX.length());
        }
        Node node = root;
        for (String step : options.nested() ? path.split("\\.", -1) : new String[]{path}) {
            if (step.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "expected no NUL in the name of a column, found one in '" + header + "'");
            }
            node = node.byName.computeIfAbsent(step, Node::new);
        }
        if (node.column != NONE) {
            throw new IllegalArgumentException("expected each column once, found '" + path + "' twice");
        }
        node.column = column;
        node.type = type;
        node.list = list;
    }

    private static void settle(Node node, int depth) {
        if (depth > BsonType.DEPTH_MAX) {
            throw new IllegalArgumentException(
                    "expected names of at most " + BsonType.DEPTH_MAX + " steps, found more");
        }
        node.array = depth > 0 && isArray(node);
        node.children = node.byName.values().toArray(new Node[0]);
        if (node.array) {
            Arrays.sort(node.children, Comparator.comparingInt(child -> index(child.name)));
        }
        node.byName = null;
        for (Node child : node.children) {
            settle(child, depth + 1);
        }
    }

    private static int index(byte[] name) {
        return Integer.parseInt(new String(name, 0, name.length - 1, StandardCharsets.US_ASCII));
    }

    private static boolean isArray(Node node) {
        int size = node.byName.size();
        for (int i = 0; i < size; i++) {
            if (!node.byName.containsKey(Integer.toString(i))) {
                return false;
            }
        }
        return size > 0;
    }
}
