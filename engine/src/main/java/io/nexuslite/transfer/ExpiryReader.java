package io.nexuslite.transfer;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.FieldName;
import io.nexuslite.error.InvalidDocumentException;

/** Reads from a field when a document expires. To be reused; one thread at a time. */
final class ExpiryReader {
    /** End of the year 9999, beyond which nothing expires. */
    private static final long MILLIS_MAX = IsoDate.LAST_MILLIS;

    private final FieldName field;
    private final long nowMillis;
    private final BsonCursor cursor = new BsonCursor();

    ExpiryReader(String field, long nowMillis) {
        this.field = FieldName.of(field);
        this.nowMillis = nowMillis;
    }

    /**
     * Milliseconds since 1970 UTC, or {@link ImportTarget#NO_EXPIRY}.
     *
     * @throws InvalidDocumentException if the field is neither a date nor seconds from 1 on
     */
    long millis(BsonView document) {
        if (!document.find(field, cursor)) {
            return ImportTarget.NO_EXPIRY;
        }
        long millis = switch (cursor.type()) {
            case BsonType.NULL -> ImportTarget.NO_EXPIRY;
            case BsonType.DATE_TIME -> inRange(cursor.dateTimeMillis());
            case BsonType.INT32 -> seconds(cursor.int32());
            case BsonType.INT64 -> seconds(cursor.int64());
            case BsonType.DOUBLE -> seconds(cursor.doubleValue());
            default -> throw wrong();
        };
        return millis;
    }

    private long seconds(double seconds) {
        if (!(seconds > 0) || seconds > MILLIS_MAX / 1000.0) {
            throw wrong();
        }
        return inRange(nowMillis + Math.max(1, (long) (seconds * 1000)));
    }

    private long inRange(long millis) {
        if (millis <= 0 || millis > MILLIS_MAX) {
            throw wrong();
        }
        return millis;
    }

    private InvalidDocumentException wrong() {
        return new InvalidDocumentException(
                "expected a date after 1970 or seconds above 0 that say when it expires, found another",
                -1, field.name());
    }
}
