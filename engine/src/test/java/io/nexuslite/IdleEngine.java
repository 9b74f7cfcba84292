package io.nexuslite;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.store.EngineStatistics;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.MemorySegment;
import org.bson.BsonDocument;

/**
 * An engine that does next to nothing, and that without garbage: each get of a document finds the same one, writes vanish. For
 * measuring what the door itself allocates.
 */
final class IdleEngine implements StorageEngine, io.nexuslite.store.Session, Transaction {
    private static final int DOCUMENTS = 16;

    private final GrowableBuffer record = new GrowableBuffer();
    private final GrowableBuffer entry = new GrowableBuffer();
    private final Tree catalog = new IdleTree(CATALOG_TREE_ID, TreeKind.KEYED, entry);
    private final Tree temp = new IdleTree(TEMP_DOCUMENTS_TREE_ID, TreeKind.KEYED, null);
    private final Tree documents = new IdleTree(DOCUMENTS, TreeKind.DOCUMENT, record);

    IdleEngine(BsonDocument document) {
        BsonBridge.encode(document, record);
        BsonBridge.encode(BsonDocument.parse("{treeId: 16, uuid: {$uuid: '01234567-89ab-4def-8123-456789abcdef'},"
                + " createdMillis: {$numberLong: '1'}, options: {}}"), entry);
    }

    private record IdleTree(int treeId, TreeKind kind, GrowableBuffer content) implements Tree {
        @Override
        public boolean get(io.nexuslite.store.Session session, Key key, RecordView into) {
            if (content == null) {
                return false;
            }
            into.set(content.memory(), 0, content.length(), 1);
            into.meta().reset(1);
            return true;
        }

        @Override
        public boolean get(io.nexuslite.store.Session session, io.nexuslite.store.Snapshot at, Key key,
                RecordView into) {
            return get(session, key, into);
        }

        @Override
        public TreeCursor cursor(io.nexuslite.store.Session session, io.nexuslite.store.Snapshot at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long recordCount() {
            return 1;
        }
    }

    @Override
    public io.nexuslite.store.Session openSession() {
        return this;
    }

    @Override
    public Transaction begin(io.nexuslite.store.Session session, TransactionMode mode) {
        return this;
    }

    @Override
    public io.nexuslite.store.Snapshot snapshot(String owner) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tree tree(int treeId) {
        return treeId == CATALOG_TREE_ID ? catalog : treeId == TEMP_DOCUMENTS_TREE_ID ? temp : documents;
    }

    @Override
    public int createTree(Transaction transaction, TreeKind kind) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void dropTree(Transaction transaction, int treeId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long clockMillis() {
        return 2;
    }

    @Override
    public long checkpoint() {
        return 1;
    }

    @Override
    public EngineStatistics statistics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public boolean get(Tree tree, Key key, RecordView into) {
        return tree.get(this, key, into);
    }

    @Override
    public void putDocument(Tree tree, Key key, MemorySegment memory, long offset, int length, RecordMeta meta) {
        // Vanishes.
    }

    @Override
    public void put(Tree tree, Key key, MemorySegment memory, long offset, int length) {
        // Vanishes.
    }

    @Override
    public boolean delete(Tree tree, Key key) {
        return true;
    }

    @Override
    public TreeCursor cursor(Tree tree) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long commit() {
        return 1;
    }

    @Override
    public void close() {
        // Session, transaction and engine in one: the memory goes with the test.
    }
}
