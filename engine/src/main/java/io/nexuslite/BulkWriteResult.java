package io.nexuslite;

import java.util.Map;
import org.bson.BsonValue;

/**
 * What many writes have done.
 *
 * @param insertedCount documents that were inserted, those of upserts not among them
 * @param matchedCount documents that replacements and updates matched
 * @param modifiedCount documents that are another now
 * @param deletedCount documents that were deleted
 * @param insertedIds {@code _id}s of inserted documents by the index of the write
 * @param upsertedIds {@code _id}s of documents that upserts inserted by the index of the write
 */
public record BulkWriteResult(long insertedCount, long matchedCount, long modifiedCount, long deletedCount,
        Map<Integer, BsonValue> insertedIds, Map<Integer, BsonValue> upsertedIds) {
}
