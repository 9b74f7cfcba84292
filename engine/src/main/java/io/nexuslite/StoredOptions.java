package io.nexuslite;

import io.nexuslite.catalog.CollectionEntry;
import java.time.Duration;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonValue;

/** Options of a collection as the catalog keeps them: fields of a document, of which unknown ones are left alone. */
final class StoredOptions {
    private static final String TIME_TO_LIVE = "timeToLiveMillis";

    private StoredOptions() {
    }

    static BsonDocument encode(CollectionOptions options) {
        BsonDocument stored = new BsonDocument();
        options.timeToLive().ifPresent(time -> stored.append(TIME_TO_LIVE, new BsonInt64(time.toMillis())));
        return stored;
    }

    static CollectionOptions of(CollectionEntry entry) {
        BsonValue millis = entry.options().get(TIME_TO_LIVE);
        return millis == null
                ? CollectionOptions.defaults()
                : CollectionOptions.defaults().withTimeToLive(Duration.ofMillis(millis.asNumber().longValue()));
    }
}
