package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.error.InvalidQueryException;
import java.util.List;

/**
 * Which fields of a document a query gives: those that are named, or all but those; and which elements of arrays. Immutable; any
 * thread.
 *
 * <p>Fields keep the order of the document, save that those by {@code $elemMatch} come last. {@code _id} is given unless it is
 * excluded by name. A path goes through arrays: it means the fields of their documents; other elements are left out by an
 * inclusion and kept by an exclusion. Digits are names here, never places. {@code $slice} does not reach into arrays in arrays.
 */
public final class Projection {
    private final ProjectionNode root;
    private final boolean inclusion;
    /** The path that ends in {@code $}, or {@code null}. */
    private final String matchedPath;

    Projection(ProjectionNode root, boolean inclusion, String matchedPath) {
        this.root = root;
        this.inclusion = inclusion;
        this.matchedPath = matchedPath;
    }

    /**
     * Parses a projection.
     *
     * @param specification a validated document; borrowed for as long as the projection lives
     * @throws InvalidQueryException if it mixes inclusion and exclusion, names a path twice, or holds anything but 0, 1,
     *     booleans, {@code $slice} and {@code $elemMatch}
     */
    public static Projection parse(BsonView specification, QueryLimits limits) {
        return new ProjectionParser(limits).parse(specification);
    }

    /** Whether the projection gives every document as it is. */
    public boolean isIdentity() {
        return !inclusion && root.children.isEmpty();
    }

    /** Whether it gives the element that the filter met, for which {@link ArrayPosition} has to look. */
    public boolean usesPosition() {
        return matchedPath != null;
    }

    /**
     * Writes what is given of a document into {@code into}, which has been wrapped and stands before its root.
     *
     * @param position the element of an array that the filter met, from 0 on, or {@link ArrayPosition#NONE}
     * @throws InvalidQueryException if an array is to be given by the element that the filter met, and it met none, or one that
     *     this array does not have
     */
    public void apply(BsonView document, BsonWriter into, int position) {
        new Run(into, position).applyTo(document);
    }

    /** One application. */
    private final class Run {
        private final BsonWriter into;
        private final int position;
        private EvaluationScratch scratch;
        /** Whether the first array of the matched path is still to come on the way down. */
        private boolean seeksMatched = matchedPath != null;
        /** Arrays around the cursor that lie directly in another. */
        private int nestedArrays;

        private Run(BsonWriter into, int position) {
            this.into = into;
            this.position = position;
        }

        private void applyTo(BsonView document) {
            into.startDocument();
            copyFields(root, new BsonCursor().wrap(document));
            if (inclusion) {
                appendMatches(document);
            }
            into.endDocument();
        }

        private void copyFields(ProjectionNode node, BsonCursor cursor) {
            while (cursor.next()) {
                ProjectionNode child = node.find(cursor);
                if (child == null) {
                    if (!inclusion) {
                        into.element(cursor);
                    }
                    continue;
                }
                switch (child.kind) {
                    case WHOLE -> copyWhole(child, cursor);
                    case SLICE -> copySlice(child, cursor);
                    case FIRST_MATCH -> {
                        if (!inclusion) {
                            copyMatch(child, cursor);
                        }
                    }
                    case PARENT -> copyParent(child, cursor);
                }
            }
        }

        private void copyWhole(ProjectionNode node, BsonCursor cursor) {
            if (!inclusion) {
                return;
            }
            if (seeksMatched && node.isOnMatchedPath && cursor.type() == BsonType.ARRAY) {
                name(cursor);
                BsonCursor element = matchedElement(cursor);
                into.startArray().value(element).endArray();
            } else {
                into.element(cursor);
            }
        }

        private void copyParent(ProjectionNode node, BsonCursor cursor) {
            if (cursor.type() != BsonType.DOCUMENT && cursor.type() != BsonType.ARRAY) {
                if (!inclusion) {
                    into.element(cursor);
                }
                return;
            }
            name(cursor);
            if (seeksMatched && node.isOnMatchedPath && cursor.type() == BsonType.ARRAY) {
                BsonCursor element = matchedElement(cursor);
                seeksMatched = false;
                into.startArray();
                copyElement(node, element);
                into.endArray();
                seeksMatched = true;
            } else {
                copyContainer(node, cursor);
            }
        }

        private void name(BsonCursor cursor) {
            into.name(cursor.memory(), cursor.nameOffset(), cursor.nameLength());
        }

        private void copyContainer(ProjectionNode node, BsonCursor cursor) {
            boolean isDocument = cursor.type() == BsonType.DOCUMENT;
            cursor.enter();
            if (isDocument) {
                into.startDocument();
                copyFields(node, cursor);
                into.endDocument();
            } else {
                into.startArray();
                while (cursor.next()) {
                    copyElement(node, cursor);
                }
                into.endArray();
            }
            cursor.leave();
        }

        private void copyElement(ProjectionNode node, BsonCursor element) {
            if (element.type() == BsonType.DOCUMENT) {
                copyContainer(node, element);
            } else if (element.type() == BsonType.ARRAY) {
                nestedArrays++;
                copyContainer(node, element);
                nestedArrays--;
            } else if (!inclusion) {
                into.value(element);
            }
        }

        private BsonCursor matchedElement(BsonCursor array) {
            BsonCursor elements = Values.inside(array);
            for (int i = 0; elements.next(); i++) {
                if (i == position) {
                    return elements;
                }
            }
            throw new InvalidQueryException(position == ArrayPosition.NONE
                    ? "expected a filter that meets an element of an array, found none for $"
                    : "expected an array with the element that the filter met, found a shorter one", matchedPath, "$");
        }

        private void copySlice(ProjectionNode node, BsonCursor cursor) {
            if (cursor.type() != BsonType.ARRAY || nestedArrays > 0) {
                into.element(cursor);
                return;
            }
            name(cursor);
            into.startArray();
            BsonCursor elements = Values.inside(cursor);
            long from = node.skip < 0 ? Math.max(0, count(cursor) + node.skip) : node.skip;
            for (long i = 0; i < from + node.limit && elements.next(); i++) {
                if (i >= from) {
                    into.value(elements);
                }
            }
            into.endArray();
        }

        private static int count(BsonCursor array) {
            BsonCursor elements = Values.inside(array);
            int count = 0;
            while (elements.next()) {
                count++;
            }
            return count;
        }

        private void appendMatches(BsonView document) {
            List<ProjectionNode> nodes = root.children;
            for (int i = 0; i < nodes.size(); i++) {
                ProjectionNode node = nodes.get(i);
                BsonCursor cursor = new BsonCursor();
                if (node.kind == ProjectionNode.Kind.FIRST_MATCH && document.find(node.name, cursor)) {
                    copyMatch(node, cursor);
                }
            }
        }

        private void copyMatch(ProjectionNode node, BsonCursor cursor) {
            if (cursor.type() != BsonType.ARRAY) {
                return;
            }
            if (scratch == null) {
                scratch = new EvaluationScratch();
            }
            int found = node.match.position(cursor.memory(), cursor.valueOffset(), scratch);
            if (found < 0) {
                return;
            }
            name(cursor);
            BsonCursor elements = Values.inside(cursor);
            for (int i = 0; i <= found; i++) {
                elements.next();
            }
            into.startArray().value(elements).endArray();
        }
    }
}
