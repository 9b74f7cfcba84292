package io.nexuslite;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.query.Filter;
import io.nexuslite.query.IdBounds;
import io.nexuslite.query.QueryLimits;
import io.nexuslite.query.Update;
import java.util.ArrayList;
import java.util.List;
import org.bson.conversions.Bson;

/** A filter and an update parsed into trees, which borrow the context's query buffer: good for as long as that is not used again. */
record CompiledUpdate(CompiledQuery query, Update update) {
    static CompiledUpdate of(Bson filter, Bson update, List<? extends Bson> arrayFilters, Class<?> documentClass,
            DatabaseCore core, OperationContext context) {
        GrowableBuffer buffer = context.query;
        buffer.reset();
        int filterEnd = CompiledQuery.encode(filter, documentClass, core, buffer);
        int[] ends = new int[1 + arrayFilters.size()];
        ends[0] = CompiledQuery.encode(update, documentClass, core, buffer);
        for (int i = 1; i < ends.length; i++) {
            ends[i] = CompiledQuery.encode(arrayFilters.get(i - 1), documentClass, core, buffer);
        }
        // Only now does the buffer's memory stay where it is.
        Filter parsed = Filter.parse(CompiledQuery.view(buffer, 0, filterEnd), QueryLimits.DEFAULTS);
        List<BsonView> elements = new ArrayList<>();
        for (int i = 1; i < ends.length; i++) {
            elements.add(CompiledQuery.view(buffer, ends[i - 1], ends[i]));
        }
        BsonView updateView = CompiledQuery.view(buffer, filterEnd, ends[0]);
        return new CompiledUpdate(new CompiledQuery(parsed, IdBounds.of(parsed), null, null),
                Update.parse(updateView, elements, QueryLimits.DEFAULTS));
    }
}
