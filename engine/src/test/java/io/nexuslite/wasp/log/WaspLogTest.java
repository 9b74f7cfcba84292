package io.nexuslite.wasp.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.error.PoisonedException;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.error.TransactionTooLargeException;
import io.nexuslite.io.Call;
import io.nexuslite.io.CallKind;
import io.nexuslite.io.CallListener;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.Fault;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.io.FileImage;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.testing.Seed;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaspLogTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private final SplittableRandom random = seed.random("log");

    private LogRun run(LogDurability durability, int extents, int ringBytes) {
        return new LogRun(new FaultyHost(seed.value()), LogRun.options(durability, extents, ringBytes),
                LogLie.NONE);
    }

    @ParameterizedTest
    @EnumSource(LogDurability.class)
    void replaysWhatWasAppended(LogDurability durability) {
        try (LogRun run = run(durability, 32, 64 * 1024)) {
            for (int i = 1; i <= 200; i++) {
                long csn = run.append(random, random.nextInt(600), random.nextInt(50));
                assertEquals(i, csn);
                run.log.awaitDone(csn);
                assertTrue(run.log.readHorizon() >= csn);
            }
            run.log.syncAll();
            assertEquals(200, run.log.durableHorizon());
            assertEquals(200, run.recover(run.host, run.flips.getLast(), 200, LogLie.NONE));
            FaultyHost image = run.host.crashImage(seed.value(), CrashPolicy.LOSE_UNSYNCED);
            assertEquals(200, run.recover(image, run.flips.getLast(), 200, LogLie.NONE));
        }
    }

    @Test
    void aCommitOfOneThreadIsOneRangedFlush() {
        try (LogRun run = run(LogDurability.SYNC, 4, 64 * 1024)) {
            long before = run.log.statistics().syncs();
            for (int i = 0; i < 10; i++) {
                run.log.awaitDone(run.append(random, 300));
            }
            LogStatistics after = run.log.statistics();
            assertEquals(10, after.syncs() - before);
            assertEquals(10, after.rangedSyncs());
            assertEquals(0, after.durablePosition() % 4096);
        }
    }

    @Test
    void readersSeeACommitOnlyWhenItIsDone() {
        try (LogRun run = run(LogDurability.SYNC, 4, 64 * 1024)) {
            run.append(random, 10);
            assertEquals(0, run.log.readHorizon());
            run.log.awaitDone(1);
            assertEquals(1, run.log.readHorizon());
        }
        try (LogRun run = run(LogDurability.GROUP, 4, 64 * 1024)) {
            run.append(random, 10);
            assertEquals(1, run.log.readHorizon());
            assertEquals(0, run.log.kernelHorizon());
            run.log.awaitDone(1);
            assertEquals(1, run.log.kernelHorizon());
            assertEquals(0, run.log.durableHorizon());
            run.log.awaitDurable(1);
            assertEquals(1, run.log.durableHorizon());
        }
    }

    /** A flush behind unflushed groups must cover them too: an O_DSYNC write alone covers its own bytes. */
    @Test
    void aDurableGroupCoversTheUnflushedOnesBelow() {
        try (LogRun run = run(LogDurability.GROUP, 4, 64 * 1024)) {
            run.log.awaitDone(run.append(random, 100));
            run.log.awaitDone(run.append(random, 100));
            run.log.awaitDurable(run.append(random, 100));
            FaultyHost image = run.host.crashImage(seed.value(), CrashPolicy.LOSE_UNSYNCED);
            assertEquals(3, run.recover(image, run.flips.getLast(), 3, LogLie.NONE));
        }
    }

    @Test
    void theLieOfARangedFlushIsSeen() {
        try (LogRun run = new LogRun(new FaultyHost(seed.value()),
                LogRun.options(LogDurability.GROUP, 4, 64 * 1024),
                LogLie.RANGED_FLUSH)) {
            run.log.awaitDone(run.append(random, 5000));
            run.log.awaitDurable(run.append(random, 100));
            FaultyHost image = run.host.crashImage(seed.value(), CrashPolicy.LOSE_UNSYNCED);
            assertThrows(Throwable.class, () -> run.recover(image, run.flips.getLast(), 2, LogLie.NONE));
        }
    }

    @Test
    void changesItsDurabilityWithoutLosingAHorizon() {
        try (LogRun run = run(LogDurability.GROUP, 4, 64 * 1024)) {
            run.log.awaitDone(run.append(random, 100));
            run.log.setDurability(LogDurability.SYNC);
            assertEquals(1, run.log.durableHorizon());
            assertEquals(1, run.log.readHorizon());
            long csn = run.append(random, 100);
            assertEquals(1, run.log.readHorizon());
            run.log.awaitDone(csn);
            assertEquals(2, run.log.durableHorizon());
            run.log.setDurability(LogDurability.NONE);
            assertEquals(3, run.append(random, 100));
            assertEquals(3, run.log.readHorizon());
            run.log.writeAll();
            assertEquals(3, run.log.kernelHorizon());
            run.log.syncAll();
            assertEquals(3, run.recover(run.host, run.flips.getLast(), 3, LogLie.NONE));
        }
    }

    @Test
    void transactionsLongerThanTheRingGoThroughTheirOwnBuffer() {
        for (LogDurability durability : LogDurability.values()) {
            try (LogRun run = run(durability, 8, 16 * 1024)) {
                run.append(random, 100);
                run.append(random, 20_000, 30_000, 5, 40_000);
                run.append(random, 100);
                run.append(random, 9_000, 9_000);
                run.log.awaitDone(4);
                run.log.syncAll();
                assertEquals(4, run.recover(run.host, run.flips.getLast(), 4, LogLie.NONE));
            }
        }
    }

    @Test
    void refusesTooLargeTransactionsBeforeTheyClaim() {
        try (LogRun run = run(LogDurability.SYNC, 4, 16 * 1024)) {
            assertThrows(TransactionTooLargeException.class, () -> run.append(random, LogRun.EXTENT));
            assertThrows(TransactionTooLargeException.class, () -> run.append(random, 50_000, 50_000, 50_000, 50_000));
            assertEquals(0, run.log.lastCsn());
            long room = run.log.statistics().roomBytes();
            run.log.awaitDone(run.append(random, 30_000));
            assertEquals(1, run.log.durableHorizon());
            assertTrue(run.log.statistics().roomBytes() < room + 3L * LogRun.EXTENT);
        }
    }

    @Test
    void aFullLogRefusesUntilACheckpointFreesIt() {
        try (LogRun run = run(LogDurability.SYNC, 4, 16 * 1024)) {
            for (int round = 0; round < 12; round++) {
                StorageFullException full = assertThrows(StorageFullException.class, () -> {
                    while (true) {
                        run.log.awaitDone(run.append(random, random.nextInt(3000)));
                    }
                });
                assertTrue(full.getMessage().contains("log is full"), full.getMessage());
                assertEquals(4, run.log.statistics().extents());
                assertFalse(run.poison.isSet());
                assertEquals(run.history.size(), run.log.lastCsn());
                run.checkpoint();
                assertTrue(run.log.statistics().freeExtents() >= 2, run.log.statistics().toString());
                run.recover(run.host, run.flips.getLast(), run.history.size(), LogLie.NONE);
            }
            assertTrue(run.log.statistics().durablePosition() > 20L * LogRun.EXTENT);
        }
    }

    /** Only one extent is ever freed by such a flip, and the witness that frees it needs the last minimal group. */
    @Test
    void aFullLogAlwaysHasRoomForTheWitnessThatFreesIt() {
        try (LogRun run = run(LogDurability.SYNC, 4, 16 * 1024)) {
            for (int i = 0; i < 300; i++) {
                int length = random.nextInt(8000);
                try {
                    run.log.awaitDone(run.append(random, length));
                } catch (StorageFullException full) {
                    for (int flip = 0; flip < 5; flip++) { // flips that move no anchor must not use the reserve up
                        LogRun.Flip last = run.flips.getLast();
                        run.flips.add(new LogRun.Flip(last.number() + 1, last.anchor(), last.csn()));
                        run.log.manifestFlipped(last.number() + 1, last.anchor());
                        run.log.idleTick();
                        run.log.idleTick();
                    }
                    run.checkpoint();
                }
            }
            run.log.awaitDone(run.append(random, 100));
            run.recover(run.host, run.flips.getLast(), run.history.size(), LogLie.NONE);
        }
    }

    @Test
    void growsInTheBackgroundWhenHalfIsUsedAndStopsAtTheCap() {
        try (LogRun run = run(LogDurability.SYNC, 5, 16 * 1024)) {
            int extents = run.log.statistics().extents();
            assertEquals(1, extents);
            assertFalse(run.log.growTick());
            while (run.log.statistics().roomBytes() >= LogRun.EXTENT / 2) {
                run.log.awaitDone(run.append(random, 1000));
            }
            assertTrue(run.log.growTick());
            assertFalse(run.log.growTick());
            assertEquals(2, run.log.statistics().extents());
            assertThrows(StorageFullException.class, () -> {
                while (true) {
                    run.log.awaitDone(run.append(random, 1000));
                    run.log.growTick();
                }
            });
            assertEquals(5, run.log.statistics().extents());
        }
    }

    @Test
    void aFullDiskRefusesBeforeTheClaimAndPoisonsNothing() {
        try (LogRun run = run(LogDurability.SYNC, 8, 16 * 1024)) {
            run.host.setCapacity(run.host.bytesInUse());
            assertThrows(StorageFullException.class, () -> {
                while (true) {
                    run.log.awaitDone(run.append(random, 1000));
                }
            });
            assertFalse(run.poison.isSet());
            assertEquals(run.log.lastCsn(), run.log.durableHorizon());
            run.host.setCapacity(Long.MAX_VALUE);
            run.log.awaitDone(run.append(random, 1000));
            run.recover(run.host, run.flips.getLast(), run.history.size(), LogLie.NONE);
        }
    }

    @Test
    void aBareWitnessFollowsWhenIdle() {
        try (LogRun run = run(LogDurability.SYNC, 4, 16 * 1024)) {
            run.log.awaitDone(run.append(random, 100));
            long groups = run.log.statistics().groups();
            run.log.idleTick(); // sees the flush
            assertEquals(groups, run.log.statistics().groups());
            run.log.idleTick();
            assertEquals(groups + 1, run.log.statistics().groups());
            for (int i = 0; i < 5; i++) {
                run.log.idleTick();
            }
            assertEquals(groups + 1, run.log.statistics().groups());
            LogRun.Flip last = run.flips.getLast();
            run.log.manifestFlipped(last.number() + 1, last.anchor());
            run.log.idleTick();
            run.log.idleTick();
            assertEquals(groups + 2, run.log.statistics().groups());
        }
    }

    @Test
    void aFailedFlushPoisonsForGood() {
        for (CallKind call : List.of(CallKind.SYNC, CallKind.WRITE_DURABLE, CallKind.WRITE)) {
            LogDurability durability = call == CallKind.WRITE_DURABLE ? LogDurability.SYNC : LogDurability.GROUP;
            try (LogRun run = run(durability, 4, 16 * 1024)) {
                run.log.awaitDone(run.append(random, 100));
                run.log.syncAll();
                run.host.plan(Fault.of(call));
                long csn = run.append(random, 100);
                PoisonedException refused = assertThrows(PoisonedException.class, () -> {
                    run.log.awaitDone(csn);
                    run.log.awaitDurable(csn);
                });
                assertEquals(1, refused.durableHorizon());
                assertInstanceOf(IoFailedException.class, refused.getCause());
                assertThrows(PoisonedException.class, () -> run.append(random, 1));
                assertThrows(PoisonedException.class, () -> run.log.awaitDurable(run.log.lastCsn()));
                assertThrows(PoisonedException.class, run.log::flushAndAnchor);
                assertThrows(PoisonedException.class, run.log::syncAll);
                run.log.awaitDone(1); // what was durable stays so
                run.log.idleTick();
                assertFalse(run.log.growTick());
            }
        }
    }

    @Test
    void anErrorInTheWindowPoisonsAndWakesTheWaiters() {
        try (LogRun run = run(LogDurability.SYNC, 4, 16 * 1024); TransactionFrames frames = new TransactionFrames()) {
            frames.complete();
            StackOverflowError error = new StackOverflowError();
            assertSame(error, assertThrows(StackOverflowError.class, () -> run.log.append(frames, csn -> {
                throw error;
            })));
            PoisonedException refused = assertThrows(PoisonedException.class, () -> run.log.awaitDone(1));
            assertSame(error, refused.getCause());
            assertThrows(PoisonedException.class, () -> run.append(random, 1));
            assertEquals(0, run.log.filledHorizon());
        }
    }

    @Test
    void theWatchdogNamesAThreadThatDiedInTheWindow() throws InterruptedException {
        try (LogRun run = run(LogDurability.SYNC, 4, 16 * 1024)) {
            Thread[] stuck = new Thread[1];
            TransactionFrames frames = new TransactionFrames();
            frames.complete();
            java.util.concurrent.CountDownLatch inWindow = new java.util.concurrent.CountDownLatch(1);
            java.util.concurrent.CountDownLatch end = new java.util.concurrent.CountDownLatch(1);
            stuck[0] = Thread.ofPlatform().daemon().start(() -> run.log.append(frames, csn -> {
                inWindow.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
            inWindow.await();
            for (int i = 0; i < 9; i++) {
                run.log.watchdogTick();
                assertFalse(run.poison.isSet());
            }
            run.log.watchdogTick();
            IllegalStateException cause = assertInstanceOf(IllegalStateException.class, run.poison.causeAcquire());
            assertTrue(cause.getMessage().contains("thread " + stuck[0].threadId()), cause.getMessage());
            assertThrows(PoisonedException.class, () -> run.log.awaitDone(1));
            end.countDown();
            stuck[0].join();
            frames.close();
        }
    }

    @Test
    void claimsOnlyIfNothingWasGivenSinceValidation() {
        try (LogRun run = run(LogDurability.SYNC, 4, 16 * 1024); TransactionFrames frames = new TransactionFrames()) {
            long before = run.log.statistics().roomBytes();
            run.append(random, 10);
            run.encode(frames, random, 10);
            assertEquals(0, run.log.appendIfUnmoved(frames, csn -> {
                throw new AssertionError();
            }, 0));
            run.log.awaitDone(1);
            assertEquals(before - 4096, run.log.statistics().roomBytes());
            List<LogRun.Change> changes = run.encode(frames, random, 10);
            assertEquals(2, run.log.appendIfUnmoved(frames, csn -> run.history.add(changes), 1));
            run.log.awaitDone(2);
        }
    }

    /** Creation leaves nothing, or a whole log under its name, whatever call fails. */
    @Test
    void creationThatFailsLeavesNothing() {
        for (int n = 1;; n++) {
            FaultyHost host = new FaultyHost(seed.value());
            Fault fault = host.plan(Fault.of(CallKind.mutating()).nth(n));
            MemoryBudget budget = new MemoryBudget(64 << 20);
            Poison poison = new Poison();
            try (WaspLog log = WaspLog.create(host, LogRun.PATH, LogRun.ID, 9, 0,
                    LogRun.options(LogDurability.SYNC, 4, 16 * 1024), budget, poison)) {
                assertEquals(0, log.lastCsn());
            } catch (IoFailedException expected) {
                assertEquals(1, fault.fired());
                assertEquals(poison.isSet(), host.files().exists(LogRun.PATH));
            }
            assertEquals(0, budget.total());
            assertEquals(0, host.openFiles());
            if (fault.fired() == 0) {
                assertTrue(n > 5);
                return;
            }
        }
    }

    @Test
    void aLeftTemporaryFileIsReplaced() {
        FaultyHost host = new FaultyHost(seed.value());
        host.plant(LogRun.PATH.resolveSibling("test.wasp.new"), FileImage.of(new byte[100]));
        try (LogRun run = new LogRun(host, LogRun.options(LogDurability.SYNC, 4, 16 * 1024), LogLie.NONE)) {
            run.log.awaitDone(run.append(random, 100));
            assertFalse(host.files().exists(LogRun.PATH.resolveSibling("test.wasp.new")));
            assertEquals(1, run.recover(host, run.flips.getLast(), 1, LogLie.NONE));
        }
    }

    /** No sector that a flush made durable is written again before its extent is reused. */
    @Test
    void writesNoDurableBlockAgain() {
        try (LogRun run = run(LogDurability.GROUP, 32, 16 * 1024)) {
            run.host.listen(new CallListener() {
                @Override
                public void before(Call call) {
                    boolean zeros = call.length() == 256 * 1024 || call.kind() == CallKind.ALLOCATE;
                    long durable = 64 * 1024 + run.log.statistics().durablePosition();
                    if (!zeros && call.kind() != CallKind.SYNC && call.position() < durable) {
                        throw new AssertionError("writes durable bytes: " + call);
                    }
                }
            });
            for (int i = 0; i < 200; i++) {
                long csn = run.append(random, random.nextInt(2000));
                if (random.nextInt(3) == 0) {
                    run.log.awaitDurable(csn);
                    assertEquals(0, run.log.statistics().durablePosition() % 4096);
                } else {
                    run.log.awaitDone(csn);
                }
            }
        }
    }
}
