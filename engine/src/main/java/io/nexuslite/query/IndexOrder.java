package io.nexuslite.query;

import io.nexuslite.bson.FieldName;
import io.nexuslite.index.IndexDefinition;
import io.nexuslite.index.IndexPath;
import java.util.List;

/** Whether walking an index gives the order that a query asks for. */
final class IndexOrder {
    static final int NONE = 0;
    static final int FORWARDS = 1;
    static final int BACKWARDS = -1;

    private IndexOrder() {
    }

    /**
     * In which direction the ranges of {@code bounds} are walked for the order of {@code sort}, or {@link #NONE}.
     *
     * <p>The paths of the sort must be those of the index, one after the other; paths that have one value only are passed over. A
     * path with arrays gives no order, since a document stands there more than once. Behind its paths, an index that is not
     * unique is in the order of {@code _id}.
     */
    static int of(Sort sort, IndexDefinition definition, IndexBounds bounds, long multikeyPaths) {
        List<Sort.Part> parts = sort.parts();
        List<IndexPath> paths = definition.paths();
        int matched = 0;
        int direction = NONE;
        for (int i = 0; i < paths.size() && matched < parts.size(); i++) {
            IndexPath path = paths.get(i);
            Sort.Part part = parts.get(matched);
            boolean single = i < bounds.pointPaths() && bounds.perPath().get(i).ranges().size() == 1;
            if (!part.path().toString().equals(path.path())) {
                if (!single) {
                    return NONE;
                }
                continue;
            }
            if ((multikeyPaths & 1L << i) != 0) {
                return NONE;
            }
            if (!single) {
                int wanted = part.descending() == path.descending() ? FORWARDS : BACKWARDS;
                if (direction != NONE && direction != wanted) {
                    return NONE;
                }
                direction = wanted;
            }
            matched++;
        }
        if (matched == parts.size() - 1 && !definition.unique()
                && parts.get(matched).path().toString().equals(FieldName.ID.name())) {
            int wanted = parts.get(matched).descending() ? BACKWARDS : FORWARDS;
            if (direction == NONE || direction == wanted) {
                direction = wanted;
                matched++;
            }
        }
        if (matched < parts.size()) {
            return NONE;
        }
        return direction == NONE ? FORWARDS : direction;
    }
}
