package io.nexuslite.catalog;

import io.nexuslite.bson.IdGenerator;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.NamespaceException;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonValue;

/**
 * Collections by name, read and changed inside transactions and snapshots. Any thread; scratch memory belongs to one.
 *
 * <p>State: one word that tells whether what a caller remembers still holds: the low 16 bits count transactions about to commit
 * a change of the catalog, the others grow with each beginning and end of one.
 *
 * <p>I1: an entry that was read while the word was {@code s}, and no change was under way in {@code s}, is what the catalog says
 * for as long as the word is {@code s}. Hence {@link #beginChange} stands before such a commit and {@link #endChange} behind it.
 */
public final class Catalog {
    private static final long CHANGE = 1L << 16;
    private static final long UNDER_WAY = CHANGE - 1;

    private static final String TREE_ID = "treeId";
    private static final String UUID_FIELD = "uuid";
    private static final String CREATED = "createdMillis";
    private static final String OPTIONS = "options";
    private static final String INDEXES = "indexes";

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final long UUID_VERSION_4 = 0x4000L;
    private static final long UUID_VARIANT = 0x8000_0000_0000_0000L;

    private final StorageEngine engine;
    private final Tree tree;
    private final IdGenerator.Entropy entropy;
    private final AtomicLong changes = new AtomicLong();

    /** The catalog of an engine; {@code entropy} gives the UUIDs of new collections. */
    public Catalog(StorageEngine engine, IdGenerator.Entropy entropy) {
        this.engine = engine;
        this.tree = engine.tree(StorageEngine.CATALOG_TREE_ID);
        this.entropy = entropy;
    }

    /** The word of invariant I1, to be read before the catalog is. */
    public long changeWord() {
        return changes.get();
    }

    /** Whether an entry read under {@code word} may be used as long as {@link #changeWord} is that word. */
    public static boolean isStable(long word) {
        return (word & UNDER_WAY) == 0;
    }

    /** Before the commit of a transaction that has changed the catalog. */
    public void beginChange() {
        changes.addAndGet(CHANGE + 1);
    }

    /** After that commit, whatever became of it. */
    public void endChange() {
        changes.addAndGet(CHANGE - 1);
    }

    /** The newest entry of a name, or {@code null}. Ends the session's view. */
    public CollectionEntry get(Session session, String name, CatalogScratch scratch) {
        return tree.get(session, scratch.key(name), scratch.record) ? entry(name, scratch) : null;
    }

    /** The entry of a name at a snapshot, or {@code null}. Ends the session's view. */
    public CollectionEntry get(Session session, Snapshot at, String name, CatalogScratch scratch) {
        return tree.get(session, at, scratch.key(name), scratch.record) ? entry(name, scratch) : null;
    }

    /** The entry of a name as a transaction sees it, or {@code null}. */
    public CollectionEntry get(Transaction transaction, String name, CatalogScratch scratch) {
        return transaction.get(tree, scratch.key(name), scratch.record) ? entry(name, scratch) : null;
    }

    /**
     * Creates a collection with an empty tree.
     *
     * @param options kept as they are
     * @throws NamespaceException if the name is not allowed or taken
     */
    public CollectionEntry create(Transaction transaction, String name, BsonDocument options, long nowMillis,
            CatalogScratch scratch) {
        CollectionNames.checkCreatable(name);
        refuseTaken(transaction, name, scratch);
        int treeId = engine.createTree(transaction, TreeKind.DOCUMENT);
        UUID uuid = newUuid();
        scratch.put(transaction, tree, name, new BsonDocument(TREE_ID, new BsonInt32(treeId))
                .append(UUID_FIELD, new BsonBinary(uuid))
                .append(CREATED, new BsonInt64(nowMillis))
                .append(OPTIONS, options));
        return new CollectionEntry(name, engine.tree(treeId), uuid, nowMillis, options, new BsonArray());
    }

    /**
     * Gives a collection another set of indexes; all other fields of its record stay.
     *
     * @param indexes a document for each, with {@link CollectionEntry#INDEX_TREE_ID}; no field where it is empty
     * @throws NamespaceException if there is none of that name
     */
    public void putIndexes(Transaction transaction, String name, BsonArray indexes, CatalogScratch scratch) {
        if (!transaction.get(tree, scratch.key(name), scratch.record)) {
            throw new NamespaceException("No such collection", name);
        }
        BsonDocument content = scratch.content(scratch.record);
        if (indexes.isEmpty()) {
            content.remove(INDEXES);
        } else {
            content.put(INDEXES, indexes);
        }
        scratch.put(transaction, tree, name, content);
    }

    /** Drops a collection, its tree and those of its indexes; false if there is none. */
    public boolean drop(Transaction transaction, String name, CatalogScratch scratch) {
        CollectionEntry entry = get(transaction, name, scratch);
        if (entry == null) {
            return false;
        }
        transaction.delete(tree, scratch.key(name));
        engine.dropTree(transaction, entry.treeId());
        for (BsonValue index : entry.indexes()) {
            engine.dropTree(transaction, index.asDocument().getInt32(CollectionEntry.INDEX_TREE_ID).getValue());
        }
        return true;
    }

    /**
     * Gives a collection another name; its tree and all fields of its record stay.
     *
     * @throws NamespaceException if there is none of that name, or the new one is not allowed or taken
     */
    public void rename(Transaction transaction, String name, String newName, CatalogScratch scratch) {
        CollectionNames.checkCreatable(newName);
        if (!transaction.get(tree, scratch.key(name), scratch.record)) {
            throw new NamespaceException("No such collection", name);
        }
        BsonDocument content = scratch.content(scratch.record);
        refuseTaken(transaction, newName, scratch);
        transaction.delete(tree, scratch.key(name));
        scratch.put(transaction, tree, newName, content);
    }

    /** All entries at a snapshot, in the order of their names' bytes. */
    public List<CollectionEntry> list(Session session, Snapshot at, CatalogScratch scratch) {
        try (TreeCursor cursor = tree.cursor(session, at)) {
            return list(cursor, scratch);
        }
    }

    /** All entries as a transaction sees them, in the order of their names' bytes. */
    public List<CollectionEntry> list(Transaction transaction, CatalogScratch scratch) {
        try (TreeCursor cursor = transaction.cursor(tree)) {
            return list(cursor, scratch);
        }
    }

    private List<CollectionEntry> list(TreeCursor cursor, CatalogScratch scratch) {
        List<CollectionEntry> entries = new ArrayList<>();
        for (boolean found = cursor.first(); found; found = cursor.next()) {
            String name = scratch.name(cursor.record());
            if (name != null) {
                entries.add(entry(name, scratch.content(cursor.record())));
            }
        }
        return entries;
    }

    private void refuseTaken(Transaction transaction, String name, CatalogScratch scratch) {
        if (transaction.get(tree, scratch.key(name), scratch.record)) {
            throw new NamespaceException("The name is taken", name);
        }
    }

    private CollectionEntry entry(String name, CatalogScratch scratch) {
        return entry(name, scratch.content(scratch.record));
    }

    private CollectionEntry entry(String name, BsonDocument content) {
        try {
            Tree documents = engine.tree(content.getInt32(TREE_ID).getValue());
            return new CollectionEntry(name, documents, content.getBinary(UUID_FIELD).asUuid(),
                    content.getInt64(CREATED).getValue(), content.getDocument(OPTIONS), indexes(content));
        } catch (BsonInvalidOperationException e) {
            throw CorruptionException.of("Catalog record without a field it must have", "", -1, "collection " + name,
                    e);
        }
    }

    private static BsonArray indexes(BsonDocument content) {
        if (!content.containsKey(INDEXES)) {
            return new BsonArray();
        }
        BsonArray indexes = content.getArray(INDEXES);
        indexes.forEach(index -> index.asDocument().getInt32(CollectionEntry.INDEX_TREE_ID)); // or it throws
        return indexes;
    }

    private UUID newUuid() {
        try (GrowableBuffer bytes = new GrowableBuffer(2 * Long.BYTES, 2 * Long.BYTES)) {
            entropy.fill(bytes.memory(), 0, 2 * Long.BYTES);
            long high = bytes.memory().get(LONG, 0) & ~0xF000L | UUID_VERSION_4;
            long low = bytes.memory().get(LONG, Long.BYTES) & ~(3L << 62) | UUID_VARIANT;
            return new UUID(high, low);
        }
    }
}
