package io.nexuslite.query;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.UpdateFailedException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
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

    Update(UpdateNode root) {
        this.root = root;
    }

    /**
     * Parses an update.
     *
     * @param specification a validated document; borrowed for as long as the update lives
     * @throws InvalidQueryException if it is a replacement or empty, holds an operator that is unknown or wrongly used, or two
     *     paths of which one contains the other; with path and operator
     */
    public static Update parse(BsonView specification, QueryLimits limits) {
        return new Update(new UpdateParser(limits).parse(specification));
    }

    /** As {@link #parse(BsonView, QueryLimits)}, for an update that lives by itself: its memory goes with it. */
    public static Update parse(BsonDocument specification, QueryLimits limits) {
        try (GrowableBuffer buffer = GrowableBuffer.ofConfined(256, GrowableBuffer.DEFAULT_LIMIT)) {
            int length = BsonBridge.encode(specification, buffer);
            MemorySegment own = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(length));
            MemorySegment.copy(buffer.memory(), 0, own, 0, length);
            return parse(new BsonView().wrap(own, 0, length), limits);
        }
    }

    /**
     * Writes what becomes of a validated document. {@code _id} is treated as any field: its keeping is the caller's to see to.
     *
     * @param into has been wrapped, stands before its root, and writes to other memory than the document's; after an
     *     exception it holds a part
     * @param isInsert whether the document is new, so that {@code $setOnInsert} counts
     * @param nowMillis what {@code $currentDate} sets, milliseconds since 1970 UTC
     * @throws UpdateFailedException if an operator meets a value that it cannot change
     * @throws InvalidDocumentException if the result is larger than 16 MiB or deeper than 100 levels
     */
    public void apply(BsonView document, BsonWriter into, boolean isInsert, long nowMillis) {
        UpdateRun run = new UpdateRun();
        run.document.wrap(document);
        run.isInsert = isInsert;
        run.nowMillis = nowMillis;
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
        return new Update(root);
    }

    private static void collectEqualities(FilterNode node, UpdateNode root) {
        if (node instanceof FilterNode.And and) {
            and.children().forEach(child -> collectEqualities(child, root));
        } else if (node instanceof FilterNode.Or or && or.children().size() == 1) {
            collectEqualities(or.children().getFirst(), root);
        } else if (node instanceof FilterNode.Leaf leaf && leaf.predicate() instanceof Comparison comparison
                && comparison.operator() == Comparison.Operator.EQ) {
            root.add(leaf.path(), new Assignment("$eq", comparison.operand(), false));
        }
    }
}
