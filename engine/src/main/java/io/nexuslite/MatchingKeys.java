package io.nexuslite;

import io.nexuslite.query.SortBuffer;
import io.nexuslite.store.RecordView;
import java.lang.foreign.ValueLayout;

/**
 * Finds the keys of documents that are about to be changed, before anything is: so no document is changed twice, whatever becomes
 * of it.
 */
final class MatchingKeys {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private MatchingKeys() {
    }

    /** The keys of the first {@code countMax} documents that match, in the query's order. Uses the context's key list. */
    static KeyList find(ReadScope scope, OperationContext context, CollectionHandle collection, CompiledQuery query,
            long countMax, Guard guard) {
        KeyList keys = new KeyList(context.keyList);
        boolean byTree = query.sort() == null || query.sort().isById();
        boolean descending = query.sort() != null && byTree && query.sort().isDescending();
        try (MatchScan scan = new MatchScan(scope, context, collection, query.filter(), query.bounds(), descending,
                guard)) {
            if (!byTree) {
                sort(scan, context, query, countMax, guard, keys);
                return keys;
            }
            while (keys.count() < countMax && scan.next()) {
                keys.add(scan.record(), context);
            }
        }
        return keys;
    }

    private static void sort(MatchScan scan, OperationContext context, CompiledQuery query, long countMax, Guard guard,
            KeyList into) {
        SortBuffer buffer = context.sortBuffer();
        buffer.begin(query.sort(), countMax, guard);
        while (scan.next()) {
            RecordView record = scan.record();
            long expiry = record.meta().expiryMillis;
            long at = buffer.add(record.memory(), record.offset(), record.length(), Long.BYTES);
            if (at != SortBuffer.NOT_WANTED) {
                buffer.memory().set(LONG, at, expiry);
            }
        }
        buffer.finish();
        for (int i = 0; i < buffer.count(); i++) {
            into.add(context.keyOf(buffer.memory(), buffer.bodyOffset(i), buffer.bodyLength(i)),
                    buffer.memory().get(LONG, buffer.extraOffset(i)));
        }
    }
}
