package io.nexuslite;

import java.util.Optional;
import org.bson.BsonValue;

/**
 * Answer to an update.
 *
 * @param matchedCount documents that matched
 * @param modifiedCount documents that are another now; one whose update changes no byte does not count
 * @param upsertedIdOrNull {@code _id} of the document that was inserted because none matched, or {@code null}
 */
public record UpdateResult(long matchedCount, long modifiedCount, BsonValue upsertedIdOrNull) {
    /** {@code _id} of the document that was inserted because none matched. */
    public Optional<BsonValue> upsertedId() {
        return Optional.ofNullable(upsertedIdOrNull);
    }
}
