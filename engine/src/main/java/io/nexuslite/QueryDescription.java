package io.nexuslite;

import java.time.Duration;
import org.bson.conversions.Bson;

/** What a query asks, as the caller put it. */
final class QueryDescription {
    Bson filter;
    Bson sort;
    Bson projection;
    int limit;
    int skip;
    /** {@code null} for no bound. */
    Duration maxTime;
    /** {@code null} for none. */
    Cancellation cancellation;

    QueryDescription copy() {
        QueryDescription copy = new QueryDescription();
        copy.filter = filter;
        copy.sort = sort;
        copy.projection = projection;
        copy.limit = limit;
        copy.skip = skip;
        copy.maxTime = maxTime;
        copy.cancellation = cancellation;
        return copy;
    }
}
