package io.nexuslite.wasp;

import io.nexuslite.error.NexusLiteException;
import io.nexuslite.format.TreeTableLayout;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What the outside world knows of one database: the states after each commit, in order, and how much of it must be there.
 *
 * <p>A commit is proposed before it is made. What is acknowledged, or has been seen after a recovery, must stay; what is merely proposed may
 * be there or not; a state that is no prefix is a violation. One thread at a time; {@link #copy} is cheap.
 */
final class CommitHistory {
    /**
     * A value: its bytes follow from its stamp and its key.
     *
     * @param expirySlot of a document that expires, else 0; see {@link TempEntries}
     */
    record Value(long stamp, int length, int expirySlot) {
        Value(long stamp, int length) {
            this(stamp, length, 0);
        }
    }

    /** A tree after some commit. Never changed once it is part of a state. */
    record TreeState(TreeKind kind, TreeMap<Long, Value> records) {
        TreeState copy() {
            return new TreeState(kind, new TreeMap<>(records));
        }
    }

    private final List<Map<Integer, TreeState>> states = new ArrayList<>(); // states[n]: after commit n
    private long durable; // must survive everything
    private long kernel; // must survive the end of the process
    private long witnessed; // durable before the last flush that made anything durable

    CommitHistory() {
        states.add(Map.of(StorageEngine.CATALOG_TREE_ID, new TreeState(TreeKind.KEYED, new TreeMap<>()),
                StorageEngine.TEMP_DOCUMENTS_TREE_ID, new TreeState(TreeKind.KEYED, new TreeMap<>())));
    }

    /** The trees of a state that transactions have created, in order. */
    static List<Integer> trees(Map<Integer, TreeState> state) {
        return state.keySet().stream().filter(id -> id >= TreeTableLayout.FIRST_USER_TREE_ID).sorted().toList();
    }

    CommitHistory copy() {
        CommitHistory copy = new CommitHistory();
        copy.states.clear();
        copy.states.addAll(states);
        copy.durable = durable;
        copy.kernel = kernel;
        copy.witnessed = witnessed;
        return copy;
    }

    /** State after the last commit, made or proposed. */
    Map<Integer, TreeState> newest() {
        return states.getLast();
    }

    Map<Integer, TreeState> state(long csn) {
        return states.get((int) csn);
    }

    /** Number of the last commit, made or proposed. */
    long last() {
        return states.size() - 1;
    }

    long durable() {
        return durable;
    }

    /** The next commit will lead to this state. */
    void propose(Map<Integer, TreeState> state) {
        states.add(state);
    }

    /** The proposed commit has had no effect. */
    void withdraw() {
        states.removeLast();
    }

    void acknowledge(long csn, boolean isDurable) {
        kernel = Math.max(kernel, csn);
        if (isDurable && csn > durable) {
            witnessed = durable;
            durable = csn;
        }
    }

    /** How many commits must be there now. */
    long required() {
        return Math.max(durable, kernel);
    }

    /** Promises nothing any more: any state of the history may be shown. */
    void forget() {
        durable = 0;
        kernel = 0;
        witnessed = 0;
    }

    /** What was in the kernel alone may be gone. */
    void powerLost() {
        kernel = durable;
    }

    /** An opening for writing shows {@code csn} commits: from now on these stay, and nothing else is known of. */
    void served(long csn) {
        while (last() > csn) {
            states.removeLast();
        }
        durable = csn;
        kernel = csn;
        witnessed = csn;
    }

    /** What was durable before the last flush: what must be shown, or damage told, when the end of the log is damaged. */
    long witnessed() {
        return witnessed;
    }

    /**
     * Compares all that the store shows with the state after some commit of this history; returns its number.
     *
     * @param required the least that must be shown
     * @param fresh whether nothing was dropped since the database was closed: then no dropped tree may be found
     */
    long verify(StorageEngine engine, TestValues values, long required, boolean fresh, SplittableRandom random) {
        try (Snapshot snapshot = engine.snapshot("verification"); Session session = engine.openSession()) {
            long csn = snapshot.csn();
            if (csn < required) {
                throw new Violation(
                        "commit " + (csn + 1) + " is gone: shown are " + csn + ", promised " + required + " of "
                                + last());
            }
            if (csn > last()) {
                throw new Violation("commit " + csn + " was never made, the last was " + last());
            }
            verifyAt(engine, session, snapshot, values, random);
            Map<Integer, TreeState> state = state(csn);
            state.forEach((id, tree) -> {
                long count = engine.tree(id).recordCount();
                if (count != tree.records().size()) {
                    throw new Violation("tree " + id + " counts " + count + " records, has " + tree.records().size());
                }
            });
            if (fresh) {
                verifyAbsentTrees(engine, state);
            }
            return csn;
        }
    }

    private void verifyAbsentTrees(StorageEngine engine, Map<Integer, TreeState> state) {
        for (Map<Integer, TreeState> other : List.of(newest(), states.get(states.size() / 2))) {
            for (int id : trees(other)) {
                if (!state.containsKey(id)) {
                    try {
                        engine.tree(id);
                    } catch (IllegalArgumentException expected) {
                        continue;
                    }
                    throw new Violation("tree " + id + " should not be there");
                }
            }
        }
    }

    /** Compares all records of all trees as of a snapshot. */
    void verifyAt(StorageEngine engine, Session session, Snapshot snapshot, TestValues values,
            SplittableRandom random) {
        Map<Integer, TreeState> state = state(snapshot.csn());
        for (Map.Entry<Integer, TreeState> entry : state.entrySet()) {
            Tree tree;
            try {
                tree = engine.tree(entry.getKey());
            } catch (IllegalArgumentException e) {
                throw new Violation("tree " + entry.getKey() + " is gone at commit " + snapshot.csn(), e);
            }
            if (tree.kind() != entry.getValue().kind()) {
                throw new Violation("tree " + entry.getKey() + " has kind " + tree.kind());
            }
            scan(session, snapshot, tree, entry.getValue(), values, random.nextInt(4) == 0);
            point(session, snapshot, tree, entry.getValue(), values, random);
        }
    }

    private static void scan(Session session, Snapshot snapshot, Tree tree, TreeState state, TestValues values,
            boolean backwards) {
        Iterable<Map.Entry<Long, Value>> expected = backwards
                ? state.records().descendingMap().entrySet()
                : state.records().entrySet();
        try (TreeCursor cursor = tree.cursor(session, snapshot)) {
            for (Map.Entry<Long, Value> record : expected) {
                if (!(backwards ? cursor.previous() : cursor.next())) {
                    throw new Violation("tree " + tree.treeId() + " ends before key " + record.getKey() + " at commit "
                            + snapshot.csn() + (backwards ? ", backwards" : ""));
                }
                RecordView view = cursor.record();
                if (!values.isKey(tree, record.getKey(), view)) {
                    throw new Violation("tree " + tree.treeId() + ": expected key " + record.getKey()
                            + ", found another one at commit " + snapshot.csn());
                }
                values.check(tree, record.getKey(), record.getValue(), view);
                if (view.csn() > snapshot.csn()) {
                    throw new Violation("record of commit " + view.csn() + " in a snapshot of " + snapshot.csn());
                }
            }
            if (backwards ? cursor.previous() : cursor.next()) {
                throw new Violation(
                        "tree " + tree.treeId() + " has more than " + state.records().size() + " records at commit "
                                + snapshot.csn());
            }
        }
    }

    private static void point(Session session, Snapshot snapshot, Tree tree, TreeState state, TestValues values,
            SplittableRandom random) {
        RecordView view = new RecordView();
        for (int probe = 0; probe < 4; probe++) {
            long number = state.records().isEmpty() || random.nextInt(3) == 0
                    ? random.nextLong(CrashWorld.KEYS)
                    : state.records().ceilingKey(random.nextLong(state.records().lastKey() + 1));
            Value value = state.records().get(number);
            boolean found = tree.get(session, snapshot, values.key(tree, number), view);
            if (found != (value != null)) {
                throw new Violation(
                        "tree " + tree.treeId() + ", key " + number + ": found " + found + ", expected " + value
                                + " at commit " + snapshot.csn());
            }
            if (found) {
                values.check(tree, number, value, view);
            }
        }
    }

    /** A state to change: its trees are shared, and are copied before they are changed. */
    static Map<Integer, TreeState> draft(Map<Integer, TreeState> from) {
        return new HashMap<>(from);
    }

    /** Turns what the store throws into a violation, for openings that must succeed. */
    static Violation refused(NexusLiteException failure) {
        return new Violation("a healthy store is refused: " + failure.getMessage(), failure);
    }
}
