package io.nexuslite;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.query.ArrayPosition;
import java.lang.ref.Cleaner;
import java.util.NoSuchElementException;

/** One run of a query: documents of a scan or of a sort, projected and decoded. One thread at a time. */
final class DocumentCursorImpl<T> implements DocumentCursor<T> {
    /** Ends runs that were left open and that nobody can reach. */
    private static final Cleaner CLEANER = Cleaner
            .create(Thread.ofPlatform().daemon().name("nexuslite-cleaner").factory());

    private final DatabaseCore core;
    private final OperationContext context;
    private final DocumentMapper<T> mapper;
    private final CompiledQuery query;
    private final MatchScan scan;
    private final QueryResources resources;
    private final Cleaner.Cleanable cleanable;
    private final SortedResult sorted;
    private final DocumentView current = new DocumentView();
    private final BsonView projected = new BsonView();
    private final BsonWriter writer = new BsonWriter();
    private final Guard guard;
    private long toSkip;
    private long toGive;
    /** Whether {@link #current} shows a document that was not given yet. */
    private boolean isAhead;

    private DocumentCursorImpl(CollectionAccess access, OperationContext context, DocumentMapper<T> mapper,
            CollectionHandle collection, QueryDescription description, CompiledQuery query, ReadScope scope,
            QueryResources resources) {
        this.core = access.core();
        this.context = context;
        this.mapper = mapper;
        this.query = query;
        this.resources = resources;
        toSkip = description.skip;
        toGive = description.limit == 0 ? Long.MAX_VALUE : description.limit;
        guard = new Guard(core, description.maxTime, description.cancellation);
        // The order of a tree of documents is that of the _id; that of the ephemeral ones is not.
        boolean byTree = query.sort() != null && query.sort().isById()
                && !collection.name().equals(io.nexuslite.catalog.CollectionNames.TEMP_DOCUMENTS);
        scan = new MatchScan(scope, context, collection, query.filter(), query.bounds(),
                byTree && query.sort().isDescending(), guard);
        resources.hold(scan);
        sorted = query.sort() == null || byTree ? null : new SortedResult(context.sortBuffer());
        cleanable = CLEANER.register(this, resources);
    }

    static <T> DocumentCursorImpl<T> open(CollectionAccess access, DocumentMapper<T> mapper,
            CollectionHandle collection,
            QueryDescription description) {
        OperationContext context = access.core().contexts().acquire();
        ReadScope scope = null;
        QueryResources resources = null;
        boolean done = false;
        try {
            CompiledQuery query = CompiledQuery.of(description, mapper.type(), access.core(), context);
            scope = access.scan(context, "find " + collection.name());
            resources = new QueryResources(access, context, scope);
            DocumentCursorImpl<T> cursor = new DocumentCursorImpl<>(access, context, mapper, collection, description,
                    query, scope, resources);
            done = true;
            return cursor;
        } finally {
            if (!done) {
                abandon(access, context, scope, resources);
            }
        }
    }

    private static void abandon(CollectionAccess access, OperationContext context, ReadScope scope,
            QueryResources resources) {
        if (resources != null) {
            resources.close();
            return;
        }
        if (scope != null) {
            scope.close();
        }
        access.core().contexts().release(context);
    }

    @Override
    public boolean advance(DocumentView into) {
        if (isAhead) {
            throw new IllegalStateException("hasNext() has read ahead: go on with next()");
        }
        return step(into);
    }

    private boolean step(DocumentView into) {
        if (resources.isClosed()) {
            throw new DatabaseClosedException("cursor");
        }
        boolean done = false;
        try {
            core.checkOpen();
            done = toGive == 0 || !find(into);
            if (!done) {
                toGive--;
                project(into);
                return true;
            }
            close();
            return false;
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private boolean find(DocumentView into) {
        if (sorted != null) {
            return sorted.next(this, query.sort(), into);
        }
        while (toSkip > 0) {
            if (!findMatch()) {
                return false;
            }
            toSkip--;
        }
        if (!findMatch()) {
            return false;
        }
        into.show(scan.record());
        return true;
    }

    /** Goes to the next match in the order of the scan. */
    boolean findMatch() {
        return scan.next();
    }

    /** Ends the query when its time is over. */
    Guard guard() {
        return guard;
    }

    io.nexuslite.store.RecordView match() {
        return scan.record();
    }

    long skip() {
        return toSkip;
    }

    /** How many documents will be read at most, those to be left out included; 0 for all. */
    long wanted() {
        return toGive == Long.MAX_VALUE ? 0 : toSkip + toGive;
    }

    private void project(DocumentView into) {
        if (query.projection() != null) {
            int position = query.projection().usesPosition()
                    ? context.arrayPosition.find(query.filter(), into.document())
                    : ArrayPosition.NONE;
            context.document.reset();
            query.projection().apply(into.document(), writer.wrap(context.document), position);
            into.document().wrap(projected.wrap(context.document));
        }
    }

    @Override
    public boolean hasNext() {
        if (isAhead) {
            return true;
        }
        if (resources.isClosed()) {
            return false;
        }
        isAhead = step(current);
        return isAhead;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        isAhead = false;
        try {
            return mapper.decode(current.document());
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        isAhead = false;
        cleanable.clean();
    }
}
