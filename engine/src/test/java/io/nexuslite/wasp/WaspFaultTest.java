package io.nexuslite.wasp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.NexusLiteException;
import io.nexuslite.error.PoisonedException;
import io.nexuslite.error.ReadOnlyException;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.io.CallKind;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.Fault;
import io.nexuslite.store.Session;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeKind;
import io.nexuslite.testing.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The n-th call of each kind fails, for each n there is: a typed error, and every promise holds when the database is opened again. */
class WaspFaultTest {
    private static final int RUNS_MAX = 1000;

    @RegisterExtension
    final Seed seed = new Seed();

    private int keyed;
    private int documents;

    @ParameterizedTest
    @EnumSource(CallKind.class)
    void keepsItsPromisesWhenTheNthCallFails(CallKind kind) {
        for (boolean forever : new boolean[]{false, true}) {
            for (boolean full : new boolean[]{false, true}) {
                int nth = 1;
                while (fails(kind, nth, forever, full)) {
                    assertTrue(nth < RUNS_MAX);
                    nth += kind == CallKind.READ ? 3 : 1;
                }
            }
        }
    }

    /** False if the run makes fewer calls of the kind. */
    private boolean fails(CallKind kind, int nth, boolean forever, boolean full) {
        Fault fault = Fault.of(kind).nth(nth);
        fault = full ? fault.full() : fault;
        fault = forever ? fault.forever() : fault;
        SplittableRandom random = seed.random(kind + "/" + nth);
        EngineOptions options = CrashWorld.smallOptions();
        try (CrashWorld world = new CrashWorld(seed.value(), options)) {
            if (full) {
                world.expectFull();
            }
            world.plan(fault);
            script(world, random);
            if (fault.fired() == 0) {
                return false;
            }
            world.host().clearFaults();
            readsGoOn(world, random);
            for (CrashPolicy policy : new CrashPolicy[]{null, CrashPolicy.LOSE_UNSYNCED,
                    CrashPolicy.any(random.nextLong())}) {
                try (CrashWorld image = world.image(random.nextLong(), policy)) {
                    image.liveOn(random);
                }
            }
            if (world.isOpen()) {
                attempt(world::closeCleanly);
                world.abandon();
            }
            world.crash(random.nextLong(), null);
            world.liveOn(random);
            return true;
        } catch (Violation | NexusLiteException violation) {
            throw new Violation(fault + ": " + violation.getMessage(), violation);
        }
    }

    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (NexusLiteException typed) {
            // what became of it is looked at afterwards
        }
    }

    private void script(CrashWorld world, SplittableRandom random) {
        world.host().setNanoTick(6_000_000);
        for (int opening = 0; opening < 2; opening++) {
            attempt(() -> world.open(random));
            if (!world.isOpen()) {
                attempt(() -> world.open(random));
            }
            if (!world.isOpen()) {
                return;
            }
            write(world, draft -> {
                keyed = draft.createTree(TreeKind.KEYED);
                draft.put(keyed, 1, 100);
            });
            write(world, draft -> documents = draft.createTree(TreeKind.DOCUMENT));
            for (int round = 0; round < 3; round++) {
                int from = 20 * round;
                attempt(() -> puts(world, keyed, from, 20, 900));
                attempt(() -> puts(world, documents, from, 3, 5000));
                attempt(world::idle);
                attempt(world::checkpoint);
                write(world, draft -> delete(draft, keyed, from));
            }
            attempt(() -> puts(world, documents, 77, 1, 1024 * 1024 + 10));
            write(world, draft -> drop(draft, keyed));
            attempt(world::closeCleanly);
            if (world.isOpen()) {
                return;
            }
        }
    }

    /** Writes, as long as that makes sense: after a failure nobody knows what the last commit has come to. */
    private void write(CrashWorld world, CrashWorld.Body body) {
        if (!world.engine().isReadOnly()) {
            attempt(() -> world.transact(TransactionMode.OPTIMISTIC, body));
        }
    }

    private static void drop(CrashWorld.Draft draft, int tree) {
        if (draft.state().containsKey(tree)) {
            draft.dropTree(tree);
        }
    }

    private static void delete(CrashWorld.Draft draft, int tree, long key) {
        if (draft.state().containsKey(tree)) {
            draft.delete(tree, key);
        }
    }

    private static void puts(CrashWorld world, int tree, long from, int count, int length) {
        if (world.history().newest().containsKey(tree) && !world.engine().isReadOnly()) {
            world.transact(TransactionMode.OPTIMISTIC, draft -> {
                for (int index = 0; index < count; index++) {
                    draft.put(tree, from + index, length);
                }
            });
        }
    }

    /** Whatever has failed: what is shown is a state of the history, and a poisoned store refuses writes with the cause. */
    private static void readsGoOn(CrashWorld world, SplittableRandom random) {
        if (!world.isOpen()) {
            return;
        }
        world.history().verify(world.engine(), world.values(), world.history().durable(), false, random);
        if (world.engine().isReadOnly()) {
            try (Transaction transaction = world.engine().begin(world.session(), TransactionMode.OPTIMISTIC)) {
                world.engine().createTree(transaction, TreeKind.KEYED);
                assertThrows(PoisonedException.class, transaction::commit);
            }
        }
    }

    /** The disk is full: puts are refused, deletes and reads go on, and puts go on once there is room again. */
    @Test
    void resumesWhenThereIsRoomAgain() {
        SplittableRandom random = seed.random("full");
        for (int spare = 0; spare <= 1024 * 1024; spare += 96 * 1024) {
            EngineOptions options = CrashWorld.smallOptions().withReserve(1024 * 1024);
            try (CrashWorld world = new CrashWorld(seed.value() + spare, options)) {
                world.host().setNanoTick(6_000_000);
                world.open(random);
                world.transact(TransactionMode.OPTIMISTIC, draft -> keyed = draft.createTree(TreeKind.KEYED));
                puts(world, keyed, 0, 60, 1000);
                world.checkpoint();
                world.setCapacity(world.host().bytesInUse() + spare);
                boolean refused = false;
                for (int round = 0; round < 200 && !refused; round++) {
                    long before = world.history().last();
                    puts(world, keyed, 100 + 30L * round, 30, 1500);
                    refused = world.history().last() == before;
                }
                assertTrue(refused, "a disk of finite size takes everything");
                world.verify(random);
                for (int key = 0; key < 40; key++) {
                    int deleted = key;
                    long before = world.history().last();
                    world.transact(TransactionMode.OPTIMISTIC, draft -> draft.delete(keyed, deleted));
                    if (world.history().last() != before + 1) {
                        throw new AssertionError("deletion " + key + " is refused, spare " + spare, world.lastFull());
                    }
                }
                try (CrashWorld image = world.image(random.nextLong(), CrashPolicy.LOSE_UNSYNCED)) {
                    image.setCapacity(Long.MAX_VALUE);
                    image.liveOn(random);
                }
                world.setCapacity(Long.MAX_VALUE);
                for (int tick = 0; tick < 3; tick++) {
                    world.checkpoint();
                }
                long before = world.history().last();
                puts(world, keyed, 3000, 10, 100);
                assertEquals(before + 1, world.history().last(), "puts are refused though there is room again");
                world.closeCleanly();
                world.readOnly(random);
            }
        }
    }

    /** A first write that finds no room for the reserve changes nothing. */
    @Test
    void refusesTheFirstWriteOnAFullDisk() {
        SplittableRandom random = seed.random("first");
        for (int spare = 0; spare < 400 * 1024; spare += 4096) {
            try (CrashWorld world = new CrashWorld(seed.value(), CrashWorld.smallOptions())) {
                world.open(random);
                world.setCapacity(world.host().bytesInUse() + spare);
                try (Transaction transaction = world.engine().begin(world.session(), TransactionMode.OPTIMISTIC)) {
                    world.engine().createTree(transaction, TreeKind.KEYED);
                    transaction.commit();
                    break;
                } catch (StorageFullException full) {
                    world.setCapacity(Long.MAX_VALUE);
                    world.transact(TransactionMode.OPTIMISTIC,
                            draft -> draft.put(draft.createTree(TreeKind.KEYED), 1, 10));
                    assertEquals(1, world.history().last());
                    world.closeCleanly();
                    world.readOnly(random);
                }
            }
        }
    }

    /**
     * Symptom: a slot whose write failed for want of room was written again with other content, after its pages had been given to others. Cause: a
     * full disk was taken for harmless there too, as on file systems where overwriting allocates. Rule: the slot may be whole all the same, so it
     * ends all writing.
     */
    @Test
    void writesNothingAfterASlotThatFoundNoRoom() {
        SplittableRandom random = seed.random("slot");
        for (int slots = 1; slots <= 2; slots++) { // the first says LOG, the second is a checkpoint's
            try (CrashWorld world = new CrashWorld(seed.value(), CrashWorld.smallOptions())) {
                world.open(random);
                world.expectFull();
                world.plan(Fault.of(CallKind.WRITE).in(".nxl").at(FileLayout.MANIFEST_POSITION,
                        FileLayout.MANIFEST_SLOTS * FileLayout.MANIFEST_STRIDE).nth(slots).full());
                attempt(() -> SceneSteps.puts(world, 3, 100));
                attempt(world::checkpoint);
                assertTrue(world.hasFailed());
                assertThrows(PoisonedException.class, () -> SceneSteps.puts(world, 1, 100));
                world.crash(random.nextLong(), CrashPolicy.any(random.nextLong()));
                world.liveOn(random);
            }
        }
    }

    /**
     * Symptom: a large value put into a store that is poisoned, or open for reading only, was written to its extents all the same, and in the
     * second case began a log. Cause: only the commit asked whether it may write. Rule: who may not write, writes nothing.
     */
    @Test
    void writesNoExtentWhenItMayNotWrite() {
        SplittableRandom random = seed.random("extent");
        try (CrashWorld world = new CrashWorld(seed.value(), CrashWorld.smallOptions())) {
            world.open(random);
            world.transact(TransactionMode.OPTIMISTIC, draft -> documents = draft.createTree(TreeKind.DOCUMENT));
            world.plan(Fault.of(CallKind.WRITE_DURABLE));
            attempt(() -> puts(world, documents, 1, 1, 100));
            long before = world.host().mutatingCalls();
            assertThrows(PoisonedException.class, () -> world.transact(TransactionMode.OPTIMISTIC,
                    draft -> draft.put(documents, 2, 20_000)));
            assertEquals(before, world.host().mutatingCalls());
            world.crash(random.nextLong(), null);
            world.open(random);
            world.closeCleanly();
            long closed = world.host().mutatingCalls();
            try (WaspEngine reader = WaspEngine.open(world.machine(), CrashWorld.PATH, world.options().asReadOnly());
                    Session session = reader.openSession();
                    Transaction transaction = reader.begin(session, TransactionMode.OPTIMISTIC)) {
                assertThrows(ReadOnlyException.class, () -> world.values().put(transaction, reader.tree(documents), 3,
                        new CommitHistory.Value(3, 20_000)));
            }
            assertEquals(closed, world.host().mutatingCalls());
        }
    }
}
