package io.nexuslite.wasp.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.io.FaultyHost;
import io.nexuslite.memory.MemoryBudget;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** One log under test, with a record of what was appended and acknowledged, and its recovery from any image of the machine. */
final class LogRun implements AutoCloseable {
    static final Path PATH = Path.of("/data/test.wasp");
    static final UUID ID = new UUID(0x1234, 0x5678);
    static final long GENERATION = 0x7777_0001L;
    static final int EXTENT = 64 * 1024;

    /** A durable manifest: number, anchor, and the commits that its trees hold. */
    record Flip(long number, Anchor anchor, long csn) {
    }

    /** One change as it was appended or read back. */
    record Change(int kind, int treeId, int length, long seed) {
    }

    final FaultyHost host;
    final MemoryBudget budget = new MemoryBudget(64 << 20);
    final Poison poison = new Poison();
    final WaspLog log;
    final List<List<Change>> history = new ArrayList<>(); // of commit csn at csn - 1
    final List<Flip> flips = new ArrayList<>();
    private final TransactionFrames frames = new TransactionFrames();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment payload = arena.allocate(1 << 20);
    long acknowledged; // on disk, as a caller was told
    long acknowledgedByKernel; // in the kernel at least, as a caller was told

    LogRun(FaultyHost host, LogOptions options, LogLie lie) {
        this.host = host;
        log = WaspLog.create(host, PATH, ID, GENERATION, 0, options, budget, poison, lie);
        flips.add(new Flip(1, log.firstAnchor(), 0));
        log.manifestFlipped(1, log.firstAnchor());
    }

    static LogOptions options(LogDurability durability, int extents, int ringBytes) {
        return new LogOptions(durability, EXTENT, (long) extents * EXTENT, ringBytes);
    }

    /** Appends a transaction with changes of the given lengths. */
    long append(SplittableRandom random, int... lengths) {
        List<Change> changes = encode(frames, random, lengths);
        return log.append(frames, csn -> {
            assertEquals(history.size() + 1, csn);
            history.add(changes);
        });
    }

    List<Change> encode(TransactionFrames target, SplittableRandom random, int... lengths) {
        List<Change> changes = new ArrayList<>();
        target.reset();
        for (int length : lengths) {
            Change change = new Change(1 + random.nextInt(6), random.nextInt(), length, random.nextLong());
            fill(payload, change);
            target.add((byte) change.kind(), (byte) 0, change.treeId(), payload, 0, length);
            changes.add(change);
        }
        target.complete();
        return changes;
    }

    void acknowledge(long csn) {
        acknowledged = Math.max(acknowledged, csn);
        acknowledgeByKernel(csn);
    }

    void acknowledgeByKernel(long csn) {
        acknowledgedByKernel = Math.max(acknowledgedByKernel, csn);
    }

    /** Flushes, takes the anchor, and makes a manifest of everything visible durable. */
    void checkpoint() {
        Anchor anchor = log.flushAndAnchor();
        acknowledge(log.durableHorizon());
        long csn = log.readHorizon();
        log.awaitDurable(csn);
        acknowledge(csn);
        Flip flip = new Flip(flips.getLast().number() + 1, anchor, csn);
        flips.add(flip);
        log.manifestFlipped(flip.number(), anchor);
    }

    /**
     * Recovers from an image: what is replayed must be what was appended, without a gap, up to {@code acknowledgedThen} at least.
     *
     * @return number of the last commit
     */
    long recover(FaultyHost image, Flip flip, long acknowledgedThen, LogLie lie) {
        try (LogReader reader = LogReader.open(image, PATH, ID, budget, lie)) {
            reader.checkManifest(flip.number());
            LogEnd end = reader.verify(flip.anchor(), flip.csn());
            Collector collector = new Collector(flip.csn());
            reader.replay(collector);
            assertEquals(end.lastCsn(), collector.last);
            assertEquals(end.commits(), collector.last - flip.csn());
            assertTrue(end.lastCsn() >= acknowledgedThen,
                    "acknowledged commit " + acknowledgedThen + " is gone, replayed up to " + end.lastCsn());
            assertTrue(end.lastCsn() <= history.size(), "commit " + end.lastCsn() + " was never appended");
            return end.lastCsn();
        }
    }

    private static void fill(MemorySegment memory, Change change) {
        SplittableRandom bytes = new SplittableRandom(change.seed());
        for (int i = 0; i < change.length(); i += 64) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) bytes.nextInt());
        }
    }

    private final class Collector implements LogVisitor {
        private final List<Change> expected = new ArrayList<>();
        private long last;

        Collector(long csn) {
            last = csn;
        }

        @Override
        public void frame(long csn, byte kind, byte flags, int treeId, MemorySegment memory, long offset, int length) {
            assertEquals(last + 1, csn);
            if (expected.isEmpty()) {
                expected.addAll(history.get((int) csn - 1));
            }
            Change change = expected.removeFirst();
            assertEquals(change.kind(), kind);
            assertEquals(change.treeId(), treeId);
            assertEquals(change.length(), length);
            SplittableRandom bytes = new SplittableRandom(change.seed());
            for (int i = 0; i < length; i += 64) {
                assertEquals((byte) bytes.nextInt(), memory.get(ValueLayout.JAVA_BYTE, offset + i));
            }
        }

        @Override
        public void commit(long csn) {
            assertEquals(last + 1, csn);
            assertTrue(expected.isEmpty() && (history.get((int) csn - 1).isEmpty() || csn > last));
            last = csn;
        }
    }

    /** At rest, what transactions may reserve is what the extents have left, but for the minimal group: nothing leaked. */
    private void checkRoom() {
        log.writeAll();
        LogStatistics now = log.statistics();
        long used = now.logPosition() % EXTENT + 4095 & -4096;
        long left = used == 0 ? 0 : EXTENT - used;
        assertEquals((long) now.freeExtents() * EXTENT + left - 4096, now.roomBytes());
    }

    /** Closes and looks for leaks. */
    @Override
    public void close() {
        if (!poison.isSet()) {
            checkRoom();
        }
        log.close();
        frames.close();
        arena.close();
        assertEquals(0, budget.total());
        assertEquals(0, host.openFiles());
    }
}
