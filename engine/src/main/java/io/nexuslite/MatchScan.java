package io.nexuslite;

import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.catalog.CollectionNames;
import io.nexuslite.query.Filter;
import io.nexuslite.query.IdBounds;
import io.nexuslite.store.RecordView;

/** The live documents of a collection that match a filter, in the order of their keys or against it. One thread at a time. */
final class MatchScan implements AutoCloseable {
    private final ReadScope scope;
    private final OperationContext context;
    private final Filter filter;
    private final RecordSource source;
    private final Guard guard;

    /** Begins; the scope must stay open. Uses the context's record, key and evaluator. The guard may end it at any record. */
    MatchScan(ReadScope scope, OperationContext context, CollectionHandle collection, Filter filter, IdBounds bounds,
            boolean descending, Guard guard) {
        this.guard = guard;
        this.scope = scope;
        this.context = context;
        this.filter = filter;
        this.source = source(scope, context, collection, bounds, descending);
    }

    private static RecordSource source(ReadScope scope, OperationContext context, CollectionHandle collection,
            IdBounds bounds, boolean descending) {
        if (collection.name().equals(CollectionNames.TEMP_DOCUMENTS)) {
            return new TempSource(scope, context);
        }
        CollectionEntry entry = scope.entry(collection);
        if (entry == null) {
            return RecordSource.EMPTY;
        }
        return bounds.hasPoints()
                ? new PointSource(scope, context, entry.tree(), bounds, descending)
                : new RangeSource(scope.cursor(entry.tree()), context, bounds, descending);
    }

    /** Goes to the next document that matches; false at the end. */
    boolean next() {
        while (true) {
            guard.step();
            if (!source.next()) {
                return false;
            }
            RecordView record = source.record();
            long expiry = record.meta().expiryMillis;
            if (expiry != Expiry.NONE && Expiry.isExpired(expiry, scope.nowMillis())) {
                continue;
            }
            if (context.evaluator.matches(filter, record.memory(), record.offset(), record.length())) {
                return true;
            }
        }
    }

    /** The current document. Valid until the next step. */
    RecordView record() {
        return source.record();
    }

    @Override
    public void close() {
        source.close();
    }
}
