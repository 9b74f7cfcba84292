package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.UpdateFailedException;
import java.util.List;
import org.bson.BsonDocument;

/**
 * An update, parsed once: operators at paths, applied to a document in one pass over its bytes. Immutable; any thread may apply
 * it.
 *
 * <p>Fields keep their places; new ones come behind, in the order of their names. Every operation sees the document as it was
 * before the update.
 */
public final class Update {
    private final UpdateNode root;
    /** A path that goes to the element that the filter met, or {@code null}. */
    private final String matchedPath;

    private Update(UpdateNode root, String matchedPath) {
        this.root = root;
        this.matchedPath = matchedPath;
    }

    /**
     * Parses an update.
     *
     * @param specification a validated document; borrowed for as long as the update lives
     * @throws InvalidQueryException if it is a replacement or empty, holds an operator that is unknown or wrongly used, or two
     *     paths of which one contains the other; with path and operator
     */
    public static Update parse(BsonView specification, QueryLimits limits) {
        return parse(specification, List.of(), limits);
    }

    /**
     * As {@link #parse(BsonView, QueryLimits)}, with filters that tell which elements the segments {@code $[identifier]} mean.
     *
     * @param arrayFilters validated documents, each about one identifier; borrowed for as long as the update lives
     * @throws InvalidQueryException also if one is about none or two identifiers, or two about the same, or no path uses one
     */
    public static Update parse(BsonView specification, List<BsonView> arrayFilters, QueryLimits limits) {
        UpdateParser parser = new UpdateParser(limits, ArrayFilter.parse(arrayFilters, limits));
        UpdateNode root = parser.parse(specification);
        return new Update(root, parser.matchedPath());
    }

    /** As {@link #parse(BsonView, QueryLimits)}, for an update that lives by itself: its memory goes with it. */
    public static Update parse(BsonDocument specification, QueryLimits limits) {
        return parse(OwnBytes.of(specification), limits);
    }

    /** Whether it goes to the element that the filter met, for which {@link ArrayPosition} has to look. */
    public boolean usesPosition() {
        return matchedPath != null;
    }

    /**
     * Writes what becomes of a validated document. {@code _id} is treated as any field: its keeping is the caller's to see to.
     *
     * @param into has been wrapped, stands before its root, and writes to other memory than the document's; after an
     *     exception it holds a part
     * @param isInsert whether the document is new, so that {@code $setOnInsert} counts
     * @param nowMillis what {@code $currentDate} sets, milliseconds since 1970 UTC
     * @param position the element of an array that the filter met, from 0 on, or {@link ArrayPosition#NONE}
     * @throws UpdateFailedException if an operator meets a value that it cannot change, two operations one place, or the
     *     filter has met no element where a path asks for it
     * @throws InvalidDocumentException if the result is larger than 16 MiB or deeper than 100 levels
     */
    public void apply(BsonView document, BsonWriter into, boolean isInsert, long nowMillis, int position) {
        if (matchedPath != null && position == ArrayPosition.NONE) {
            throw new UpdateFailedException("expected a filter that meets an element of an array, found none for $",
                    matchedPath, "");
        }
        UpdateRun run = new UpdateRun();
        run.document.wrap(document);
        run.isInsert = isInsert;
        run.nowMillis = nowMillis;
        run.position = position;
        into.startDocument();
        root.applyToFields(new BsonCursor().wrap(document), into, run);
        into.endDocument();
    }

    /**
     * The update that gives a new document what a filter asks for by equality, so that an upsert inserts what the filter
     * would find.
     *
     * @throws InvalidQueryException if two of its paths contain each other
     */
    public static Update ofEqualities(Filter filter) {
        UpdateNode root = UpdateNode.root();
        collectEqualities(filter.root(), root);
        return new Update(root, null);
    }

    private static void collectEqualities(FilterNode node, UpdateNode root) {
        if (node instanceof FilterNode.And and) {
            and.children().forEach(child -> collectEqualities(child, root));
        } else if (node instanceof FilterNode.Or or && or.children().size() == 1) {
            collectEqualities(or.children().getFirst(), root);
        } else if (node instanceof FilterNode.Leaf leaf && leaf.predicate() instanceof Comparison comparison
                && comparison.operator() == Comparison.Operator.EQ) {
            root.add(leaf.path(), null, new Assignment("$eq", comparison.operand(), false));
        }
    }
}
