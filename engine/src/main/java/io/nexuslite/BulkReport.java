package io.nexuslite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonValue;

/** Counts what many writes do. One thread at a time. */
final class BulkReport {
    private final Map<Integer, BsonValue> insertedIds = new TreeMap<>();
    private final Map<Integer, BsonValue> upsertedIds = new TreeMap<>();
    private final List<BulkWriteError> errors = new ArrayList<>();
    private long matched;
    private long modified;
    private long deleted;

    void inserted(int index, BsonValue id) {
        insertedIds.put(index, id);
    }

    void changed(int index, long newMatched, long newModified, BsonValue upsertedIdOrNull) {
        matched += newMatched;
        modified += newModified;
        if (upsertedIdOrNull != null) {
            upsertedIds.put(index, upsertedIdOrNull);
        }
    }

    void deleted(long count) {
        deleted += count;
    }

    void failed(int index, RuntimeException cause) {
        errors.add(new BulkWriteError(index, cause));
    }

    List<BulkWriteError> errors() {
        return errors;
    }

    void add(BulkReport other) {
        insertedIds.putAll(other.insertedIds);
        upsertedIds.putAll(other.upsertedIds);
        errors.addAll(other.errors);
        matched += other.matched;
        modified += other.modified;
        deleted += other.deleted;
    }

    BulkWriteResult result() {
        return new BulkWriteResult(insertedIds.size(), matched, modified, deleted, Map.copyOf(insertedIds),
                Map.copyOf(upsertedIds));
    }
}
