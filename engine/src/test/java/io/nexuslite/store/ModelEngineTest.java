package io.nexuslite.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.TransactionConflictException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the model promises, since everything else is compared with it. */
class ModelEngineTest {
    private final ModelEngine engine = new ModelEngine();
    private final Session session = engine.openSession();
    private final Session other = engine.openSession();
    private final RecordView view = new RecordView();

    @AfterEach
    void leavesNothingOpen() {
        session.close();
        other.close();
        assertEquals("", engine.leaks());
    }

    @Test
    void showsWritesOnlyAfterTheCommit() {
        Tree tree = newTree();
        try (Transaction transaction = engine.begin(session, TransactionMode.OPTIMISTIC)) {
            transaction.put(tree, key("a"), bytes("1"), 0, 1);
            assertEquals("1", get(transaction, tree, "a"));
            assertFalse(tree.get(other, key("a"), view));
            transaction.commit();
        }
        assertTrue(tree.get(other, key("a"), view));
        assertEquals(1, tree.recordCount());
    }

    @Test
    void abortsWhatIsNotCommitted() {
        Tree tree = newTree();
        try (Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
            transaction.put(tree, key("a"), bytes("1"), 0, 1);
        }
        assertFalse(tree.get(session, key("a"), view));
        assertEquals(0, tree.recordCount());
    }

    @Test
    void snapshotKeepsWhatWasVisible() {
        Tree tree = newTree();
        put(tree, "a", "1");
        try (Snapshot snapshot = engine.snapshot("test")) {
            put(tree, "a", "2");
            put(tree, "b", "3");
            assertTrue(tree.get(session, snapshot, key("a"), view));
            assertEquals("1", text(view));
            try (TreeCursor cursor = tree.cursor(session, snapshot)) {
                assertTrue(cursor.next());
                assertEquals("1", text(cursor.record()));
                assertFalse(cursor.next());
            }
        }
    }

    @Test
    void cursorWalksBothWaysOverOwnAndCommittedRecords() {
        Tree tree = newTree();
        put(tree, "a", "1");
        put(tree, "c", "3");
        put(tree, "d", "4");
        try (Transaction transaction = engine.begin(session, TransactionMode.OPTIMISTIC)) {
            transaction.put(tree, key("b"), bytes("2"), 0, 1);
            transaction.delete(tree, key("c"));
            try (TreeCursor cursor = transaction.cursor(tree)) {
                StringBuilder seen = new StringBuilder();
                while (cursor.next()) {
                    seen.append(text(cursor.record()));
                }
                while (cursor.previous()) {
                    seen.append(text(cursor.record()));
                }
                assertEquals("124421", seen.toString());
                assertTrue(cursor.seek(key("c"), SeekMode.AT_OR_AFTER));
                assertEquals("4", text(cursor.record()));
                assertTrue(cursor.seek(key("c"), SeekMode.AT_OR_BEFORE));
                assertEquals("2", text(cursor.record()));
                assertFalse(cursor.seek(key("a"), SeekMode.BEFORE));
                assertFalse(cursor.seek(key("d"), SeekMode.AFTER));
            }
        }
    }

    @Test
    void refusesToCommitOnWhatAnotherChanged() {
        Tree tree = newTree();
        put(tree, "a", "1");
        try (Transaction transaction = engine.begin(session, TransactionMode.OPTIMISTIC)) {
            get(transaction, tree, "a");
            transaction.put(tree, key("z"), bytes("9"), 0, 1);
            putFrom(other, tree, "a", "2");
            assertThrows(TransactionConflictException.class, transaction::commit);
        }
        assertFalse(tree.get(session, key("z"), view));
    }

    @Test
    void refusesPhantoms() {
        Tree tree = newTree();
        put(tree, "a", "1");
        put(tree, "m", "1");
        try (Transaction transaction = engine.begin(session, TransactionMode.OPTIMISTIC)) {
            try (TreeCursor cursor = transaction.cursor(tree)) {
                while (cursor.next()) {
                    cursor.record();
                }
            }
            transaction.put(tree, key("z"), bytes("9"), 0, 1);
            putFrom(other, tree, "c", "2");
            assertThrows(TransactionConflictException.class, transaction::commit);
        }
    }

    @Test
    void letsTransactionsOnDifferentKeysCommit() {
        Tree tree = newTree();
        try (Transaction transaction = engine.begin(session, TransactionMode.OPTIMISTIC)) {
            transaction.delete(tree, key("a"));
            transaction.put(tree, key("a"), bytes("1"), 0, 1);
            putFrom(other, tree, "b", "2");
            transaction.commit();
        }
        assertEquals(2, tree.recordCount());
    }

    @Test
    void viewsDieAtTheNextCall() {
        Tree tree = newTree();
        put(tree, "a", "1");
        assertTrue(tree.get(session, key("a"), view));
        tree.get(session, key("b"), new RecordView());
        assertEquals((byte) 0xDB, view.memory().get(java.lang.foreign.ValueLayout.JAVA_BYTE, view.offset()));
    }

    @Test
    void forgetsTreesOfAbortedTransactions() {
        int treeId;
        try (Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
            treeId = engine.createTree(transaction, TreeKind.KEYED);
        }
        assertThrows(IllegalArgumentException.class, () -> engine.tree(treeId));
    }

    @Test
    void snapshotReadsDroppedTree() {
        Tree tree = newTree();
        put(tree, "a", "1");
        try (Snapshot snapshot = engine.snapshot("test")) {
            try (Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
                engine.dropTree(transaction, tree.treeId());
                transaction.commit();
            }
            assertTrue(tree.get(session, snapshot, key("a"), view));
            assertFalse(tree.get(session, key("a"), view));
        }
    }

    private Tree newTree() {
        try (Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
            int treeId = engine.createTree(transaction, TreeKind.KEYED);
            transaction.commit();
            return engine.tree(treeId);
        }
    }

    private void put(Tree tree, String key, String value) {
        putFrom(session, tree, key, value);
    }

    private void putFrom(Session from, Tree tree, String key, String value) {
        try (Transaction transaction = engine.begin(from, TransactionMode.EXCLUSIVE)) {
            transaction.put(tree, key(key), bytes(value), 0, value.length());
            transaction.commit();
        }
    }

    private String get(Transaction transaction, Tree tree, String key) {
        return transaction.get(tree, key(key), view) ? text(view) : null;
    }

    private static String text(RecordView record) {
        return new String(ModelRecord.bytes(record.memory(), record.offset(), record.length()),
                StandardCharsets.US_ASCII);
    }

    private static Key key(String text) {
        return new Key().wrap(bytes(text), 0, text.length());
    }

    private static MemorySegment bytes(String text) {
        return Arena.ofAuto().allocateFrom(text, StandardCharsets.US_ASCII);
    }
}
