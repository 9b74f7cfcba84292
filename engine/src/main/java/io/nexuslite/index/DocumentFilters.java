package io.nexuslite.index;

import org.bson.BsonDocument;

/** Makes filters of partial indexes. Any thread. */
@FunctionalInterface
public interface DocumentFilters {
    /**
     * A filter for one thread.
     *
     * @param partialFilter as the definition of the index has it
     * @throws io.nexuslite.error.InvalidQueryException if it is no filter
     */
    DocumentFilter compile(BsonDocument partialFilter);
}
