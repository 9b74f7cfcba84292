package io.nexuslite;

import java.util.List;
import org.bson.BsonValue;

/**
 * Answer to an insert of several documents.
 *
 * @param insertedIds the documents' {@code _id}s in the order of the documents
 */
public record InsertManyResult(List<BsonValue> insertedIds) {
}
