package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.FieldName;
import java.util.ArrayList;
import java.util.List;

/** A name in a projection, with what is asked of its field or with names to go on with. Built once, then never changed. */
final class ProjectionNode {
    /** What is asked of a field. */
    enum Kind {
        /** Nothing of the whole: names follow. */
        PARENT,
        /** It is given or left out as a whole. */
        WHOLE,
        /** An array is given in part. */
        SLICE,
        /** An array is given by its first element that matches. */
        FIRST_MATCH
    }

    final FieldName name;
    final List<ProjectionNode> children = new ArrayList<>();
    Kind kind = Kind.PARENT;
    /** For {@code SLICE}: elements left out at the beginning, counted from the end if negative. */
    long skip;
    /** For {@code SLICE}: most elements. */
    long limit;
    /** For {@code FIRST_MATCH}. */
    ElementMatch match;
    /** Whether it lies on the path whose first array is given by the element that the filter met. */
    boolean isOnMatchedPath;

    ProjectionNode(FieldName name) {
        this.name = name;
    }

    ProjectionNode find(BsonCursor cursor) {
        for (int i = 0; i < children.size(); i++) {
            if (cursor.nameEquals(children.get(i).name)) {
                return children.get(i);
            }
        }
        return null;
    }

    ProjectionNode find(FieldName childName) {
        for (ProjectionNode child : children) {
            if (child.name.equals(childName)) {
                return child;
            }
        }
        return null;
    }

    ProjectionNode child(FieldName childName) {
        ProjectionNode found = find(childName);
        if (found == null) {
            found = new ProjectionNode(childName);
            children.add(found);
        }
        return found;
    }
}
