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
import org.bson.BsonValue;
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
        QueryDescription description = new QueryDescription();
        description.filter = filter;
        Guard guard = options.guard(access.core());
        return access.write(context -> CompiledUpdate.of(description, update, options.arrayFilters(), documentClass,
                access.core(), context), (scope, context, compiled) -> {
                    KeyList keys = MatchingKeys.find(scope, context, collection, compiled.query(), countMax, guard);
                    if (keys.count() == 0) {
                        return options.upsert()
                                ? new UpdateResult(0, 0, upsert(scope, context, compiled))
                                : new UpdateResult(0, 0, null);
                    }
                    return new UpdateResult(keys.count(), updateAll(scope, context, compiled, keys, guard), null);
                });
    }

    private long updateAll(TransactionScope scope, OperationContext context, CompiledUpdate compiled, KeyList keys,
            Guard guard) {
        Tree tree = scope.entry(collection).tree();
        long modified = 0;
        boolean done = false;
        try {
            for (boolean more = keys.first(); more; more = keys.next()) {
                guard.step();
                modified += scope.get(tree, keys.key(), context.record) && update(scope, context, compiled, tree)
                        ? 1
                        : 0;
            }
            done = true;
            return modified;
        } finally {
            if (!done && modified > 0) {
                scope.breakOff();
            }
        }
    }

    /** Finds the first document that matches, updates it, and gives a copy of one of its states, or {@code null}. */
    BsonView findOneAndUpdate(Bson filter, Bson update, FindOneSettings settings) {
        Guard guard = new Guard(access.core(), settings.maxTime(), settings.cancellation());
        boolean givesAfter = settings.returned() == ReturnDocument.AFTER;
        return access.write(context -> {
            CompiledUpdate compiled = CompiledUpdate.of(settings.describe(filter), update, settings.arrayFilters(),
                    documentClass, access.core(), context);
            FoundDocument.check(compiled.query(), settings.returned());
            return compiled;
        }, (scope, context, compiled) -> {
            CompiledQuery query = compiled.query();
            KeyList keys = MatchingKeys.find(scope, context, collection, query, 1, guard);
            if (!keys.first()) {
                if (!settings.upsert()) {
                    return null;
                }
                upsert(scope, context, compiled);
                return givesAfter ? FoundDocument.copy(context, query, new BsonView().wrap(context.document)) : null;
            }
            Tree tree = scope.entry(collection).tree();
            scope.get(tree, keys.key(), context.record);
            RecordView old = context.record;
            BsonView before = new BsonView().wrap(old.memory(), old.offset(), old.length());
            BsonView given = givesAfter ? null : FoundDocument.copy(context, query, before);
            update(scope, context, compiled, tree);
            return givesAfter ? FoundDocument.copy(context, query, new BsonView().wrap(context.document)) : given;
        });
    }

    /** Updates the document in the context's record, whose new state it leaves there; false if that changes nothing. */
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

    /** Inserts what filter and update say; gives its {@code _id}, and leaves it in the context. */
    private BsonValue upsert(TransactionScope scope, OperationContext context, CompiledUpdate compiled) {
        context.applyEqualities(compiled.query().filter());
        BsonView base = new BsonView().wrap(context.document);
        context.applyUpdate(compiled.update(), base, true, scope.nowMillis(), ArrayPosition.NONE);
        refuseOtherId(base, context.view.wrap(context.staging));
        context.normalizeStaging(access.core().idGenerator());
        CollectionEntry entry = scope.entryOrCreate(collection);
        InsertOptions options = InsertOptions.defaults();
        long expiry = options.expiryMillis(scope.nowMillis(), StoredOptions.of(entry));
        RecordWriter.insert(scope, context, entry.tree(), collection.name(), options.tags(), expiry);
        return context.documentId();
    }
}
