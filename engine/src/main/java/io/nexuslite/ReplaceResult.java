package io.nexuslite;

import java.util.Optional;
import org.bson.BsonValue;

/**
 * Answer to a replacement.
 *
 * @param matchedCount documents that matched: 0 or 1
 * @param modifiedCount documents that are another now: 0 or 1
 * @param upsertedIdOrNull {@code _id} of the document that was inserted because none matched, or {@code null}
 */
public record ReplaceResult(long matchedCount, long modifiedCount, BsonValue upsertedIdOrNull) {
    /** {@code _id} of the document that was inserted because none matched. */
    public Optional<BsonValue> upsertedId() {
        return Optional.ofNullable(upsertedIdOrNull);
    }
}
