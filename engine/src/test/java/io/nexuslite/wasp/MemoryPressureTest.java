package io.nexuslite.wasp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.error.SnapshotTooOldException;
import io.nexuslite.error.TransactionConflictException;
import io.nexuslite.io.Host;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.MemoryHost;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store does whose memory is used up: gives up what nobody needs, then what can be read again, then the oldest snapshot. */
class MemoryPressureTest {
    private static final ValueLayout.OfInt KEY = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final Path FILE = Path.of("shop.nxl");
    private static final long MIB = 1024 * 1024;

    private final MemoryHost memoryHost = Hosts.inMemory();
    private final Host host = memoryHost;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(8 * 1024);
    private final Key key = new Key();
    private final RecordView view = new RecordView();
    private WaspEngine engine;
    private Session session;
    private int treeId;

    @BeforeEach
    void open() {
        EngineOptions options = CrashWorld.smallOptions().withLog((int) MIB, 8 * MIB, 256 * 1024).withMemory(4 * MIB);
        WaspEngine.create(host, FILE, options);
        engine = WaspEngine.open(host, FILE, options);
        session = engine.openSession();
        try (Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
            treeId = engine.createTree(transaction, TreeKind.KEYED);
            transaction.commit();
        }
    }

    @AfterEach
    void close() {
        session.close();
        engine.close();
        memoryHost.close();
        arena.close();
    }

    private Tree tree() {
        return engine.tree(treeId);
    }

    private Key key(int number) {
        memory.set(KEY, 0, number);
        return key.wrap(memory, 0, Integer.BYTES);
    }

    /** Values of a key have one length, and one byte all over that tells the round in which they were written. */
    private void put(Transaction transaction, int number, int length, int round) {
        memory.asSlice(Integer.BYTES, length).fill((byte) round);
        transaction.put(tree(), key(number), memory, Integer.BYTES, length);
    }

    private interface Lengths {
        int of(int number);
    }

    private void putAll(int count, int round, Lengths lengths) {
        for (int from = 0; from < count; from += 20) {
            try (Transaction transaction = engine.begin(session, TransactionMode.OPTIMISTIC)) {
                for (int number = from; number < Math.min(count, from + 20); number++) {
                    put(transaction, number, lengths.of(number), round);
                }
                transaction.commit();
            }
        }
    }

    private void requireAll(Snapshot at, int count, int round, Lengths lengths) {
        try (TreeCursor cursor = tree().cursor(session, at)) {
            for (int number = 0; number < count; number++) {
                assertTrue(cursor.next());
                require(cursor.record(), number, round, lengths);
            }
            assertFalse(cursor.next());
        }
        for (int number = 0; number < count; number += 7) {
            assertTrue(tree().get(session, at, key(number), view));
            require(view, number, round, lengths);
        }
    }

    private static void require(RecordView record, int number, int round, Lengths lengths) {
        assertEquals(lengths.of(number), record.length());
        assertEquals((byte) round, record.memory().get(ValueLayout.JAVA_BYTE, record.offset()), () -> "key " + number);
        assertEquals((byte) round, record.memory().get(ValueLayout.JAVA_BYTE, record.offset() + record.length() - 1));
    }

    /**
     * Symptom: a commit failed for want of a few hundred bytes for older records, while nine tenths of their memory and most page frames held
     * nothing that was needed. Cause: each cell size took 64 KiB of its own from a budget of which page frames never gave anything back. Rule: older
     * records and pages share one pool, and what can be read again gives way.
     */
    @Test
    void keepsOlderRecordsOfAllSizesBesideAFullPool() {
        Lengths lengths = number -> 10 + number * 37 % 1900;
        putAll(3000, 1, lengths); // more than the pool
        try (Snapshot old = engine.snapshot("old")) {
            for (int round = 2; round < 5; round++) {
                putAll(300, round, lengths);
                engine.checkpoint();
                requireAll(old, 3000, 1, lengths); // reads pages, so that no frame is left unused
            }
        }
        putAll(300, 5, lengths);
        try (Snapshot now = engine.snapshot("now")) {
            requireAll(now, 300, 5, lengths, 3000, 1);
        }
    }

    private void requireAll(Snapshot at, int changed, int round, Lengths lengths, int count, int others) {
        try (TreeCursor cursor = tree().cursor(session, at)) {
            for (int number = 0; number < count; number++) {
                assertTrue(cursor.next());
                require(cursor.record(), number, number < changed ? round : others, lengths);
            }
            assertFalse(cursor.next());
        }
    }

    /** More older records than memory: their snapshot is ended and says so, whatever is asked of it; commits and newer snapshots go on. */
    @Test
    void endsTheOldestSnapshotRatherThanRefuseACommit() {
        Lengths lengths = number -> 700;
        putAll(8000, 1, lengths);
        try (Snapshot old = engine.snapshot("old"); TreeCursor before = tree().cursor(session, old)) {
            assertTrue(before.first());
            putAll(8000, 2, lengths);
            assertThrows(SnapshotTooOldException.class, () -> tree().get(session, old, key(4000), view));
            assertThrows(SnapshotTooOldException.class, before::next);
            assertThrows(SnapshotTooOldException.class, () -> {
                try (TreeCursor cursor = tree().cursor(session, old)) {
                    cursor.last();
                }
            });
        }
        try (Snapshot now = engine.snapshot("now")) {
            putAll(100, 3, lengths);
            requireAll(now, 8000, 2, lengths);
        }
        assertEquals(0, engine.statistics().snapshots());
    }

    /** A transaction whose snapshot was ended is told as one that others came before: running it again helps. */
    @Test
    void endsTheOldestTransactionAsAConflict() {
        Lengths lengths = number -> 700;
        putAll(8000, 1, lengths);
        try (Session other = engine.openSession();
                Transaction old = engine.begin(other, TransactionMode.OPTIMISTIC)) {
            TreeCursor cursor = old.cursor(tree());
            assertTrue(cursor.first());
            putAll(8000, 2, lengths);
            assertThrows(TransactionConflictException.class, () -> old.get(tree(), key(7000), view));
            assertThrows(TransactionConflictException.class, cursor::next);
            put(old, 9000, 10, 3);
            assertThrows(TransactionConflictException.class, old::commit);
        }
        try (Snapshot now = engine.snapshot("now")) {
            requireAll(now, 8000, 2, lengths);
        }
    }

    /** A transaction that needs more pages than memory holds is refused with the budget's error, and nothing of it stays; nobody's snapshot is ended for it. */
    @Test
    void refusesATransactionLargerThanMemory() {
        Lengths lengths = number -> 700;
        putAll(100, 1, lengths);
        try (Snapshot old = engine.snapshot("old")) {
            try (Transaction transaction = engine.begin(session, TransactionMode.OPTIMISTIC)) {
                for (int number = 100; number < 8000; number++) {
                    put(transaction, number, 700, 2);
                }
                assertThrows(MemoryBudgetExceededException.class, transaction::commit);
            }
            requireAll(old, 100, 1, lengths);
        }
        putAll(100, 3, lengths);
        try (Snapshot now = engine.snapshot("now")) {
            requireAll(now, 100, 3, lengths);
        }
    }
}
