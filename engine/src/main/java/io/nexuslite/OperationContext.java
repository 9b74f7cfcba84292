package io.nexuslite;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonValidator;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.IdGenerator;
import io.nexuslite.bson.IdNormalizer;
import io.nexuslite.bson.KeyString;
import io.nexuslite.catalog.CatalogScratch;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.query.ArrayPosition;
import io.nexuslite.query.Evaluator;
import io.nexuslite.query.Filter;
import io.nexuslite.query.SortBuffer;
import io.nexuslite.query.Update;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Session;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Tree;
import java.lang.foreign.MemorySegment;
import org.bson.BsonValue;
import org.bson.codecs.Encoder;

/** Everything that one running operation needs again and again: a session of the engine, buffers and carriers. One thread at a time. */
final class OperationContext implements AutoCloseable {
    /** What a context keeps of a buffer that once held something large. */
    private static final int KEPT_CAPACITY = 256 * 1024;
    private static final int SMALL = 1024;
    /** Room for ten million keys of UUIDs. */
    private static final int KEY_LIST_BYTES_MAX = 1 << 30;

    final Session session;
    /** The tree of ephemeral documents. */
    final Tree tempDocuments;
    final CatalogScratch catalog = new CatalogScratch();
    final RecordView record = new RecordView();
    final RecordMeta meta = new RecordMeta();
    final Evaluator evaluator = new Evaluator();
    final ArrayPosition arrayPosition = new ArrayPosition();
    /** The document that is to be stored, its {@code _id} first. */
    final GrowableBuffer document = new GrowableBuffer();
    /** What the document is made from, and projections. */
    final GrowableBuffer staging = new GrowableBuffer();
    /** Keys of what a write is about to delete. */
    final GrowableBuffer keyList = new GrowableBuffer(0, KEY_LIST_BYTES_MAX);
    final GrowableBuffer tags = new GrowableBuffer(SMALL, GrowableBuffer.DEFAULT_LIMIT);
    final TempKeys tempKeys = new TempKeys();
    final BsonView view = new BsonView();
    /** Filter, sort and projection of a query. */
    final GrowableBuffer query = new GrowableBuffer(SMALL, 4 * GrowableBuffer.DEFAULT_LIMIT);
    private final int sortBytesMax;
    private SortBuffer sortBuffer;
    private final GrowableBuffer keyBytes = new GrowableBuffer(KeyTooLongException.KEY_LENGTH_MAX,
            KeyTooLongException.KEY_LENGTH_MAX);
    private final Key key = new Key();
    private final BsonWriter writer = new BsonWriter();
    private final BsonCursor cursor = new BsonCursor();
    private final BsonValidator validator = new BsonValidator();
    private final IdNormalizer normalizer = new IdNormalizer();

    OperationContext(StorageEngine engine, int sortBytesMax) {
        this.sortBytesMax = sortBytesMax;
        this.tempDocuments = engine.tree(StorageEngine.TEMP_DOCUMENTS_TREE_ID);
        this.session = engine.openSession();
    }

    /** Where a query sorts; made when first asked for. */
    SortBuffer sortBuffer() {
        if (sortBuffer == null) {
            sortBuffer = new SortBuffer(sortBytesMax);
        }
        return sortBuffer;
    }

    /** Encodes a value into {@link #document}. */
    <T> void encode(T value, Encoder<T> encoder, IdGenerator generator) {
        staging.reset();
        BsonBridge.encode(value, encoder, staging);
        normalize(view.wrap(staging), generator);
    }

    /** Copies a document that nobody vouches for into {@link #document}. */
    void copy(BsonView source, IdGenerator generator) {
        validator.validate(source);
        normalize(source, generator);
    }

    /** Writes what an update makes of a document that lies elsewhere into {@link #staging}. */
    void applyUpdate(Update update, BsonView source, boolean isInsert, long nowMillis, int position) {
        staging.reset();
        update.apply(source, writer.wrap(staging), isInsert, nowMillis, position);
    }

    /** Writes a document of what a filter asks for by equality into {@link #document}. */
    void applyEqualities(Filter filter) {
        staging.reset();
        writer.wrap(staging).startDocument().endDocument();
        document.reset();
        Update.ofEqualities(filter).apply(view.wrap(staging), writer.wrap(document), true, 0,
                ArrayPosition.NONE);
    }

    /** Brings the document in {@link #staging}, which has an {@code _id}, into {@link #document}. */
    void normalizeStaging(IdGenerator generator) {
        normalize(view.wrap(staging), generator);
    }

    private void normalize(BsonView source, IdGenerator generator) {
        document.reset();
        normalizer.normalize(source, generator, writer.wrap(document));
    }

    /** Puts an {@code _id} in front of the document in {@link #staging}, which has none, into {@link #document}. */
    void prependId(byte type, MemorySegment memory, long value, int length) {
        document.reset();
        writer.wrap(document).startDocument().name(FieldName.ID).value(type, memory, value, length);
        cursor.wrap(staging.memory(), 0, staging.length());
        while (cursor.next()) {
            writer.element(cursor);
        }
        writer.endDocument();
    }

    /** Whether the document in {@link #staging} has an {@code _id}. */
    boolean stagingHasId() {
        return cursor.wrap(staging.memory(), 0, staging.length()).find(FieldName.ID);
    }

    /** Key of the document in {@link #document}. Valid until the next key is made. */
    Key documentKey() {
        return keyOf(document.memory(), 0, document.length());
    }

    /** Key of a stored document. Valid until the next key is made. */
    Key keyOf(MemorySegment memory, long offset, int length) {
        cursor.wrap(memory, offset, length).next();
        return key(memory, cursor.valueOffset(), cursor.type());
    }

    /** Key of an {@code _id}. Valid until the next key is made. */
    Key key(MemorySegment memory, long value, byte type) {
        int length = KeyString.encode(memory, value, type, false, keyBytes.memory(), 0, keyBytes.limit());
        if (length == KeyString.TOO_LONG) {
            throw new KeyTooLongException(FieldName.ID.name());
        }
        return key.wrap(keyBytes.memory(), 0, length);
    }

    /** Where a key may be built, of the size of the longest. */
    MemorySegment keyMemory() {
        return keyBytes.memory();
    }

    /** The key that was built in {@link #keyMemory}. Valid until the next key is made. */
    Key builtKey(int length) {
        return key.wrap(keyBytes.memory(), 0, length);
    }

    /** The {@code _id} of the document in {@link #document}. Allocates. */
    BsonValue documentId() {
        staging.reset();
        cursor.wrap(document.memory(), 0, document.length()).next();
        writer.wrap(staging).startDocument().name(FieldName.ID).value(cursor.type(), cursor.memory(),
                cursor.valueOffset(), cursor.valueLength()).endDocument();
        return view.wrap(staging).toBsonDocument().get(FieldName.ID.name());
    }

    /** Makes the context ready for another operation. */
    void reset() {
        if (document.capacity() > KEPT_CAPACITY) {
            document.shrink(KEPT_CAPACITY);
        }
        if (staging.capacity() > KEPT_CAPACITY) {
            staging.shrink(KEPT_CAPACITY);
        }
        if (keyList.capacity() > KEPT_CAPACITY) {
            keyList.shrink(KEPT_CAPACITY);
        }
        if (query.capacity() > KEPT_CAPACITY) {
            query.shrink(KEPT_CAPACITY);
        }
        if (sortBuffer != null) {
            sortBuffer.shrink(KEPT_CAPACITY);
        }
    }

    @Override
    public void close() {
        session.close();
        catalog.close();
        document.close();
        staging.close();
        keyList.close();
        tags.close();
        query.close();
        if (sortBuffer != null) {
            sortBuffer.close();
        }
        keyBytes.close();
        tempKeys.close();
    }
}
