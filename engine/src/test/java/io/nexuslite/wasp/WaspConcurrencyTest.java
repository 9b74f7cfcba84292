package io.nexuslite.wasp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.io.Host;
import io.nexuslite.io.Hosts;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import io.nexuslite.wasp.log.LogDurability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Many threads on one store: sums that must hold in every snapshot, values that tell when they are torn, and nobody who waits for ever. */
class WaspConcurrencyTest {
    private static final int ACCOUNTS = 600;
    private static final long STUCK_NANOS = 20_000_000_000L;
    private static final long MIB = 1024 * 1024;

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path directory;

    private final Host host = Hosts.platform();

    private static EngineOptions options() {
        return CrashWorld.smallOptions().withLog(256 * 1024, 2 * MIB, 256 * 1024).withMemory(8 * MIB).withBackground();
    }

    private Path path() {
        return directory.resolve("shop.nxl");
    }

    /** Fails, with all stacks, when no thread has got anywhere for 20 s. */
    private static AutoCloseable watchdog(AtomicLong progress) {
        AtomicBoolean done = new AtomicBoolean();
        Thread main = Thread.currentThread();
        Thread watchdog = new Thread(() -> {
            long last = -1;
            long since = System.nanoTime();
            while (!done.get()) {
                if (progress.get() != last) {
                    last = progress.get();
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > STUCK_NANOS) {
                    Thread.getAllStackTraces().forEach((thread, stack) -> {
                        System.err.println(thread);
                        for (StackTraceElement element : stack) {
                            System.err.println("    " + element);
                        }
                    });
                    main.interrupt();
                    return;
                }
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        watchdog.setDaemon(true);
        watchdog.start();
        return () -> {
            done.set(true);
            watchdog.join();
        };
    }

    private void soak(EngineOptions options, int accounts, int threads, boolean virtual, int steps, int writePercent,
            boolean interrupts)
            throws Exception {
        WaspEngine.create(host, path(), options);
        int treeId;
        AtomicLong progress = new AtomicLong();
        try (WaspEngine engine = WaspEngine.open(host, path(), options); AutoCloseable _ = watchdog(progress)) {
            SoakStore store = SoakStore.create(engine, accounts);
            treeId = store.treeId();
            AtomicBoolean done = new AtomicBoolean();
            Thread checkpoints = Thread.ofPlatform().start(() -> {
                try (Session session = engine.openSession()) {
                    while (!done.get()) {
                        try (Snapshot old = engine.snapshot("old")) {
                            engine.checkpoint();
                            store.checkSum(session, old);
                        }
                        progress.incrementAndGet();
                    }
                }
            });
            List<Throwable> failures = new ArrayList<>();
            checkpoints.setUncaughtExceptionHandler((thread, failure) -> {
                synchronized (failures) {
                    failures.add(failure);
                }
            });
            try {
                Threads.run(threads, virtual,
                        index -> act(engine, store, accounts, index, steps, writePercent, interrupts, progress));
            } finally {
                done.set(true);
                checkpoints.join();
            }
            assertEquals(List.of(), failures);
        }
        assertEquals(List.of("shop.nxl"), names());
        try (WaspEngine engine = WaspEngine.open(host, path(), options.asReadOnly());
                Session session = engine.openSession()) {
            new SoakStore(engine, treeId, accounts).checkSum(session);
        }
    }

    private List<String> names() throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void act(WaspEngine engine, SoakStore store, int accounts, int index, int steps, int writePercent,
            boolean interrupts,
            AtomicLong progress) {
        SplittableRandom random = seed.random("thread " + index);
        try (Session session = engine.openSession(); SoakStore.Actor actor = new SoakStore.Actor()) {
            for (int step = 0; step < steps; step++) {
                if (interrupts && random.nextInt(3) == 0) {
                    Thread.currentThread().interrupt();
                }
                int dice = random.nextInt(100);
                if (dice < writePercent) {
                    long from = random.nextLong(accounts);
                    long to = (from + 1 + random.nextLong(accounts - 1)) % accounts;
                    TransactionMode mode = random.nextInt(4) == 0
                            ? TransactionMode.EXCLUSIVE
                            : TransactionMode.OPTIMISTIC;
                    store.transfer(session, actor, from, to, random.nextLong(10), mode);
                } else if (dice == 99 && (accounts <= ACCOUNTS || random.nextInt(10) == 0)) {
                    store.checkSum(session);
                } else {
                    store.read(session, actor, random.nextLong(accounts));
                }
                if (interrupts) {
                    Thread.interrupted(); // whatever it was: no call may have minded
                }
                progress.incrementAndGet();
            }
        }
    }

    @Test
    void keepsTheSumWhileEightThreadsReadAndTransfer() throws Exception {
        soak(options(), ACCOUNTS, 8, false, Seed.scaled(3000), 5, false);
    }

    @Test
    void keepsTheSumWhileAllThreadsTransfer() throws Exception {
        soak(options().withDurability(LogDurability.GROUP), ACCOUNTS, 4, false, Seed.scaled(1500), 90, false);
    }

    @Test
    void keepsTheSumWithAThousandVirtualThreads() throws Exception {
        soak(options(), ACCOUNTS, 1000, true, Seed.scaled(8), 30, false);
    }

    @Test
    void keepsTheSumWhileThreadsAreInterrupted() throws Exception {
        soak(options(), ACCOUNTS, 4, false, Seed.scaled(400), 50, true);
    }

    /** More pages than frames: reading evicts, and what is evicted comes back as it was. */
    @Test
    void keepsTheSumWhilePagesComeAndGo() throws Exception {
        soak(options(), 30_000, 4, false, Seed.scaled(1500), 30, false);
    }

    /** A child is killed while it writes; all that it said was acknowledged is there. Three lives on one database. */
    @Test
    void keepsWhatAKilledProcessAcknowledged() throws Exception {
        EngineOptions options = options();
        WaspEngine.create(host, path(), options);
        SplittableRandom random = seed.random("kill");
        long acknowledged = 0;
        for (int life = 0; life < 3; life++) {
            try (DurableLoad load = new DurableLoad(path(), random.nextLong())) {
                acknowledged = load.killAfter(100 + random.nextInt(300));
            }
            assertTrue(acknowledged > 0);
            try (WaspEngine engine = WaspEngine.open(host, path(), options)) {
                DurableLoad.verify(engine, acknowledged);
            }
        }
        assertEquals(List.of("shop.nxl"), names());
    }

    /** A database that another process has open is not opened, and the error names that process. */
    @Test
    void namesTheProcessThatHasTheDatabase() throws Exception {
        WaspEngine.create(host, path(), options());
        try (DurableLoad load = new DurableLoad(path(), 1)) {
            load.awaitAcknowledged(1);
            DatabaseLockedException locked = assertThrows(DatabaseLockedException.class,
                    () -> WaspEngine.open(host, path(), options()));
            assertEquals(load.processId(), locked.ownerProcess());
            assertEquals(host.hostName(), locked.ownerHost());
            assertThrows(NexusLiteException.class, () -> WaspEngine.open(host, path(), options().asReadOnly()));
        }
    }
}
