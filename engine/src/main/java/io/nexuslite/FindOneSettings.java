package io.nexuslite;

import java.time.Duration;
import java.util.List;
import org.bson.conversions.Bson;

/**
 * What the options of the {@code findOneAnd…} methods hold; {@code null} where nothing is said.
 *
 * @param returned which state is given
 */
record FindOneSettings(Bson sort, Bson projection, boolean upsert, ReturnDocument returned, List<Bson> arrayFilters,
        Duration maxTime, Cancellation cancellation) {
    static final FindOneSettings DEFAULTS = new FindOneSettings(null, null, false, ReturnDocument.BEFORE, List.of(),
            null,
            null);

    FindOneSettings withSort(Bson newSort) {
        return new FindOneSettings(newSort, projection, upsert, returned, arrayFilters, maxTime, cancellation);
    }

    FindOneSettings withProjection(Bson newProjection) {
        return new FindOneSettings(sort, newProjection, upsert, returned, arrayFilters, maxTime, cancellation);
    }

    FindOneSettings withUpsert(boolean newUpsert) {
        return new FindOneSettings(sort, projection, newUpsert, returned, arrayFilters, maxTime, cancellation);
    }

    FindOneSettings withReturnDocument(ReturnDocument newReturned) {
        return new FindOneSettings(sort, projection, upsert, newReturned, arrayFilters, maxTime, cancellation);
    }

    FindOneSettings withArrayFilters(List<? extends Bson> newArrayFilters) {
        return new FindOneSettings(sort, projection, upsert, returned, List.copyOf(newArrayFilters), maxTime,
                cancellation);
    }

    FindOneSettings withMaxTime(Duration newMaxTime) {
        return new FindOneSettings(sort, projection, upsert, returned, arrayFilters, Guard.checked(newMaxTime),
                cancellation);
    }

    FindOneSettings withCancellation(Cancellation newCancellation) {
        return new FindOneSettings(sort, projection, upsert, returned, arrayFilters, maxTime, newCancellation);
    }

    QueryDescription describe(Bson filter) {
        QueryDescription description = new QueryDescription();
        description.filter = filter;
        description.sort = sort;
        description.projection = projection;
        return description;
    }
}
