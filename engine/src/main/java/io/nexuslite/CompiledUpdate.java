package io.nexuslite;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.query.QueryLimits;
import io.nexuslite.query.Update;
import java.util.ArrayList;
import java.util.List;
import org.bson.conversions.Bson;

/** A filter and an update parsed into trees, which borrow the context's query buffer: good for as long as that is not used again. */
record CompiledUpdate(CompiledQuery query, Update update) {
    static CompiledUpdate of(QueryDescription description, Bson update, List<? extends Bson> arrayFilters,
            Class<?> documentClass, DatabaseCore core, OperationContext context) {
        GrowableBuffer buffer = context.query;
        buffer.reset();
        int[] queryEnds = CompiledQuery.encode(description, documentClass, core, buffer);
        int[] ends = new int[1 + arrayFilters.size()];
        ends[0] = CompiledQuery.encode(update, documentClass, core, buffer);
        for (int i = 1; i < ends.length; i++) {
            ends[i] = CompiledQuery.encode(arrayFilters.get(i - 1), documentClass, core, buffer);
        }
        // Only now does the buffer's memory stay where it is.
        List<BsonView> elements = new ArrayList<>();
        for (int i = 1; i < ends.length; i++) {
            elements.add(CompiledQuery.view(buffer, ends[i - 1], ends[i]));
        }
        BsonView updateView = CompiledQuery.view(buffer, queryEnds[queryEnds.length - 1], ends[0]);
        return new CompiledUpdate(CompiledQuery.parse(buffer, queryEnds),
                Update.parse(updateView, elements, QueryLimits.DEFAULTS));
    }
}
