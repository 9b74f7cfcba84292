package io.nexuslite;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.query.Filter;
import io.nexuslite.query.IdBounds;
import io.nexuslite.query.QueryLimits;
import io.nexuslite.query.Update;
import org.bson.conversions.Bson;

/** A filter and an update parsed into trees, which borrow the context's query buffer: good for as long as that is not used again. */
record CompiledUpdate(CompiledQuery query, Update update) {
    static CompiledUpdate of(Bson filter, Bson update, Class<?> documentClass, DatabaseCore core,
            OperationContext context) {
        GrowableBuffer buffer = context.query;
        buffer.reset();
        int filterEnd = CompiledQuery.encode(filter, documentClass, core, buffer);
        int updateEnd = CompiledQuery.encode(update, documentClass, core, buffer);
        // Only now does the buffer's memory stay where it is.
        BsonView filterView = CompiledQuery.view(buffer, 0, filterEnd);
        Filter parsed = Filter.parse(filterView, QueryLimits.DEFAULTS);
        BsonView updateView = CompiledQuery.view(buffer, filterEnd, updateEnd);
        return new CompiledUpdate(new CompiledQuery(parsed, IdBounds.of(parsed), null, null),
                Update.parse(updateView, QueryLimits.DEFAULTS));
    }
}
