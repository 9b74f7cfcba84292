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
        context.query.reset();
        int[] ends = encode(description, documentClass, core, context.query);
        return parse(context.query, ends);
    }

    /** Encodes filter, sort and projection; gives where each ends. */
    static int[] encode(QueryDescription description, Class<?> documentClass, DatabaseCore core, GrowableBuffer into) {
        return new int[]{encode(description.filter, documentClass, core, into),
                encode(description.sort, documentClass, core, into),
                encode(description.projection, documentClass, core, into)};
    }

    /** Parses what {@link #encode} has put at the beginning of a buffer, whose memory stays where it is from now on. */
    static CompiledQuery parse(GrowableBuffer buffer, int[] ends) {
        Filter filter = Filter.parse(view(buffer, 0, ends[0]), QueryLimits.DEFAULTS);
        Sort sort = Sort.parse(view(buffer, ends[0], ends[1]), QueryLimits.DEFAULTS);
        Projection projection = Projection.parse(view(buffer, ends[1], ends[2]), QueryLimits.DEFAULTS);
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
