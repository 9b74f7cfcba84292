package io.nexuslite.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.catalog.Catalog;
import io.nexuslite.catalog.CatalogScratch;
import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.error.TransactionConflictException;
import io.nexuslite.format.IndexEntryLayout;
import io.nexuslite.io.Host;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.wasp.EngineOptions;
import io.nexuslite.wasp.log.LogDurability;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;

/**
 * A collection with indexes over some engine, written by the code under test and verified by plain code: at a snapshot, the
 * entries are those that the documents give.
 */
public final class IndexWorld implements AutoCloseable {
    static final String NAME = "things";
    /** A stand-in for the query language: documents whose {@code a} is a number of at least that. */
    static final DocumentFilters FILTERS = partial -> (memory, offset, length) -> matches(partial,
            new BsonView().wrap(memory, offset, length).toBsonDocument());

    final StorageEngine engine;
    final Catalog catalog;
    final Indexes indexes;

    IndexWorld(StorageEngine engine, Host host) {
        this(engine, host, FILTERS);
    }

    public IndexWorld(StorageEngine engine, Host host, DocumentFilters filters) {
        this.engine = engine;
        this.catalog = new Catalog(engine, host::entropy);
        this.indexes = new Indexes(engine, catalog, filters);
    }

    /** Small everything, so that a short run splits, checkpoints, recycles and evicts. */
    static EngineOptions smallOptions() {
        int kib = 1024;
        return new EngineOptions(false, LogDurability.SYNC, 10_000_000, 8 * kib, 8L * kib * kib, 64 * kib, 1024 * kib,
                64 * kib, 60_000_000_000L, 256 * kib, 2L * kib * kib, 64 * kib, false);
    }

    static boolean matches(BsonDocument partial, BsonDocument document) {
        int least = partial.getDocument("a").getInt32("$gte").getValue();
        return document.containsKey("a") && document.get("a").isNumber()
                && document.getNumber("a").doubleValue() >= least;
    }

    <R> R ddl(Function<Ddl, R> body) {
        try (Session session = engine.openSession();
                CatalogScratch scratch = new CatalogScratch();
                Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
            R result = body.apply(new Ddl(transaction, scratch));
            catalog.beginChange();
            try {
                transaction.commit();
            } finally {
                catalog.endChange();
            }
            return result;
        }
    }

    record Ddl(Transaction transaction, CatalogScratch scratch) {
    }

    public void createCollection() {
        ddl(ddl -> catalog.create(ddl.transaction, NAME, new BsonDocument(), 1, ddl.scratch));
    }

    public Index createIndex(BsonDocument specification) {
        return ddl(ddl -> indexes.create(ddl.transaction, NAME, IndexDefinition.of(specification), ddl.scratch));
    }

    boolean dropIndex(String name) {
        return ddl(ddl -> indexes.drop(ddl.transaction, NAME, name, ddl.scratch));
    }

    public CollectionEntry entry() {
        try (Session session = engine.openSession(); CatalogScratch scratch = new CatalogScratch()) {
            return catalog.get(session, NAME, scratch);
        }
    }

    public IndexSet indexSet() {
        try (Session session = engine.openSession()) {
            return indexes.of(entry(), session);
        }
    }

    IndexBuild build(Index index) {
        return new IndexBuild(indexes, entry(), index.treeId(), IndexMaintenance.Owners.STAY);
    }

    public Writer writer() {
        return new Writer();
    }

    /** One thread's way to change documents. */
    public final class Writer implements AutoCloseable {
        final Session session = engine.openSession();
        private final IndexMaintenance maintenance = new IndexMaintenance(indexes.filters());
        private final CatalogScratch scratch = new CatalogScratch();
        private final GrowableBuffer bytes = new GrowableBuffer();
        private final GrowableBuffer keyBytes = new GrowableBuffer(1024, 1024);
        private final Key key = new Key();
        private final RecordView record = new RecordView();
        IndexMaintenance.Owners owners = IndexMaintenance.Owners.STAY;
        int conflicts;

        /** Puts a document, or with {@code null} deletes the one of the id, again and again until there is no conflict. */
        public void put(int id, BsonDocument documentOrNull, TransactionMode mode) {
            while (true) {
                try (Transaction transaction = engine.begin(session, mode)) {
                    put(transaction, id, documentOrNull);
                    transaction.commit();
                    return;
                } catch (TransactionConflictException e) {
                    conflicts++;
                }
            }
        }

        void put(Transaction transaction, int id, BsonDocument documentOrNull) {
            CollectionEntry entry = catalog.get(transaction, NAME, scratch);
            maintenance.begin(indexes.of(entry, transaction));
            if (transaction.get(entry.tree(), key(id), record)) {
                maintenance.oldDocument(record.memory(), record.offset(), record.length());
            } else if (documentOrNull == null) {
                return;
            }
            if (documentOrNull == null) {
                maintenance.apply(transaction, NAME, owners);
                transaction.delete(entry.tree(), key(id));
                return;
            }
            bytes.reset();
            BsonBridge.encode(documentOrNull, bytes);
            maintenance.newDocument(bytes.memory(), 0, bytes.length());
            maintenance.apply(transaction, NAME, owners);
            transaction.putDocument(entry.tree(), key(id), bytes.memory(), 0, bytes.length(),
                    new RecordMeta().reset(1));
        }

        private Key key(int id) {
            byte[] encoded = ReferenceKeys.keyString(new BsonInt32(id), false);
            keyBytes.reset();
            keyBytes.append(encoded, 0, encoded.length);
            return key.wrap(keyBytes.memory(), 0, encoded.length);
        }

        @Override
        public void close() {
            maintenance.close();
            session.close();
            scratch.close();
            bytes.close();
            keyBytes.close();
        }
    }

    // ---- what must hold

    /** All documents at a snapshot, by key. */
    public TreeMap<byte[], BsonDocument> documents(Session session, Snapshot at, Tree tree) {
        TreeMap<byte[], BsonDocument> documents = new TreeMap<>(Arrays::compareUnsigned);
        try (TreeCursor cursor = tree.cursor(session, at)) {
            for (boolean found = cursor.first(); found; found = cursor.next()) {
                RecordView record = cursor.record();
                BsonDocument document = new BsonView().wrap(record.memory(), record.offset(), record.length())
                        .toBsonDocument();
                documents.put(ReferenceKeys.keyString(document.get("_id"), false), document);
            }
        }
        return documents;
    }

    /** Verifies all indexes at a new snapshot; returns the count of documents. */
    int verify() {
        try (Session session = engine.openSession();
                Snapshot snapshot = engine.snapshot("verify");
                CatalogScratch scratch = new CatalogScratch()) {
            CollectionEntry entry = catalog.get(session, snapshot, NAME, scratch);
            TreeMap<byte[], BsonDocument> documents = documents(session, snapshot, entry.tree());
            for (Index index : indexes.of(entry, session, snapshot).all()) {
                verify(session, snapshot, index, documents);
            }
            return documents.size();
        }
    }

    private void verify(Session session, Snapshot snapshot, Index index, TreeMap<byte[], BsonDocument> documents) {
        IndexDefinition definition = index.definition();
        TreeMap<byte[], String> expected = new TreeMap<>(Arrays::compareUnsigned);
        long arrayPaths = 0;
        for (Map.Entry<byte[], BsonDocument> document : documents.entrySet()) {
            if (definition.partialFilterOrNull() != null
                    && !matches(definition.partialFilterOrNull(), document.getValue())) {
                continue;
            }
            ReferenceKeys reference;
            try {
                reference = ReferenceKeys.of(definition, document.getValue());
            } catch (ReferenceKeys.Refused e) {
                assertEquals(IndexState.BUILDING, index.state(), () -> index + " cannot hold " + document.getValue());
                continue;
            }
            arrayPaths |= reference.combinations.isEmpty() ? 0 : reference.arrayPaths();
            String id = HexFormat.of().formatHex(document.getKey());
            for (Map.Entry<byte[], List<BsonValue>> key : reference.keys(document.getValue().get("_id")).entrySet()) {
                String before = expected.put(key.getKey(), id);
                assertTrue(before == null || index.state() == IndexState.BUILDING,
                        () -> index + " has two documents with the key of " + document.getValue());
            }
        }
        TreeMap<byte[], String> found = entries(session, snapshot, index);
        if (index.state() == IndexState.READY) {
            assertEquals(text(expected), text(found), () -> index + " at " + snapshot.csn());
        } else {
            for (byte[] key : found.keySet()) {
                assertTrue(expected.containsKey(key), () -> index + " has an entry without document");
            }
        }
        try (IndexMarks marks = new IndexMarks()) {
            long marked = marks.multikeyPaths(IndexMarks.Reader.at(session, snapshot), index.tree());
            long missing = index.state() == IndexState.READY ? arrayPaths & ~marked : 0;
            assertEquals(0, missing, () -> index + " has multikey paths that are not marked");
        }
    }

    /** Keys of the entries with the ids that they name. */
    TreeMap<byte[], String> entries(Session session, Snapshot snapshot, Index index) {
        TreeMap<byte[], String> found = new TreeMap<>(Arrays::compareUnsigned);
        IndexEntry entry = new IndexEntry();
        Key id = new Key();
        try (TreeCursor cursor = index.tree().cursor(session, snapshot)) {
            for (boolean more = cursor.first(); more; more = cursor.next()) {
                Key key = cursor.record().key();
                if (key.memory().get(ValueLayout.JAVA_BYTE, key.offset()) != IndexEntryLayout.MARK) {
                    entry.wrap(cursor.record(), index.definition().unique(), index.treeId()).id(id);
                    found.put(bytes(key), HexFormat.of().formatHex(bytes(id)));
                }
            }
        }
        return found;
    }

    public static byte[] bytes(Key key) {
        MemorySegment slice = key.memory().asSlice(key.offset(), key.length());
        return slice.toArray(ValueLayout.JAVA_BYTE);
    }

    private static String text(TreeMap<byte[], String> entries) {
        StringBuilder text = new StringBuilder();
        entries.forEach((key, id) -> text.append(HexFormat.of().formatHex(key)).append('=').append(id).append('\n'));
        return text.toString();
    }

    @Override
    public void close() {
        engine.close();
    }
}
