package io.nexuslite;

import org.bson.BsonValue;

/**
 * Answer to an insert.
 *
 * @param insertedId the document's {@code _id}, generated if it had none
 */
public record InsertOneResult(BsonValue insertedId) {
}
