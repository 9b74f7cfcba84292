package io.nexuslite;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.FieldName;
import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.catalog.CollectionNames;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.query.DistinctValues;
import io.nexuslite.query.QueryLimits;
import io.nexuslite.bson.GrowableBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bson.BsonDocument;
import org.bson.BsonReader;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.codecs.Codec;
import org.bson.codecs.Decoder;
import org.bson.codecs.DecoderContext;
import org.bson.conversions.Bson;

/** The reading half of a collection. Any thread, unless its access belongs to a transaction. */
final class CollectionReader<T> implements ReadableCollection<T> {
    private final CollectionAccess access;
    private final DocumentMapper<T> mapper;
    private final CollectionHandle collection;

    CollectionReader(CollectionAccess access, String name, Class<T> type) {
        CollectionNames.check(name);
        this.access = access;
        this.mapper = new DocumentMapper<>(access.core(), type);
        this.collection = access.core().handle(name);
    }

    DocumentMapper<T> mapper() {
        return mapper;
    }

    CollectionHandle handle() {
        return collection;
    }

    boolean isTemp() {
        return collection.name().equals(CollectionNames.TEMP_DOCUMENTS);
    }

    @Override
    public String name() {
        return collection.name();
    }

    @Override
    public Class<T> documentClass() {
        return mapper.type();
    }

    @Override
    public FindQuery<T> find() {
        return find(null);
    }

    @Override
    public FindQuery<T> find(Bson filter) {
        return new FindQueryImpl<>(access, mapper, collection, filter);
    }

    @Override
    public Optional<T> findById(Object id) {
        if (isTemp()) {
            return Optional.ofNullable(find(idFilter(id)).first());
        }
        return withRecord(id, record -> mapper.decode(record.document()));
    }

    @Override
    public Optional<DocumentMetadata> metadata(Object id) {
        if (isTemp()) {
            try (DocumentCursor<T> cursor = find(idFilter(id)).iterator()) {
                DocumentView view = new DocumentView();
                return cursor.advance(view) ? Optional.of(view.metadata()) : Optional.empty();
            }
        }
        return withRecord(id, DocumentView::metadata);
    }

    private <R> Optional<R> withRecord(Object id, Function<DocumentView, R> use) {
        access.core().checkOpen();
        OperationContext context = access.core().contexts().acquire();
        try (ReadScope scope = access.point(context)) {
            CollectionEntry entry = scope.entry(collection);
            Key key = key(id, access.core(), context);
            RecordView record = context.record;
            if (entry == null || key == null || !scope.get(entry.tree(), key, record)
                    || Expiry.isExpired(record.meta().expiryMillis, scope.nowMillis())) {
                return Optional.empty();
            }
            DocumentView view = new DocumentView();
            view.show(record);
            return Optional.of(use.apply(view));
        } finally {
            access.core().contexts().release(context);
        }
    }

    /** Key of an {@code _id}, or {@code null} if no document can have it. Valid until the context's next key is made. */
    static Key key(Object id, DatabaseCore core, OperationContext context) {
        context.query.reset();
        BsonBridge.encode(idFilter(id), BsonDocument.class, core.registry(), context.query);
        BsonCursor cursor = new BsonCursor().wrap(context.query.memory(), 0, context.query.length());
        cursor.next();
        try {
            return context.key(cursor.memory(), cursor.valueOffset(), cursor.type());
        } catch (KeyTooLongException e) {
            return null;
        }
    }

    static Bson idFilter(Object id) {
        String name = FieldName.ID.name();
        return id instanceof BsonValue value ? new BsonDocument(name, value) : new Document(name, id);
    }

    @Override
    public long countDocuments() {
        return countDocuments(null);
    }

    @Override
    public long countDocuments(Bson filter) {
        return countDocuments(filter, CountOptions.defaults());
    }

    @Override
    public <R> List<R> distinct(String field, Bson filter, Class<R> type) {
        Codec<R> codec = access.core().registry().get(type);
        DocumentView view = new DocumentView();
        try (DistinctValues values = new DistinctValues(field, QueryLimits.DEFAULTS, GrowableBuffer.DEFAULT_LIMIT)) {
            try (DocumentCursor<T> cursor = find(filter).iterator()) {
                while (cursor.advance(view)) {
                    values.add(view.document());
                }
            }
            List<R> distinct = new ArrayList<>();
            values.forEach(value -> distinct.add(value.decode(new Decoder<R>() {
                @Override
                public R decode(BsonReader reader, DecoderContext context) {
                    reader.readStartDocument();
                    reader.readName();
                    R decoded = codec.decode(reader, context);
                    reader.readEndDocument();
                    return decoded;
                }
            })));
            return distinct;
        }
    }

    @Override
    public long countDocuments(Bson filter, CountOptions options) {
        long count = 0;
        DocumentView view = new DocumentView();
        try (DocumentCursor<T> cursor = options.describe(find(filter)).iterator()) {
            while (cursor.advance(view)) {
                count++;
            }
        }
        return count;
    }
}
