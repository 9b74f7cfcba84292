package io.nexuslite;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.FieldName;
import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.query.ArrayPosition;
import io.nexuslite.query.BsonComparator;
import io.nexuslite.query.Update;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Tree;
import org.bson.conversions.Bson;

/** Updates of documents in place. Any thread, unless its access belongs to a transaction. */
final class CollectionUpdater {
    private final CollectionAccess access;
    private final CollectionHandle collection;
    private final Class<?> documentClass;

    CollectionUpdater(CollectionAccess access, Class<?> documentClass, CollectionHandle collection) {
        this.access = access;
        this.documentClass = documentClass;
        this.collection = collection;
    }

    /** Updates the first {@code countMax} documents that match, all of them or none. */
    UpdateResult update(Bson filter, Bson update, UpdateOptions options, long countMax) {
        return access.write(context -> CompiledUpdate.of(filter, update, options.arrayFilters(), documentClass,
                access.core(), context),
                (scope, context, compiled) -> {
                    KeyList keys = matches(scope, context, compiled, countMax);
                    if (keys.count() == 0) {
                        return options.upsert() ? upsert(scope, context, compiled) : new UpdateResult(0, 0, null);
                    }
                    Tree tree = scope.entry(collection).tree();
                    long modified = 0;
                    for (boolean more = keys.first(); more; more = keys.next()) {
                        modified += scope.get(tree, keys.key(), context.record)
                                && update(scope, context, compiled, tree) ? 1 : 0;
                    }
                    return new UpdateResult(keys.count(), modified, null);
                });
    }

    /** Keys of what matches before anything is changed: no document is updated twice, whatever becomes of it. */
    private KeyList matches(TransactionScope scope, OperationContext context, CompiledUpdate compiled, long countMax) {
        KeyList keys = new KeyList(context.keyList);
        CompiledQuery query = compiled.query();
        try (MatchScan scan = new MatchScan(scope, context, collection, query.filter(), query.bounds(), false)) {
            while (keys.count() < countMax && scan.next()) {
                keys.add(scan.record(), context);
            }
        }
        return keys;
    }

    /** Updates the document in the context's record; false if that changes nothing. */
    private boolean update(TransactionScope scope, OperationContext context, CompiledUpdate compiled,
            Tree tree) {
        RecordView old = context.record;
        BsonView before = new BsonView().wrap(old.memory(), old.offset(), old.length());
        Update update = compiled.update();
        int position = update.usesPosition()
                ? context.arrayPosition.find(compiled.query().filter(), before)
                : ArrayPosition.NONE;
        context.applyUpdate(update, before, false, scope.nowMillis(), position);
        refuseOtherId(before, context.view.wrap(context.staging));
        context.normalizeStaging(access.core().idGenerator());
        if (context.view.wrap(context.document).contentEquals(before)) {
            return false;
        }
        long expiry = old.meta().expiryMillis;
        RecordWriter.metaOfReplacement(context, old.meta(), scope.nowMillis());
        RecordWriter.replace(scope, context, tree, expiry);
        return true;
    }

    /** The {@code _id} may be written another way (1 for 1.0), but must stay the same value. */
    private static void refuseOtherId(BsonView before, BsonView after) {
        BsonCursor old = new BsonCursor();
        BsonCursor id = new BsonCursor();
        if (before.find(FieldName.ID, old) && (!after.find(FieldName.ID, id) || new BsonComparator().compare(id.type(),
                id.memory(), id.valueOffset(), old.type(), old.memory(), old.valueOffset()) != 0)) {
            throw new InvalidDocumentException("expected the _id to stay, found an update that changes it", -1,
                    FieldName.ID.name());
        }
    }

    private UpdateResult upsert(TransactionScope scope, OperationContext context, CompiledUpdate compiled) {
        context.applyEqualities(compiled.query().filter());
        BsonView base = new BsonView().wrap(context.document);
        context.applyUpdate(compiled.update(), base, true, scope.nowMillis(), ArrayPosition.NONE);
        refuseOtherId(base, context.view.wrap(context.staging));
        context.normalizeStaging(access.core().idGenerator());
        CollectionEntry entry = scope.entryOrCreate(collection);
        InsertOptions options = InsertOptions.defaults();
        long expiry = options.expiryMillis(scope.nowMillis(), StoredOptions.of(entry));
        RecordWriter.insert(scope, context, entry.tree(), collection.name(), options.tags(), expiry);
        return new UpdateResult(0, 0, context.documentId());
    }
}
