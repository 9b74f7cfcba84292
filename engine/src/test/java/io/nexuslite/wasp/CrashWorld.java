package io.nexuslite.wasp;

import io.nexuslite.check.CheckFinding;
import io.nexuslite.check.CheckOptions;
import io.nexuslite.check.CheckProgress;
import io.nexuslite.check.CheckReport;
import io.nexuslite.check.CheckSeverity;
import io.nexuslite.check.FileCheck;
import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.ForeignLogException;
import io.nexuslite.error.IncompatibleFormatException;
import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.error.TransactionTooLargeException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.io.Call;
import io.nexuslite.io.CallListener;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.Fault;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.io.Host;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.log.LogDurability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One database on one simulated machine, with the oracle that knows what it has promised. Everything a test does to the store goes
 * through here, so that the oracle sees it; whatever ends the process leaves a world that only {@link #crash} leads out of.
 */
final class CrashWorld implements AutoCloseable {
    static final Path PATH = Path.of("/data/shop.nxl");
    static final Path LOG = Path.of("/data/shop.wasp");
    static final Path TEMPORARY = Path.of("/data/shop.wasp.new");
    /** Keys are below this. */
    static final long KEYS = 4000;

    private static final int KIB = 1024;
    private static final String SLOT = "manifest slot "; // in the check's findings
    private static final int KEYED_VALUE_MAX = 1900; // with its key, a quarter of a page

    /** Turns the machine into one that lies, or watches it, or leaves it as it is. */
    interface Liar {
        Liar NONE = new Liar() {
        };

        /** Refuses calls in a wrong order. */
        Liar TRACED = new Liar() {
            @Override
            public Host wrap(FaultyHost host) {
                return new TracedHost(host);
            }
        };

        default Host wrap(FaultyHost host) {
            return host;
        }

        /** The machine has started, and nobody has opened the database yet. */
        default void beforeOpening(FaultyHost host) {
            // the truth
        }
    }

    private final TestValues values;
    private final Liar liar;
    private static final long IDLE_NANOS = 6_000_000; // long enough for a witness to be due

    private FaultyHost host;
    private Host machine;
    private EngineOptions options;
    private CommitHistory history;
    private CrashPoints points = new CrashPoints();
    private SlotFlushes slots;
    private WaspEngine engine;
    private Session session;
    private boolean mayBeFull;
    private StorageFullException lastFull;
    private long stamp;
    private final List<Snapshot> snapshots = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    /** A machine with a freshly created database, closed. */
    CrashWorld(long seed, EngineOptions options, Liar liar) {
        this(new FaultyHost(seed), options, liar, new CommitHistory(), new TestValues(), new SlotFlushes());
        try {
            WaspEngine.create(machine, PATH, options);
        } catch (Throwable failure) {
            values.close();
            throw failure;
        }
    }

    CrashWorld(long seed, EngineOptions options) {
        this(seed, options, Liar.TRACED);
    }

    private CrashWorld(FaultyHost host, EngineOptions options, Liar liar, CommitHistory history, TestValues values,
            SlotFlushes slots) {
        this.values = values;
        this.options = options;
        this.liar = liar;
        this.history = history;
        start(host, slots);
    }

    /** Small everything, so that a short run recycles, checkpoints, grows and evicts; nothing happens by itself. */
    static EngineOptions smallOptions() {
        return new EngineOptions(false, LogDurability.SYNC, 10_000_000, 8 * KIB, 8L * KIB * KIB, 64 * KIB, 256 * KIB,
                16 * KIB,
                60_000_000_000L, 128 * KIB, 2L * KIB * KIB, 64 * KIB, false);
    }

    private void start(FaultyHost newHost, SlotFlushes newSlots) {
        host = newHost;
        slots = newSlots;
        machine = liar.wrap(newHost);
        faults.clear();
        points.disarm();
        points.phase(CrashPoints.Phase.OPEN);
        host.listen(new CallListener() {
            @Override
            public void before(Call call) {
                newSlots.before(call);
                points.before(call);
            }

            @Override
            public void after(Call call) {
                newSlots.after(call);
                points.after(call);
            }
        });
    }

    FaultyHost host() {
        return host;
    }

    Host machine() {
        return machine;
    }

    CommitHistory history() {
        return history;
    }

    CrashPoints points() {
        return points;
    }

    TestValues values() {
        return values;
    }

    WaspEngine engine() {
        return engine;
    }

    Session session() {
        return session;
    }

    EngineOptions options() {
        return options;
    }

    boolean isOpen() {
        return engine != null;
    }

    void use(UnaryOperator<EngineOptions> change) {
        options = change.apply(options);
    }

    /** Plans the failure of a call: what it leads to is an end of the process like any other. */
    void plan(Fault fault) {
        faults.add(host.plan(fault));
    }

    /** {@link StorageFullException} is an answer from now on, though the disk has room. */
    void expectFull() {
        mayBeFull = true;
    }

    /** Whether a planned failure has struck since the machine started. */
    boolean hasFailed() {
        return faults.stream().anyMatch(fault -> fault.fired() > 0);
    }

    /** Why the last transaction was refused for want of room, or {@code null}. */
    StorageFullException lastFull() {
        return lastFull;
    }

    /** From now on the disk may be too small: {@link StorageFullException} is an answer. */
    void setCapacity(long bytes) {
        mayBeFull = bytes != Long.MAX_VALUE;
        host.setCapacity(bytes);
    }

    /** A bit of a manifest's slot rots. */
    void rotSlot(long manifestNumber, SplittableRandom random) {
        host.flipBit(PATH, FileLayout.manifestPosition(manifestNumber) + random.nextInt(FileLayout.BLOCK_SIZE),
                random.nextInt(8));
        slots.damaged((int) (manifestNumber % FileLayout.MANIFEST_SLOTS));
    }

    // ---- opening and closing

    /** Opens for writing: all that was promised must be there, and what is there stays. */
    void open(SplittableRandom random) {
        long before = host.mutatingCalls();
        boolean hadLog = host.fileNames().contains(LOG);
        points.phase(CrashPoints.Phase.OPEN);
        liar.beforeOpening(host);
        try {
            engine = WaspEngine.open(machine, PATH, options);
        } catch (StorageFullException full) {
            if (hasFailed()) {
                throw full;
            }
            if (!mayBeFull) {
                throw CommitHistory.refused(full);
            }
            setCapacity(Long.MAX_VALUE);
            open(random);
            return;
        } catch (NexusLiteException refusal) {
            if (hasFailed()) {
                throw refusal;
            }
            throw CommitHistory.refused(refusal);
        }
        points.phase(CrashPoints.Phase.RUN);
        if (!hadLog && host.mutatingCalls() - before > 1) {
            throw new Violation("an opening with no log made " + (host.mutatingCalls() - before)
                    + " changing calls, where only the owner's sector is allowed");
        }
        session = engine.openSession();
        history.served(history.verify(engine, values, history.required(), !hadLog, random));
    }

    /** Opens for reading: nothing is written, and all that was promised is shown. */
    void readOnly(SplittableRandom random) {
        long before = host.mutatingCalls();
        try (WaspEngine reader = WaspEngine.open(machine, PATH, options.asReadOnly())) {
            history.verify(reader, values, history.required(), !host.fileNames().contains(LOG), random);
        } catch (NexusLiteException refusal) {
            throw CommitHistory.refused(refusal);
        }
        if (host.mutatingCalls() != before) {
            throw new Violation("a read-only opening made a changing call");
        }
    }

    /** Closes cleanly: one file is left, which is everything. */
    void closeCleanly() {
        endSession();
        points.phase(CrashPoints.Phase.CLOSE);
        WaspEngine closing = engine;
        engine = null;
        long last = history.last();
        boolean hasWritten = closing.statistics().logGroups() > 0;
        try {
            closing.close();
        } finally {
            closing.abandon();
        }
        boolean left = host.fileNames().contains(LOG);
        // what a crash in the middle of a first write has left stays until the next first write
        boolean temporary = !hasWritten && host.fileNames().contains(TEMPORARY);
        if (left && !mayBeFull && !hasFailed() || !left && host.fileNames().size() != (temporary ? 2 : 1)) {
            throw new Violation("a clean close leaves " + host.fileNames());
        }
        if (!left) {
            history.acknowledge(last, true);
        }
        requireOrder();
        check();
    }

    /**
     * What lies on disk is whole, in the eyes of a reader that shares no code with the engine: no damage, and of slots that cannot be read only
     * those whose flush has failed or was cut. Nobody has it open.
     */
    void check() {
        if (!faults.isEmpty()) {
            return; // they would strike the check itself
        }
        CheckReport report = FileCheck.check(host, PATH, CheckOptions.DEFAULT, CheckProgress.NONE);
        List<CheckFinding> wrong = report.findings().stream()
                .filter(finding -> finding.severity() == CheckSeverity.DAMAGE
                        || finding.object().startsWith(SLOT) && !slots.mayBeTorn(Integer.parseInt(
                                finding.object().substring(SLOT.length()))))
                .toList();
        if (!wrong.isEmpty() || report.failure() != null) {
            throw new Violation("the check finds " + wrong + ", fails with " + report.failure());
        }
    }

    /** Throws what a trace has refused: the store may have taken it for a failure of the disk. */
    private void requireOrder() {
        if (machine instanceof TracedHost traced) {
            traced.requireNone();
        }
    }

    private void endSession() {
        snapshots.forEach(Snapshot::close);
        snapshots.clear();
        session.close();
        session = null;
    }

    /** Lets go of the process, which has ended. */
    void abandon() {
        WaspEngine ended = engine;
        engine = null;
        session = null;
        snapshots.clear();
        if (ended != null) {
            ended.abandon();
        }
    }

    /** The process ends ({@code policy} null) or the power fails; the machine starts again with what is left. */
    void crash(long seed, CrashPolicy policy) {
        FaultyHost image = policy == null ? host.killImage(seed) : host.crashImage(seed, policy);
        requireOrder();
        abandon();
        if (policy != null || hasFailed()) { // a failed flush may drop what the kernel had
            history.powerLost();
        }
        start(image, new SlotFlushes(slots, policy != null));
    }

    /** Another world with what a crash would leave now; this one goes on.  */
    CrashWorld image(long seed, CrashPolicy policy) {
        FaultyHost image = policy == null ? host.killImage(seed) : host.crashImage(seed, policy);
        CrashWorld world = new CrashWorld(image, options, liar, history.copy(), new TestValues(),
                new SlotFlushes(slots, policy != null));
        world.stamp = stamp + 1_000_000;
        if (policy != null || hasFailed()) {
            world.history.powerLost();
        }
        return world;
    }

    // ---- writing

    /** What one transaction does; fills the draft of the state as it goes. */
    interface Body {
        void run(Draft draft);
    }

    /** A transaction and the state that it will lead to. */
    final class Draft {
        private final Transaction transaction;
        private final Map<Integer, CommitHistory.TreeState> before;
        private final Map<Integer, CommitHistory.TreeState> state;
        private int writes;

        Draft(Transaction transaction) {
            this.transaction = transaction;
            before = history.newest();
            state = CommitHistory.draft(before);
        }

        Map<Integer, CommitHistory.TreeState> state() {
            return state;
        }

        private CommitHistory.TreeState mutable(int treeId) {
            CommitHistory.TreeState tree = state.get(treeId);
            if (tree == before.get(treeId)) {
                tree = tree.copy();
                state.put(treeId, tree);
            }
            return tree;
        }

        int createTree(TreeKind kind) {
            int id = engine.createTree(transaction, kind);
            state.put(id, new CommitHistory.TreeState(kind, new TreeMap<>()));
            writes++;
            return id;
        }

        /** The trees that there are, but for the catalog's and the entries'. */
        List<Integer> trees() {
            return CommitHistory.trees(state);
        }

        /** Drops a tree and its name; entries of its documents stay, as nobody reads the documents for it. */
        void dropTree(int treeId) {
            engine.dropTree(transaction, treeId);
            state.remove(treeId);
            writes++;
            for (Map.Entry<Long, CommitHistory.Value> name : List
                    .copyOf(state.get(StorageEngine.CATALOG_TREE_ID).records().entrySet())) {
                if (name.getValue().stamp() == treeId) {
                    remove(StorageEngine.CATALOG_TREE_ID, name.getKey());
                }
            }
        }

        void put(int treeId, long number, int length) {
            put(treeId, number, length, 0);
        }

        /** As {@link #put(int, long, int)}; a document that expires in a slot other than 0 has an entry, in the same transaction. */
        void put(int treeId, long number, int length, int expirySlot) {
            boolean keyed = engine.tree(treeId).kind() == TreeKind.KEYED;
            forgetEntry(treeId, number);
            store(treeId, number, new CommitHistory.Value(++stamp, keyed ? Math.min(length, KEYED_VALUE_MAX) : length,
                    keyed ? 0 : expirySlot));
            if (!keyed && expirySlot != 0) {
                store(StorageEngine.TEMP_DOCUMENTS_TREE_ID, TempEntries.number(expirySlot, treeId, number),
                        new CommitHistory.Value(0, 0));
            }
        }

        void delete(int treeId, long number) {
            forgetEntry(treeId, number);
            remove(treeId, number);
        }

        private void forgetEntry(int treeId, long number) {
            CommitHistory.Value old = state.get(treeId).records().get(number);
            if (old != null && old.expirySlot() != 0) {
                remove(StorageEngine.TEMP_DOCUMENTS_TREE_ID, TempEntries.number(old.expirySlot(), treeId, number));
            }
        }

        /** Deletes the first documents to expire, and entries of dropped trees. */
        void sweep(int count) {
            for (long entry : state.get(StorageEngine.TEMP_DOCUMENTS_TREE_ID).records().keySet().stream().limit(count)
                    .toList()) {
                if (state.containsKey(TempEntries.treeId(entry))) {
                    delete(TempEntries.treeId(entry), TempEntries.document(entry));
                } else {
                    remove(StorageEngine.TEMP_DOCUMENTS_TREE_ID, entry);
                }
            }
        }

        /** Gives a new collection a name, or an old one of that name another. */
        void createOrRename(long name, long other) {
            CommitHistory.Value old = state.get(StorageEngine.CATALOG_TREE_ID).records().get(name);
            if (old == null) {
                store(StorageEngine.CATALOG_TREE_ID, name, new CommitHistory.Value(createTree(TreeKind.DOCUMENT), 0));
            } else if (!state.get(StorageEngine.CATALOG_TREE_ID).records().containsKey(other)) {
                remove(StorageEngine.CATALOG_TREE_ID, name);
                store(StorageEngine.CATALOG_TREE_ID, other, old);
            }
        }

        private void store(int treeId, long number, CommitHistory.Value value) {
            values.put(transaction, engine.tree(treeId), number, value);
            mutable(treeId).records().put(number, value);
            writes++;
        }

        private void remove(int treeId, long number) {
            Tree tree = engine.tree(treeId);
            boolean expected = state.get(treeId).records().containsKey(number);
            if (transaction.delete(tree, values.key(tree, number)) != expected) {
                throw new Violation("tree " + treeId + ": deletion of key " + number + " found " + !expected);
            }
            if (expected) {
                mutable(treeId).records().remove(number);
                writes++;
            }
        }
    }

    /**
     * Makes a transaction of what {@code body} does.
     *
     * @return whether it committed; false if it was refused for its size, or for want of room, or had nothing to write
     */
    boolean transact(TransactionMode mode, Body body) {
        boolean proposed = false;
        try (Transaction transaction = engine.begin(session, mode)) {
            Draft draft = new Draft(transaction);
            body.run(draft);
            if (draft.writes == 0) {
                transaction.commit();
                return false;
            }
            history.propose(draft.state);
            proposed = true;
            long csn = transaction.commit();
            if (csn != history.last()) {
                throw new Violation("commit " + history.last() + " was given number " + csn);
            }
            acknowledge(csn);
            return true;
        } catch (StorageFullException full) {
            forget(proposed);
            lastFull = full;
            if (!mayBeFull && !full.file().endsWith(".wasp")) {
                throw new Violation("a disk with room is called full: " + full.getMessage(), full);
            }
            return false;
        } catch (TransactionTooLargeException | MemoryBudgetExceededException tooLarge) {
            forget(proposed);
            return false;
        } catch (RuntimeException failure) {
            forget(proposed);
            throw failure;
        }
    }

    /** Takes back what was proposed, unless the commit got its number: then nobody knows what has become of it. */
    private void forget(boolean proposed) {
        if (proposed && !host.isCrashed() && engine.statistics().filledHorizon() < history.last()) {
            history.withdraw();
        }
    }

    private void acknowledge(long csn) {
        switch (options.durability()) {
            case SYNC -> history.acknowledge(csn, true);
            case GROUP -> history.acknowledge(csn, false);
            case NONE -> {
                // promises nothing
            }
        }
        history.acknowledge(engine.statistics().durableHorizon(), true);
    }

    /** Begins a transaction that comes to nothing. */
    void abort(TransactionMode mode, Body body) {
        try (Transaction transaction = engine.begin(session, mode)) {
            body.run(new Draft(transaction));
        } catch (StorageFullException | MemoryBudgetExceededException full) {
            if (!mayBeFull && full instanceof StorageFullException) {
                throw new Violation("a disk with room is called full: " + full.getMessage(), full);
            }
        }
    }

    /** Makes a checkpoint, if there is room for one. */
    void checkpoint() {
        try {
            long csn = engine.checkpoint();
            history.acknowledge(csn, true);
        } catch (StorageFullException full) {
            if (!mayBeFull) {
                throw new Violation("a disk with room is called full: " + full.getMessage(), full);
            }
        }
    }

    /** What the background threads do: witnesses, flushes, growth, checkpoints that are due. */
    void idle() {
        host.setNanoTime(host.nanoTime() + IDLE_NANOS);
        try {
            engine.backgroundStep();
        } catch (StorageFullException full) {
            if (!mayBeFull) {
                throw new Violation("a disk with room is called full: " + full.getMessage(), full);
            }
        }
        history.acknowledge(engine.statistics().durableHorizon(), true);
    }

    // ---- reading

    Snapshot holdSnapshot() {
        Snapshot snapshot = engine.snapshot("held");
        snapshots.add(snapshot);
        return snapshot;
    }

    List<Snapshot> snapshots() {
        return snapshots;
    }

    void endSnapshot(Snapshot snapshot) {
        snapshots.remove(snapshot);
        snapshot.close();
    }

    /** Compares what is shown now, and at each snapshot held, with the history. */
    void verify(SplittableRandom random) {
        history.verify(engine, values, options.durability() == LogDurability.SYNC ? history.required() : 0, false,
                random);
        for (Snapshot snapshot : snapshots) {
            history.verifyAt(engine, session, snapshot, values, random);
        }
    }

    /**
     * Opens a store that something has damaged: it shows a state of the history with at least {@code least} commits, or names the damage.
     *
     * @return whether it opened and could be read whole
     */
    boolean judge(SplittableRandom random, long least) {
        try {
            engine = WaspEngine.open(machine, PATH, options);
            history.verify(engine, values, least, false, random);
            return true;
        } catch (CorruptionException damage) {
            if (damage.file() == null || damage.file().isEmpty()) {
                throw new Violation("damage without a file: " + damage.getMessage(), damage);
            }
            return false;
        } catch (ForeignLogException | IncompatibleFormatException refusal) {
            return false;
        } finally {
            abandon();
        }
    }

    /** On a machine started after a crash: opens, writes, closes, opens again; everything must hold all the way. */
    void liveOn(SplittableRandom random) {
        open(random);
        transact(TransactionMode.OPTIMISTIC, draft -> {
            int tree = draft.trees().stream().findFirst()
                    .orElseGet(() -> draft.createTree(TreeKind.KEYED));
            draft.put(tree, random.nextLong(KEYS), random.nextInt(300));
        });
        closeCleanly();
        readOnly(random);
    }

    @Override
    public void close() {
        try {
            abandon();
        } finally {
            values.close();
        }
        requireOrder();
    }
}
