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
 */
final class UpdateNode {
    /** Most nulls that are put between the end of an array and a new element. */
    static final int PADDING_MAX = 1_500_000;

    private final FieldName name;
    /** The path up to here, for errors. */
    private final String path;
    private final int arrayIndex;
    /** In the order in which new fields are made: names that are numbers by their value, then the others by their letters. */
    private final List<UpdateNode> children = new ArrayList<>();
    private UpdateOperation operation;

    private UpdateNode(FieldName name, String path) {
        this.name = name;
        this.path = path;
        this.arrayIndex = name == null ? FieldPath.NO_INDEX : FieldPath.arrayIndex(name.name());
    }

    static UpdateNode root() {
        return new UpdateNode(null, "");
    }

    /** Whether nothing is asked. */
    boolean isEmpty() {
        return children.isEmpty();
    }

    /** Hangs an operation at its path, which must neither be there nor contain one that is, or be contained in one. */
    void add(FieldPath at, UpdateOperation newOperation) {
        UpdateNode node = this;
        for (int i = 0; i < at.length(); i++) {
            if (node.operation != null) {
                throw conflict(node.path, at.toString(), newOperation);
            }
            node = node.child(at.name(i));
        }
        if (node.operation != null || !node.children.isEmpty()) {
            UpdateNode other = node;
            while (other.operation == null) {
                other = other.children.getFirst();
            }
            throw conflict(other.path, at.toString(), newOperation);
        }
        node.operation = newOperation;
    }

    private static InvalidQueryException conflict(String first, String second, UpdateOperation operation) {
        return new InvalidQueryException("expected paths that do not contain each other, found " + first + " and "
                + second, second, operation.operator());
    }

    private UpdateNode child(FieldName childName) {
        for (UpdateNode child : children) {
            if (child.name.equals(childName)) {
                return child;
            }
        }
        UpdateNode added = new UpdateNode(childName, path.isEmpty()
                ? childName.name()
                : path + "." + childName.name());
        children.add(added);
        children.sort(UpdateNode::compare);
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
        } else if (cursor.type() == BsonType.DOCUMENT) {
            cursor.enter();
            into.startDocument();
            applyToFields(cursor, into, run);
            into.endDocument();
            cursor.leave();
        } else if (cursor.type() == BsonType.ARRAY) {
            applyToArray(cursor, into, run);
        } else {
            for (UpdateNode child : children) {
                child.requireIndifference(cursor.type(), run);
            }
            into.value(cursor);
        }
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
        for (UpdateNode child : children) {
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
        into.startDocument();
        for (UpdateNode child : children) {
            if (child.creates(run)) {
                into.name(child.name);
                child.create(into, run);
            }
        }
        into.endDocument();
    }

    /** Refuses what cannot go on behind a value that holds no fields, or not this one. */
    private void requireIndifference(byte found, UpdateRun run) {
        if (operation == null) {
            for (UpdateNode child : children) {
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
