package io.nexuslite;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.FieldName;
import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.query.BsonComparator;
import io.nexuslite.query.IdBound;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/** The writing half of a collection. Any thread, unless its access belongs to a transaction. */
final class CollectionWriter<T> {
    private final CollectionAccess access;
    private final DatabaseCore core;
    private final DocumentMapper<T> mapper;
    private final CollectionHandle collection;

    CollectionWriter(CollectionAccess access, DocumentMapper<T> mapper, CollectionHandle collection) {
        this.access = access;
        this.core = access.core();
        this.mapper = mapper;
        this.collection = collection;
    }

    InsertOneResult insertOne(T document, InsertOptions options) {
        return access.write(context -> mapper.encodeNew(document, context), (scope, context, id) -> {
            insertEncoded(scope, context, options);
            return new InsertOneResult(id);
        });
    }

    InsertManyResult insertMany(List<? extends T> documents, InsertOptions options) {
        if (documents.isEmpty()) {
            throw new IllegalArgumentException("Expected at least one document.");
        }
        return access.write((scope, context) -> {
            List<BsonValue> ids = new ArrayList<>(documents.size());
            for (T document : documents) {
                ids.add(mapper.encodeNew(document, context));
                insertEncoded(scope, context, options);
            }
            return new InsertManyResult(ids);
        });
    }

    private void insertEncoded(TransactionScope scope, OperationContext context, InsertOptions options) {
        CollectionEntry entry = scope.entryOrCreate(collection);
        long expiry = options.expiryMillis(scope.nowMillis(), StoredOptions.of(entry));
        RecordWriter.insert(scope, context, entry.tree(), collection.name(), options.tags(), expiry);
    }

    ReplaceResult replaceOne(Bson filter, T replacement, ReplaceOptions options) {
        Guard guard = options.guard(core);
        return access.write(context -> {
            mapper.encodeReplacement(replacement, context);
            return CompiledQuery.ofFilter(filter, mapper.type(), core, context);
        }, (scope, context, query) -> {
            boolean hasId = context.stagingHasId();
            KeyList keys = MatchingKeys.find(scope, context, collection, query, 1, guard);
            if (!keys.first()) {
                return options.upsert()
                        ? new ReplaceResult(0, 0, upsert(scope, context, query, hasId, options))
                        : new ReplaceResult(0, 0, null);
            }
            scope.get(scope.entry(collection).tree(), keys.key(), context.record);
            return new ReplaceResult(1, replace(scope, context, hasId, options) ? 1 : 0, null);
        });
    }

    /** Finds the first document that matches, replaces it, and gives a copy of one of its states, or {@code null}. */
    BsonView findOneAndReplace(Bson filter, T replacement, FindOneSettings settings) {
        Guard guard = new Guard(core, settings.maxTime(), settings.cancellation());
        boolean givesAfter = settings.returned() == ReturnDocument.AFTER;
        ReplaceOptions options = ReplaceOptions.defaults();
        return access.write(context -> {
            mapper.encodeReplacement(replacement, context);
            CompiledQuery query = CompiledQuery.of(settings.describe(filter), mapper.type(), core, context);
            FoundDocument.check(query, settings.returned());
            return query;
        }, (scope, context, query) -> {
            boolean hasId = context.stagingHasId();
            KeyList keys = MatchingKeys.find(scope, context, collection, query, 1, guard);
            BsonView given = null;
            if (keys.first()) {
                RecordView old = context.record;
                scope.get(scope.entry(collection).tree(), keys.key(), old);
                if (!givesAfter) {
                    given = FoundDocument.copy(context, query,
                            new BsonView().wrap(old.memory(), old.offset(), old.length()));
                }
                replace(scope, context, hasId, options);
            } else if (settings.upsert()) {
                upsert(scope, context, query, hasId, options);
            } else {
                return null;
            }
            return givesAfter ? FoundDocument.copy(context, query, new BsonView().wrap(context.document)) : given;
        });
    }

    /** Finds the first document that matches, deletes it, and gives a copy, or {@code null}. */
    BsonView findOneAndDelete(Bson filter, FindOneSettings settings) {
        Guard guard = new Guard(core, settings.maxTime(), settings.cancellation());
        return access.write(context -> CompiledQuery.of(settings.describe(filter), mapper.type(), core, context),
                (scope, context, query) -> {
                    KeyList keys = MatchingKeys.find(scope, context, collection, query, 1, guard);
                    if (!keys.first()) {
                        return null;
                    }
                    RecordView old = context.record;
                    CollectionEntry entry = scope.entry(collection);
                    scope.get(entry.tree(), keys.key(), old);
                    BsonView given = FoundDocument.copy(context, query,
                            new BsonView().wrap(old.memory(), old.offset(), old.length()));
                    RecordWriter.delete(scope.transaction(), context, entry.tree(), keys.key(), keys.expiryMillis());
                    return given;
                });
    }

    /**
     * Puts the document in the context's staging buffer in the place of that in its record, and leaves the new one in the context;
     * false if that changes nothing.
     */
    private boolean replace(TransactionScope scope, OperationContext context, boolean hasId, ReplaceOptions options) {
        RecordView old = context.record;
        BsonCursor id = new BsonCursor().wrap(old.memory(), old.offset(), old.length());
        id.next();
        if (hasId) {
            context.normalizeStaging(core.idGenerator());
            refuseOtherId(context, id);
        } else {
            context.prependId(id.type(), id.memory(), id.valueOffset(), id.valueLength());
        }
        long oldExpiry = old.meta().expiryMillis;
        boolean sameBody = context.view.wrap(context.document)
                .contentEquals(new BsonView().wrap(old.memory(), old.offset(), old.length()));
        RecordWriter.metaOfReplacement(context, old.meta(), scope.nowMillis());
        RecordMeta meta = context.meta;
        meta.expiryMillis = options.expiryMillis(scope.nowMillis(), oldExpiry);
        if (sameBody && options.tagsOrNull() == null && meta.expiryMillis == oldExpiry) {
            return false;
        }
        if (options.tagsOrNull() != null) {
            RecordWriter.setTags(context, options.tagsOrNull());
        }
        RecordWriter.replace(scope, context, scope.entry(collection).tree(), oldExpiry);
        return true;
    }

    /** The {@code _id} may be written another way (1 for 1.0), but must stay the same value. */
    private static void refuseOtherId(OperationContext context, BsonCursor old) {
        BsonCursor id = new BsonCursor().wrap(context.document.memory(), 0, context.document.length());
        id.next();
        if (new BsonComparator().compare(id.type(), id.memory(), id.valueOffset(), old.type(), old.memory(),
                old.valueOffset()) != 0) {
            throw new InvalidDocumentException("expected the _id of the document that is replaced, found another", -1,
                    FieldName.ID.name());
        }
    }

    /** Inserts the document in the context's staging buffer; gives its {@code _id}, and leaves it in the context. */
    private BsonValue upsert(TransactionScope scope, OperationContext context, CompiledQuery query, boolean hasId,
            ReplaceOptions options) {
        IdBound wanted = query.bounds().hasPoints() && query.bounds().pointCount() == 1
                ? query.bounds().point(0)
                : null;
        if (!hasId && wanted != null) {
            context.prependId(wanted.type(), wanted.memory(), wanted.offset(), wanted.length());
        } else {
            context.normalizeStaging(core.idGenerator());
        }
        if (hasId && wanted != null) {
            BsonCursor id = new BsonCursor().wrap(context.document.memory(), 0, context.document.length());
            id.next();
            if (wanted.compare(id.type(), id.memory(), id.valueOffset(), new BsonComparator()) != 0) {
                throw new InvalidDocumentException("expected the _id that the filter asks for, found another", -1,
                        FieldName.ID.name());
            }
        }
        insertEncoded(scope, context, options.forInsert());
        return context.documentId();
    }

    /** Deletes the first {@code countMax} documents that match, all of them or none. */
    long delete(Bson filter, DeleteOptions options, long countMax) {
        Guard guard = options.guard(core);
        return access.write(context -> CompiledQuery.ofFilter(filter, mapper.type(), core, context),
                (scope, context, query) -> {
                    KeyList keys = MatchingKeys.find(scope, context, collection, query, countMax, guard);
                    CollectionEntry entry = keys.count() == 0 ? null : scope.entry(collection);
                    long deleted = 0;
                    try {
                        for (boolean more = keys.first(); more; more = keys.next()) {
                            guard.step();
                            RecordWriter.delete(scope.transaction(), context, entry.tree(), keys.key(),
                                    keys.expiryMillis());
                            deleted++;
                        }
                    } finally {
                        if (deleted > 0 && deleted < keys.count()) {
                            scope.breakOff();
                        }
                    }
                    return keys.count();
                });
    }

    boolean deleteById(Function<OperationContext, Key> keyOf) {
        return access.write((scope, context) -> {
            CollectionEntry entry = scope.entry(collection);
            Key key = keyOf.apply(context);
            return entry != null && key != null && deleteKey(scope, context, entry, key);
        });
    }

    static boolean deleteKey(TransactionScope scope, OperationContext context, CollectionEntry entry, Key key) {
        if (!scope.get(entry.tree(), key, context.record)) {
            return false;
        }
        long expiry = context.record.meta().expiryMillis;
        if (Expiry.isExpired(expiry, scope.nowMillis())) {
            return false; // the sweeper's
        }
        RecordWriter.delete(scope.transaction(), context, entry.tree(), key, expiry);
        return true;
    }
}
