package io.nexuslite.index;

import static io.nexuslite.format.IndexEntryLayout.MARK;
import static io.nexuslite.format.IndexEntryLayout.MARK_DEFINITION;
import static io.nexuslite.format.IndexEntryLayout.MARK_MULTIKEY;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.InvalidIndexException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.Tree;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonSerializationException;

/**
 * The records of an index's tree that are no entries: its definition, and which of its paths are multikey. Owns a little memory;
 * one thread at a time.
 */
final class IndexMarks implements AutoCloseable {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int PIECE_BYTES = 1024;
    private static final int KEY_BYTES_MAX = 3;

    /** Reads a record as of some moment. */
    @FunctionalInterface
    interface Reader {
        boolean get(Tree tree, Key key, RecordView into);

        static Reader newest(Session session) {
            return (tree, key, into) -> tree.get(session, key, into);
        }

        static Reader at(Session session, Snapshot snapshot) {
            return (tree, key, into) -> tree.get(session, snapshot, key, into);
        }
    }

    private final GrowableBuffer bytes = new GrowableBuffer(2 * Long.BYTES, 2 * Long.BYTES);
    private final Key key = new Key();
    private final RecordView record = new RecordView();

    // ---- multikey paths

    /** The multikey paths, a bit each, as a transaction sees them. */
    long multikeyPaths(Transaction transaction, Tree tree) {
        return transaction.get(tree, multikeyKey(), record) ? multikeyOf(record, tree) : 0;
    }

    /** The multikey paths, a bit each, as a reader sees them. */
    long multikeyPaths(Reader reader, Tree tree) {
        return reader.get(tree, multikeyKey(), record) ? multikeyOf(record, tree) : 0;
    }

    /** Adds multikey paths to those that the transaction sees; writes only if there are new ones. */
    void addMultikeyPaths(Transaction transaction, Tree tree, long paths) {
        long known = multikeyPaths(transaction, tree);
        if ((paths & ~known) != 0) {
            bytes.memory().set(LONG, Long.BYTES, known | paths);
            transaction.put(tree, multikeyKey(), bytes.memory(), Long.BYTES, Long.BYTES);
        }
    }

    private Key multikeyKey() {
        bytes.memory().set(BYTE, 0, MARK);
        bytes.memory().set(BYTE, 1, MARK_MULTIKEY);
        return key.wrap(bytes.memory(), 0, 2);
    }

    private static long multikeyOf(RecordView record, Tree tree) {
        if (record.length() != Long.BYTES) {
            throw damaged("expected 8 bytes of multikey paths, found " + record.length(), tree, null);
        }
        return record.memory().get(LONG, record.offset());
    }

    // ---- definition

    void putDefinition(Transaction transaction, Tree tree, IndexDefinition definition) {
        try (GrowableBuffer form = new GrowableBuffer(PIECE_BYTES, 2 * IndexDefinition.DEFINITION_BYTES_MAX)) {
            int length = definitionLength(definition, form);
            for (int piece = 0; piece * PIECE_BYTES < length; piece++) {
                int from = piece * PIECE_BYTES;
                transaction.put(tree, definitionKey(piece), form.memory(), from, Math.min(PIECE_BYTES, length - from));
            }
        }
    }

    private static int definitionLength(IndexDefinition definition, GrowableBuffer form) {
        int length;
        try {
            length = BsonBridge.encode(definition.toStored(), form);
        } catch (NexusLiteException tooLong) {
            length = Integer.MAX_VALUE;
        }
        if (length > IndexDefinition.DEFINITION_BYTES_MAX) {
            throw new InvalidIndexException("expected a definition of at most " + IndexDefinition.DEFINITION_BYTES_MAX
                    + " bytes, found a longer one", definition.name(), "");
        }
        return length;
    }

    /**
     * Reads the definition.
     *
     * @throws CorruptionException if there is none
     */
    IndexDefinition definition(Reader reader, Tree tree) {
        try (GrowableBuffer form = new GrowableBuffer(PIECE_BYTES, 2 * IndexDefinition.DEFINITION_BYTES_MAX)) {
            boolean more = true;
            for (int piece = 0; more && piece * PIECE_BYTES < IndexDefinition.DEFINITION_BYTES_MAX; piece++) {
                more = reader.get(tree, definitionKey(piece), record);
                if (more) {
                    form.append(record.memory(), record.offset(), record.length());
                }
            }
            MemorySegment memory = form.memory();
            return IndexDefinition.fromStored(new BsonView().wrap(memory, 0, form.length()).toBsonDocument());
        } catch (BsonInvalidOperationException | BsonSerializationException | InvalidIndexException
                | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw damaged("expected the definition of an index, found another record", tree, e);
        }
    }

    private Key definitionKey(int piece) {
        bytes.memory().set(BYTE, 0, MARK);
        bytes.memory().set(BYTE, 1, MARK_DEFINITION);
        bytes.memory().set(BYTE, 2, (byte) piece);
        return key.wrap(bytes.memory(), 0, KEY_BYTES_MAX);
    }

    private static CorruptionException damaged(String what, Tree tree, RuntimeException cause) {
        return CorruptionException.of(what, "", -1, "index tree " + tree.treeId(), cause);
    }

    @Override
    public void close() {
        bytes.close();
    }
}
