package io.nexuslite.wasp.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.PoisonedException;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.io.CallKind;
import io.nexuslite.io.Fault;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads claim, fill, wait and lead at once; a watchdog names who is stuck. */
class WaspLogThreadsTest {
    /** Not a yield: two virtual threads that do nothing but yield keep their carrier from all that were parked. */
    private static final long PAUSE_NANOS = 100_000;

    @RegisterExtension
    final Seed seed = new Seed();

    @ParameterizedTest
    @EnumSource(LogDurability.class)
    void nobodyWaitsForEverAndNothingIsLost(LogDurability durability) throws InterruptedException {
        int rounds = Seed.scaled(300);
        for (boolean virtual : new boolean[]{false, true}) {
            int threads = virtual ? 24 : 6;
            int commits = threads * rounds / (virtual ? 4 : 1);
            try (LogRun run = new LogRun(new FaultyHost(seed.value()), LogRun.options(durability, 6, 16 * 1024),
                    LogLie.NONE)) {
                AtomicReferenceArray<List<LogRun.Change>> byCsn = new AtomicReferenceArray<>(commits + 1);
                AtomicInteger left = new AtomicInteger(threads);
                Threads.run(threads + 1, virtual, index -> {
                    if (index == threads) {
                        checkpointUntil(run, left);
                        return;
                    }
                    try {
                        commit(run, byCsn, commits / threads, "thread" + index + virtual);
                    } finally {
                        left.decrementAndGet();
                    }
                });
                assertEquals(commits, run.log.lastCsn());
                for (int csn = 1; csn <= commits; csn++) {
                    run.history.add(byCsn.get(csn));
                }
                run.log.syncAll();
                assertEquals(commits, run.log.filledHorizon());
                assertEquals(commits, run.log.durableHorizon());
                run.recover(run.host, run.flips.getLast(), commits, LogLie.NONE);
            }
        }
    }

    private void commit(LogRun run, AtomicReferenceArray<List<LogRun.Change>> byCsn, int count, String name) {
        SplittableRandom random = seed.random(name);
        try (TransactionFrames frames = new TransactionFrames()) {
            for (int i = 0; i < count; i++) {
                List<LogRun.Change> changes;
                synchronized (run) { // the payload's scratch memory is shared
                    changes = run.encode(frames, random, random.nextInt(50) == 0 ? 9000 : random.nextInt(500),
                            random.nextInt(100));
                }
                long csn = append(run, frames, changes, byCsn, random);
                if (random.nextInt(20) == 0) {
                    Thread.currentThread().interrupt();
                }
                if (random.nextInt(10) == 0) {
                    run.log.awaitDurable(csn);
                    assertTrue(run.log.durableHorizon() >= csn);
                } else if (random.nextInt(10) > 0) {
                    run.log.awaitDone(csn);
                    assertTrue(run.log.readHorizon() >= csn, "told done, and does not see it");
                }
                Thread.interrupted();
            }
        }
    }

    private static long append(LogRun run, TransactionFrames frames, List<LogRun.Change> changes,
            AtomicReferenceArray<List<LogRun.Change>> byCsn, SplittableRandom random) {
        int pause = random.nextInt(30) == 0 ? 2000 : 0;
        while (true) {
            try {
                return run.log.append(frames, csn -> {
                    byCsn.set((int) csn, changes);
                    for (int i = 0; i < pause; i++) {
                        Thread.onSpinWait(); // a slow thread in the window: a hole for the others
                    }
                });
            } catch (StorageFullException full) {
                LockSupport.parkNanos(PAUSE_NANOS); // until the next checkpoint
            }
        }
    }

    private static void checkpointUntil(LogRun run, AtomicInteger left) {
        while (left.get() > 0) {
            run.checkpoint();
            run.log.idleTick();
            run.log.growTick();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Test
    void aFailureReachesEveryWaiter() throws InterruptedException {
        for (int round = 0, rounds = Seed.scaled(20); round < rounds; round++) {
            SplittableRandom mix = seed.random("round" + round);
            LogDurability durability = LogDurability.values()[mix.nextInt(2)];
            try (LogRun run = new LogRun(new FaultyHost(mix.nextLong()), LogRun.options(durability, 32, 16 * 1024),
                    LogLie.NONE)) {
                run.host.plan(Fault.of(CallKind.WRITE, CallKind.WRITE_DURABLE, CallKind.SYNC).nth(5 + mix.nextInt(60))
                        .forever());
                List<Long> told = Collections.synchronizedList(new ArrayList<>());
                AtomicBoolean failed = new AtomicBoolean();
                Threads.run(8, mix.nextBoolean(), index -> {
                    SplittableRandom random = seed.random("thread" + index);
                    try (TransactionFrames frames = new TransactionFrames()) {
                        for (int i = 0; i < 400; i++) {
                            synchronized (run) {
                                run.encode(frames, random, random.nextInt(200));
                            }
                            long csn = run.log.append(frames, stamped -> {
                            });
                            run.log.awaitDurable(csn);
                            told.add(csn);
                        }
                    } catch (PoisonedException | io.nexuslite.error.IoFailedException expected) {
                        failed.set(true); // an IoFailedException comes from growth, before the claim
                    }
                });
                assertTrue(failed.get() || run.log.lastCsn() == 3200);
                long durable = run.log.durableHorizon();
                told.forEach(csn -> assertTrue(csn <= durable));
                if (run.poison.isSet()) {
                    assertThrows(PoisonedException.class, run.log::flushAndAnchor);
                }
            }
        }
    }
}
