package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.UpdateFailedException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The paths of an update as a tree of names: an operation at the ends, fields to go on with before. Built once, then never
 * changed; any thread applies it.
 *
 * <p>A child may stand for the element that the filter met ({@code $}), which is known when the update is applied. Or all children
 * stand for elements ({@code $[]}, {@code $[identifier]}); such a node takes arrays only, and an element that several of them
 * mean gets their union.
 */
final class UpdateNode {
    /** Most nulls that are put between the end of an array and a new element. */
    static final int PADDING_MAX = 1_500_000;

    private final FieldName name;
    /** The path up to here, for errors. */
    private final String path;
    private final int arrayIndex;
    /** Which elements the name means; {@code null} for a plain name. */
    private final ArrayFilter elements;
    /** In the order in which new fields are made: names that are numbers by their value, then the others by their letters. */
    private final List<UpdateNode> children = new ArrayList<>();
    private UpdateOperation operation;

    private UpdateNode(FieldName name, String path, ArrayFilter elements) {
        this.name = name;
        this.path = path;
        this.elements = elements;
        this.arrayIndex = name == null ? FieldPath.NO_INDEX : FieldPath.arrayIndex(name.name());
    }

    static UpdateNode root() {
        return new UpdateNode(null, "", null);
    }

    FieldName name() {
        return name;
    }

    String path() {
        return path;
    }

    UpdateOperation operation() {
        return operation;
    }

    List<UpdateNode> children() {
        return children;
    }

    /** Whether it stands for the element that the filter met. */
    boolean isMatched() {
        return elements == ArrayFilter.MATCHED;
    }

    /** Whether its children stand for elements of an array. */
    boolean isOfElements() {
        return !children.isEmpty() && standsForElements(children.getFirst().elements);
    }

    private static boolean standsForElements(ArrayFilter elements) {
        return elements != null && elements != ArrayFilter.MATCHED;
    }

    /** A node below, or this, that has an operation. */
    UpdateNode end() {
        UpdateNode end = this;
        while (end.operation == null) {
            end = end.children.getFirst();
        }
        return end;
    }

    /** A node of this path with another name and nothing below; {@link #hang} completes it. */
    UpdateNode emptyAs(FieldName newName) {
        return new UpdateNode(newName, path, isMatched() ? null : elements);
    }

    /** This node with another name. */
    UpdateNode as(FieldName newName) {
        UpdateNode renamed = emptyAs(newName);
        renamed.operation = operation;
        renamed.children.addAll(children);
        return renamed;
    }

    void hang(UpdateNode child) {
        children.add(child);
        children.sort(UpdateNode::compare);
    }

    /**
     * Hangs an operation at its path, which must neither be there nor contain one that is, or be contained in one.
     *
     * @param dynamic what each segment stands for, {@code null} for a plain name; {@code null} where all are
     */
    void add(FieldPath at, ArrayFilter[] dynamic, UpdateOperation newOperation) {
        UpdateNode node = this;
        for (int i = 0; i < at.length(); i++) {
            ArrayFilter segment = dynamic == null ? null : dynamic[i];
            boolean differs = !node.children.isEmpty() && node.isOfElements() != standsForElements(segment);
            if (node.operation != null || differs) {
                throw conflict(node.end().path, at.toString(), newOperation);
            }
            node = node.child(at.name(i), segment);
        }
        if (node.operation != null || !node.children.isEmpty()) {
            throw conflict(node.end().path, at.toString(), newOperation);
        }
        node.operation = newOperation;
    }

    private static InvalidQueryException conflict(String first, String second, UpdateOperation operation) {
        return new InvalidQueryException("expected paths that do not contain each other, found " + first + " and "
                + second, second, operation.operator());
    }

    private UpdateNode child(FieldName childName, ArrayFilter childElements) {
        for (UpdateNode child : children) {
            if (child.name.equals(childName)) {
                return child;
            }
        }
        UpdateNode added = new UpdateNode(childName, path.isEmpty()
                ? childName.name()
                : path + "." + childName.name(), childElements);
        hang(added);
        return added;
    }

    private static int compare(UpdateNode a, UpdateNode b) {
        boolean isIndex = a.arrayIndex != FieldPath.NO_INDEX;
        if (isIndex != (b.arrayIndex != FieldPath.NO_INDEX)) {
            return isIndex ? -1 : 1;
        }
        return isIndex ? Integer.compare(a.arrayIndex, b.arrayIndex) : a.name.name().compareTo(b.name.name());
    }

    /** Writes the fields of a document as they are afterwards. The cursor stands before its first element. */
    void applyToFields(BsonCursor cursor, BsonWriter into, UpdateRun run) {
        resolved(run).applyToResolved(cursor, into, run);
    }

    private UpdateNode resolved(UpdateRun run) {
        for (UpdateNode child : children) {
            if (child.isMatched()) {
                return UpdateMerge.resolved(this, run.position);
            }
        }
        return this;
    }

    private void applyToResolved(BsonCursor cursor, BsonWriter into, UpdateRun run) {
        boolean[] met = new boolean[children.size()];
        while (cursor.next()) {
            int index = find(cursor);
            if (index < 0 || met[index]) {
                into.element(cursor);
                continue;
            }
            met[index] = true;
            UpdateNode child = children.get(index);
            if (child.operation == null || !child.operation.removes()) {
                into.name(child.name);
                child.applyToValue(cursor, into, run);
            }
        }
        for (int i = 0; i < met.length; i++) {
            if (!met[i] && children.get(i).creates(run)) {
                into.name(children.get(i).name);
                children.get(i).create(into, run);
            }
        }
    }

    private int find(BsonCursor cursor) {
        for (int i = 0; i < children.size(); i++) {
            if (cursor.nameEquals(children.get(i).name)) {
                return i;
            }
        }
        return -1;
    }

    /** Writes the value that the cursor stands on as it is afterwards. */
    private void applyToValue(BsonCursor cursor, BsonWriter into, UpdateRun run) {
        if (operation != null) {
            operation.apply(cursor.type(), cursor.memory(), cursor.valueOffset(), cursor.valueLength(), into, run);
        } else if (isOfElements()) {
            applyToElements(cursor, into, run);
        } else if (cursor.type() == BsonType.DOCUMENT) {
            cursor.enter();
            into.startDocument();
            applyToFields(cursor, into, run);
            into.endDocument();
            cursor.leave();
        } else if (cursor.type() == BsonType.ARRAY) {
            resolved(run).applyToArray(cursor, into, run);
        } else {
            for (UpdateNode child : resolved(run).children) {
                child.requireIndifference(cursor.type(), run);
            }
            into.value(cursor);
        }
    }

    private void applyToElements(BsonCursor cursor, BsonWriter into, UpdateRun run) {
        if (cursor.type() != BsonType.ARRAY) {
            throw noArray(BsonType.alias(cursor.type()));
        }
        for (UpdateNode child : children) {
            child.requireReachIntoArrays(run);
        }
        cursor.enter();
        into.startArray();
        List<UpdateNode> selected = new ArrayList<>();
        while (cursor.next()) {
            selected.clear();
            for (UpdateNode child : children) {
                if (child.elements.selects(cursor, run)) {
                    selected.add(child);
                }
            }
            if (selected.isEmpty()) {
                into.value(cursor);
            } else {
                UpdateMerge.all(selected).applyToValue(cursor, into, run);
            }
        }
        cursor.leave();
        into.endArray();
    }

    private UpdateFailedException noArray(String found) {
        UpdateNode end = end();
        return new UpdateFailedException("expected an array at " + path + ", found " + found, end.path,
                end.operation.operator());
    }

    private void applyToArray(BsonCursor cursor, BsonWriter into, UpdateRun run) {
        for (UpdateNode child : children) {
            child.requireReachIntoArrays(run);
            if (child.arrayIndex == FieldPath.NO_INDEX) {
                child.requireIndifference(BsonType.ARRAY, run);
            }
        }
        cursor.enter();
        into.startArray();
        int index = 0;
        int next = 0;
        for (; cursor.next(); index++) {
            while (next < children.size() && children.get(next).arrayIndex < index
                    && children.get(next).arrayIndex != FieldPath.NO_INDEX) {
                next++;
            }
            if (next < children.size() && children.get(next).arrayIndex == index) {
                children.get(next++).applyToValue(cursor, into, run);
            } else {
                into.value(cursor);
            }
        }
        cursor.leave();
        for (; next < children.size(); next++) {
            UpdateNode child = children.get(next);
            if (child.arrayIndex >= index && child.creates(run)) {
                index = child.pad(index, into);
                child.create(into, run);
                index++;
            }
        }
        into.endArray();
    }

    private int pad(int from, BsonWriter into) {
        if (arrayIndex - from > PADDING_MAX) {
            throw new UpdateFailedException("expected at most " + PADDING_MAX + " places behind the end of an array,"
                    + " found more", path, "");
        }
        for (int i = from; i < arrayIndex; i++) {
            into.nullValue();
        }
        return arrayIndex;
    }

    private boolean creates(UpdateRun run) {
        if (operation != null) {
            return operation.creates(run);
        }
        if (isOfElements()) {
            return true; // and fails
        }
        // Places that turn out to be one are refused even where nothing would be made of them.
        for (UpdateNode child : resolved(run).children) {
            if (child.creates(run)) {
                return true;
            }
        }
        return false;
    }

    /** Writes a value where there was none. */
    private void create(BsonWriter into, UpdateRun run) {
        if (operation != null) {
            operation.apply(BsonType.NONE, MemorySegment.NULL, 0, 0, into, run);
            return;
        }
        if (isOfElements()) {
            throw noArray("nothing");
        }
        into.startDocument();
        for (UpdateNode child : resolved(run).children) {
            if (child.creates(run)) {
                into.name(child.name);
                child.create(into, run);
            }
        }
        into.endDocument();
    }

    /** Refuses what cannot go on behind a value that holds no fields, or not this one. */
    private void requireIndifference(byte found, UpdateRun run) {
        if (isOfElements()) {
            throw noArray("nothing");
        }
        if (operation == null) {
            for (UpdateNode child : resolved(run).children) {
                child.requireIndifference(found, run);
            }
        } else if (operation.failsOffThePath(run)) {
            throw new UpdateFailedException("expected a document or a place in an array on the way, found "
                    + BsonType.alias(found), path, operation.operator());
        }
    }

    private void requireReachIntoArrays(UpdateRun run) {
        if (operation != null && !operation.reachesIntoArrays(run)) {
            throw new UpdateFailedException("expected no array on the way, found one", path, operation.operator());
        }
        for (UpdateNode child : children) {
            child.requireReachIntoArrays(run);
        }
    }
}
