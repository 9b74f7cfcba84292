package io.nexuslite;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.query.Filter;
import io.nexuslite.query.IdBounds;
import io.nexuslite.query.Projection;
import io.nexuslite.query.QueryLimits;
import io.nexuslite.query.Sort;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;

/**
 * A query parsed into trees, which borrow the context's query buffer: good for as long as that is not used again.
 *
 * @param sort {@code null} if no order is asked for
 * @param projection {@code null} if documents are given as they are
 */
record CompiledQuery(Filter filter, IdBounds bounds, Sort sort, Projection projection) {
    private static final Bson EMPTY = new BsonDocument();

    static CompiledQuery of(QueryDescription description, Class<?> documentClass, DatabaseCore core,
            OperationContext context) {
        GrowableBuffer buffer = context.query;
        buffer.reset();
        int filterEnd = encode(description.filter, documentClass, core, buffer);
        int sortEnd = encode(description.sort, documentClass, core, buffer);
        int projectionEnd = encode(description.projection, documentClass, core, buffer);
        // Only now does the buffer's memory stay where it is.
        Filter filter = Filter.parse(view(buffer, 0, filterEnd), QueryLimits.DEFAULTS);
        Sort sort = Sort.parse(view(buffer, filterEnd, sortEnd), QueryLimits.DEFAULTS);
        Projection projection = Projection.parse(view(buffer, sortEnd, projectionEnd), QueryLimits.DEFAULTS);
        return new CompiledQuery(filter, IdBounds.of(filter), sort.isEmpty() ? null : sort,
                projection.isIdentity() ? null : projection);
    }

    static CompiledQuery ofFilter(Bson filter, Class<?> documentClass, DatabaseCore core, OperationContext context) {
        QueryDescription description = new QueryDescription();
        description.filter = filter;
        return of(description, documentClass, core, context);
    }

    static int encode(Bson value, Class<?> documentClass, DatabaseCore core, GrowableBuffer into) {
        BsonBridge.encode(value == null ? EMPTY : value, documentClass, core.registry(), into);
        return into.length();
    }

    static BsonView view(GrowableBuffer buffer, int from, int to) {
        return new BsonView().wrap(buffer.memory(), from, to - from);
    }
}
