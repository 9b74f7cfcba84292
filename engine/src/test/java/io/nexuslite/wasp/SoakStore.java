package io.nexuslite.wasp;

import io.nexuslite.error.TransactionConflictException;
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

/**
 * Accounts in one keyed tree, for many threads: transfers keep the sum, and every value carries its key, its amount and a checksum of both
 * over its whole length, so that a torn, mixed or old value is seen at once.
 */
final class SoakStore {
    static final long START_AMOUNT = 1000;

    private static final ValueLayout.OfLong KEY = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int VALUE_MIN = 32;

    private final WaspEngine engine;
    private final int treeId;
    private final int accounts;

    SoakStore(WaspEngine engine, int treeId, int accounts) {
        this.engine = engine;
        this.treeId = treeId;
        this.accounts = accounts;
    }

    /** Makes the tree and its accounts. */
    static SoakStore create(WaspEngine engine, int accounts) {
        try (Session session = engine.openSession(); Actor actor = new Actor()) {
            int treeId;
            try (Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
                treeId = engine.createTree(transaction, TreeKind.KEYED);
                transaction.commit();
            }
            SoakStore store = new SoakStore(engine, treeId, accounts);
            for (int from = 0; from < accounts; from += 50) {
                try (Transaction transaction = engine.begin(session, TransactionMode.OPTIMISTIC)) {
                    for (int key = from; key < Math.min(accounts, from + 50); key++) {
                        store.put(transaction, actor, key, START_AMOUNT);
                    }
                    transaction.commit();
                }
            }
            return store;
        }
    }

    int treeId() {
        return treeId;
    }

    /** Memory of one thread. */
    static final class Actor implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory = arena.allocate(4096);
        private final Key key = new Key();
        private final RecordView view = new RecordView();

        private Key key(long number) {
            memory.set(KEY, 0, number);
            return key.wrap(memory, 0, Long.BYTES);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    void put(Transaction transaction, Actor actor, long number, long amount) {
        int length = VALUE_MIN + (int) (Math.abs(number * 37 + amount) % 600);
        MemorySegment memory = actor.memory;
        long at = 64;
        memory.set(LONG, at, number);
        memory.set(LONG, at + 8, amount);
        memory.set(LONG, at + 16, mix(number, amount));
        for (int index = 24; index < length; index++) {
            memory.set(ValueLayout.JAVA_BYTE, at + index, (byte) (mix(number, amount) >> index % 57));
        }
        transaction.put(engine.tree(treeId), actor.key(number), memory, at, length);
    }

    private static long mix(long number, long amount) {
        return (number * 0x9e37_79b9_7f4a_7c15L ^ amount) * 0xbf58_476d_1ce4_e5b9L;
    }

    private static long amount(RecordView view, long number) {
        MemorySegment memory = view.memory();
        long at = view.offset();
        long amount = memory.get(LONG, at + 8);
        boolean right = memory.get(LONG, at) == number && memory.get(LONG, at + 16) == mix(number, amount)
                && view.length() == VALUE_MIN + (int) (Math.abs(number * 37 + amount) % 600);
        for (int index = 24; right && index < view.length(); index++) {
            right = memory.get(ValueLayout.JAVA_BYTE, at + index) == (byte) (mix(number, amount) >> index % 57);
        }
        if (!right) {
            throw new Violation(
                    "account " + number + " holds a value that was never written, " + view.length() + " bytes");
        }
        return amount;
    }

    /**
     * Moves an amount between two accounts.
     *
     * @return the commit, or -1 if others came in between
     */
    long transfer(Session session, Actor actor, long from, long to, long amount, TransactionMode mode) {
        try (Transaction transaction = engine.begin(session, mode)) {
            Tree tree = engine.tree(treeId);
            if (!transaction.get(tree, actor.key(from), actor.view)) {
                throw new Violation("account " + from + " is gone");
            }
            long source = amount(actor.view, from);
            if (!transaction.get(tree, actor.key(to), actor.view)) {
                throw new Violation("account " + to + " is gone");
            }
            long target = amount(actor.view, to);
            put(transaction, actor, from, source - amount);
            put(transaction, actor, to, target + amount);
            return transaction.commit();
        } catch (TransactionConflictException conflict) {
            return -1;
        }
    }

    void read(Session session, Actor actor, long number) {
        if (!engine.tree(treeId).get(session, actor.key(number), actor.view)) {
            throw new Violation("account " + number + " is gone");
        }
        amount(actor.view, number);
    }

    /** Adds all accounts of one snapshot: each is there, and the sum is what it always was. */
    void checkSum(Session session) {
        try (Snapshot snapshot = engine.snapshot("sum")) {
            checkSum(session, snapshot);
        }
    }

    void checkSum(Session session, Snapshot snapshot) {
        long sum = 0;
        long count = 0;
        try (TreeCursor cursor = engine.tree(treeId).cursor(session, snapshot)) {
            while (cursor.next()) {
                RecordView view = cursor.record();
                long number = view.key().memory().get(KEY, view.key().offset());
                if (number != count) {
                    throw new Violation(
                            "account " + count + " is not in the scan of commit " + snapshot.csn() + ", but " + number);
                }
                sum += amount(view, number);
                count++;
            }
        }
        if (count != accounts || sum != accounts * START_AMOUNT) {
            throw new Violation(
                    "snapshot of commit " + snapshot.csn() + " shows " + count + " accounts with a sum of " + sum);
        }
    }
}
