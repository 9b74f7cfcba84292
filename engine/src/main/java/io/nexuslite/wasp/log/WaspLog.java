package io.nexuslite.wasp.log;

import io.nexuslite.error.StorageFullException;
import io.nexuslite.error.TransactionTooLargeException;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.LogFileLayout;
import io.nexuslite.io.Host;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.MemoryUse;
import io.nexuslite.memory.NativeBuffer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * The write-ahead log of one incarnation, open for appending: one {@code .wasp} file of one generation.
 *
 * <p>A commit is {@link #append} (claims, stamps, copies), then, with nothing held, {@link #awaitDone}. A checkpoint is
 * {@link #flushAndAnchor}, then, once its manifest's slot is flushed, {@link #manifestFlipped}. A background agent calls {@link #idleTick},
 * {@link #growTick}, {@link #watchdogTick} and, by the mode, {@link #syncAll} or {@link #writeAll}; nothing happens by itself.
 *
 * <p>All methods may be called by any thread unless told otherwise. After any failed write or flush the log is poisoned: what was not
 * acknowledged by then has an unknown outcome, and every call that would write throws {@link io.nexuslite.error.PoisonedException}.
 */
public final class WaspLog implements AutoCloseable {
    private static final String TEMPORARY_SUFFIX = ".new";
    private static final int BLOCK_SIZE_MIN = 4096;
    private static final int INITIAL_EXTENTS = 1;
    private static final int UNWRITTEN_BYTES_MAX = 64 * 1024; // in NONE: more is written by the commit that makes it so
    private static final int WARM_RING_BYTES = 16 * 1024;
    private static final int WATCHDOG_TICKS = 10;
    private static final long RING_WAIT_NANOS = 50_000;

    private final Path path;
    private final StoreFile file;
    private final MemoryBudget budget;
    private final long budgetBytes;
    private final Poison poison;
    private final LogFileHeader header;
    private final LogRoom room;
    private final LogExtents extents;
    private final LogRing ring;
    private final FilledPrefix prefix;
    private final Sequencer sequencer;
    private final Horizons horizons;
    private final LogWriter writer;
    private final GroupCommit commit;
    private final int blockBytes;
    private final int unwrittenBytesMax;
    private final LogLie lie;
    private volatile Anchor firstGroup;
    private volatile boolean outsideClaimed; // a transaction too long for the ring is under way
    private long idleSyncCount = -1; // of the agent
    private long missingCsn; // of the agent
    private int missingTicks; // of the agent
    private boolean closed; // guarded by this

    private WaspLog(Path path, StoreFile file, LogFileHeader header, LogOptions options, MemoryBudget budget,
            Poison poison,
            long lastCsn, LogLie lie) {
        this.path = path;
        this.file = file;
        this.header = header;
        this.budget = budget;
        this.poison = poison;
        blockBytes = Math.clamp(file.blockSize(), BLOCK_SIZE_MIN, LogFileLayout.EXTENT_ALIGNMENT);
        unwrittenBytesMax = Math.min(UNWRITTEN_BYTES_MAX, options.ringBytes() / 2);
        budgetBytes = LogRing.bytesFor(options.ringBytes()) + options.groupBytesMax() + LogExtents.ZEROS_SIZE;
        budget.reserve(MemoryUse.LOG, budgetBytes);
        this.lie = lie;
        room = new LogRoom(options, blockBytes, lie);
        extents = new LogExtents(file, header, options, room);
        ring = new LogRing(options.ringBytes(), lastCsn);
        sequencer = new Sequencer(ring, poison, lastCsn);
        horizons = new Horizons(lastCsn);
        prefix = new FilledPrefix(LogRing.slotsFor(options.ringBytes()), horizons);
        writer = new LogWriter(file, header, options, extents, room, ring, blockBytes, lastCsn, lie);
        commit = new GroupCommit(horizons, prefix, ring, writer, poison, options.durability(), lie);
    }

    /**
     * Creates the log of a new incarnation: under a temporary name, flushed, then named, then the directory flushed. The next thing to become
     * durable is the manifest's slot that names {@link #firstAnchor}; only then may a commit be acknowledged.
     *
     * @param path of the {@code .wasp} file; must not exist
     * @param generation random, not 0
     * @param lastCsn number of the last commit before; the first of this log is one more
     * @param poison shared with the other writers of the database
     * @throws StorageFullException if there is no room; nothing of the new file stays
     */
    public static WaspLog create(Host host, Path path, UUID uuid, long generation, long lastCsn, LogOptions options,
            MemoryBudget budget, Poison poison) {
        return create(host, path, uuid, generation, lastCsn, options, budget, poison, LogLie.told());
    }

    static WaspLog create(Host host, Path path, UUID uuid, long generation, long lastCsn, LogOptions options,
            MemoryBudget budget, Poison poison, LogLie lie) {
        if (generation == 0 || lastCsn < 0) {
            throw new IllegalArgumentException(
                    "generation must not be 0, lastCsn not negative: " + generation + ", " + lastCsn);
        }
        Path temporary = temporary(path);
        if (host.files().exists(temporary)) {
            host.files().unlink(temporary); // of a creation that a crash cut off: nothing was ever promised in it
        }
        LogFileHeader header = new LogFileHeader(uuid, generation, options.extentBytes());
        StoreFile file = host.files().open(temporary, OpenMode.CREATE_NEW);
        WaspLog log = null;
        try {
            log = new WaspLog(path, file, header, options, budget, poison, lastCsn, lie);
            warmUp(poison);
            log.initialize();
            host.files().rename(temporary, path);
            file.renamedTo(path);
        } catch (Throwable failure) {
            abandon(host, temporary, log == null ? file : log, failure);
            throw failure;
        }
        try {
            host.files().syncDirectory(path.toAbsolutePath().getParent());
        } catch (Throwable failure) {
            poison.set(failure);
            closeAfter(failure, log);
            throw failure;
        }
        return log;
    }

    /**
     * Where a log lies until its creation is whole. A crash may leave it there, to no harm: nothing was ever promised in it, and the next
     * creation removes it. An opening does not: it changes nothing.
     *
     * @param path of the {@code .wasp} file
     */
    public static Path temporary(Path path) {
        return path.resolveSibling(path.getFileName() + TEMPORARY_SUFFIX);
    }

    private void initialize() {
        try (NativeBuffer block = new NativeBuffer(LogFileLayout.BLOCK_SIZE)) {
            header.encode(block.memory(), new Crc32c());
            file.truncate(LogFileLayout.EXTENTS_POSITION);
            file.write(LogFileLayout.HEADER_POSITION, block.memory(), 0, LogFileLayout.BLOCK_SIZE);
            file.write(LogFileLayout.HEADER_COPY_POSITION, block.memory(), 0, LogFileLayout.BLOCK_SIZE);
        }
        extents.create(INITIAL_EXTENTS);
        writer.writeFirstGroup();
        file.sync();
        firstGroup = writer.durable();
    }

    /** Runs the window once on things of its own, so that no class is loaded and no call is linked in it later. */
    private static void warmUp(Poison poison) {
        try (LogRing scratch = new LogRing(WARM_RING_BYTES, 0); TransactionFrames frames = new TransactionFrames()) {
            frames.complete();
            StackProbe.probe();
            int claim = new Sequencer(scratch, poison, 0).claim(frames, true, Sequencer.ANY);
            if (claim == Sequencer.CLAIMED) {
                frames.stamp();
                scratch.fill(frames, true, 0);
                FilledPrefix prefix = new FilledPrefix(LogRing.slotsFor(WARM_RING_BYTES), new Horizons(0));
                prefix.mark(frames.csn());
                prefix.advance(true);
            }
        }
    }

    private static void abandon(Host host, Path temporary, AutoCloseable open, Throwable failure) {
        closeAfter(failure, open);
        try {
            if (host.files().exists(temporary)) {
                host.files().unlink(temporary);
            }
        } catch (RuntimeException suppressed) {
            failure.addSuppressed(suppressed);
        }
    }

    private static void closeAfter(Throwable failure, AutoCloseable open) {
        try {
            open.close();
        } catch (Exception suppressed) {
            failure.addSuppressed(suppressed);
        }
    }

    // ---- commit

    /**
     * Commits a transaction: reserves room, claims the next commit number, lets {@code stamper} put it on the prepared records, copies the
     * frames to the ring and marks them. Not durable, and in SYNC not visible, when it returns: see {@link #awaitDone}. Waits for the disk
     * only if the ring is full, or for a transaction that is too long for it, which is in the kernel when this returns.
     *
     * @param frames complete; may be reused when this returns
     * @return the commit number
     * @throws TransactionTooLargeException if the frames exceed half of the log, or one of them a group; nothing was claimed
     * @throws StorageFullException if the log is full: a checkpoint makes room, or the disk has none; nothing was claimed
     * @throws io.nexuslite.error.PoisonedException if writes are refused; nothing was claimed
     */
    public long append(TransactionFrames frames, Stamper stamper) {
        long csn = tryAppend(frames, stamper, Sequencer.ANY);
        assert csn > 0;
        return csn;
    }

    /**
     * As {@link #append}, but claims only if no number was given since {@link #lastCsn} returned {@code expected}.
     *
     * @return the commit number, or 0 if another was given first: validate again
     */
    public long appendIfUnmoved(TransactionFrames frames, Stamper stamper, long expected) {
        if (expected < 0) {
            throw new IllegalArgumentException("expected must be a commit number: " + expected);
        }
        return tryAppend(frames, stamper, expected);
    }

    private long tryAppend(TransactionFrames frames, Stamper stamper, long expected) {
        if (!frames.isComplete()) {
            throw new IllegalStateException("the transaction has no commit frame");
        }
        boolean inRing = frames.length() <= ring.lengthMax();
        long cost = reserveRoom(frames);
        int claim = Sequencer.POISONED;
        boolean ownsOutside = false;
        try {
            if (!inRing) {
                takeOutside();
                ownsOutside = true;
            }
            StackProbe.probe();
            claim = sequencer.claim(frames, inRing, expected);
            while (claim == Sequencer.NO_ROOM || claim == Sequencer.GATED) {
                awaitRing(claim == Sequencer.NO_ROOM);
                claim = sequencer.claim(frames, inRing, expected);
            }
        } finally {
            if (claim != Sequencer.CLAIMED) {
                room.add(cost);
                outsideClaimed &= !ownsOutside;
            }
        }
        if (claim == Sequencer.POISONED) {
            throw poison.exception(durableHorizon());
        }
        return claim == Sequencer.MOVED ? 0 : fill(frames, stamper, inRing, cost);
    }

    /** The window: every later commit waits for this thread, so it only copies and stores. */
    private long fill(TransactionFrames frames, Stamper stamper, boolean inRing, long cost) {
        long csn = frames.csn();
        try {
            stamper.stamp(csn);
            frames.stamp();
            ring.fill(frames, inRing, cost);
            prefix.mark(csn);
        } catch (Throwable failure) {
            poison.set(failure); // the mark stays missing: nothing behind it is ever acknowledged
            commit.baton().wakeAll();
            throw failure;
        }
        if (commit.durability() != LogDurability.SYNC) {
            commit.advanceFilled();
        }
        if (!inRing) {
            try {
                commit.await(csn, commit.durability() == LogDurability.SYNC);
            } finally {
                outsideClaimed = false;
            }
        } else if (commit.durability() == LogDurability.NONE
                && frames.lsn() + frames.length() - ring.releasedLsn() > unwrittenBytesMax) {
            tryWriteAll();
        }
        return csn;
    }

    /**
     * Waits until a commit is done: on disk (SYNC), in the kernel (GROUP), visible (NONE). Also for whoever met a record newer than what readers
     * see, before he answers.
     *
     * @throws io.nexuslite.error.PoisonedException if the log failed before: the outcome is unknown until the database is opened again
     */
    public void awaitDone(long csn) {
        commit.awaitDone(csn);
    }

    /** Waits until a commit is on disk, in every mode. Errors as {@link #awaitDone}. */
    public void awaitDurable(long csn) {
        if (lie != LogLie.CHECKPOINT_ABOVE_HORIZON) {
            commit.await(csn, true);
        }
    }

    private long reserveRoom(TransactionFrames frames) {
        int length = frames.length();
        long cost = room.cost(length, frames.largestFrame());
        if (frames.largestFrame() > room.frameBytesMax()) {
            throw new TransactionTooLargeException(frames.largestFrame(), room.frameBytesMax());
        }
        if (length > room.lengthMax() || cost > room.costMax()) {
            throw new TransactionTooLargeException(length, Math.min(room.lengthMax(), room.costMax()));
        }
        while (!room.tryReserve(cost)) {
            poison.check(durableHorizon());
            makeRoom(cost);
        }
        return cost;
    }

    /** Does the first thing that may give a transaction more room in the file; throws if there is none. */
    private void makeRoom(long cost) {
        long before = room.free();
        if (ring.releasedCsn() < sequencer.lastCsnAcquire()) {
            commit.await(sequencer.lastCsnAcquire(), commit.durability() == LogDurability.SYNC); // gives back what others reserved
        } else if (writer.witnessFreesExtent()) {
            witness();
        } else if (!grow(before) && room.free() <= before) {
            throw new StorageFullException("append", 0, path.toString(), -1, "log is full: " + cost
                    + " bytes wanted, " + before + " free; a checkpoint makes room");
        }
    }

    /** Adds an extent; a disk that is full is no reason to give up, since a checkpoint makes room in those that there are. */
    private boolean grow(long before) {
        try {
            return extents.grow(poison, before);
        } catch (StorageFullException full) {
            return false;
        }
    }

    private void awaitRing(boolean full) {
        poison.check(durableHorizon());
        if (full && commit.baton().tryTake()) {
            try {
                commit.lead(commit.durability() == LogDurability.SYNC);
            } finally {
                commit.baton().free();
            }
        } else {
            LockSupport.parkNanos(this, RING_WAIT_NANOS);
        }
    }

    private synchronized void takeOutside() {
        while (outsideClaimed) {
            poison.check(durableHorizon());
            LockSupport.parkNanos(this, RING_WAIT_NANOS);
        }
        outsideClaimed = true;
    }

    // ---- checkpoint

    /** Group 0: the anchor of the manifest that starts the incarnation. */
    public Anchor firstAnchor() {
        return firstGroup;
    }

    /**
     * Flushes everything that is filled and returns the last durable group. The caller registers its snapshot after that, never before: every
     * commit above what it sees then begins behind the anchor.
     *
     * @throws io.nexuslite.error.PoisonedException if the log has failed
     */
    public Anchor flushAndAnchor() {
        commit.baton().take();
        try {
            commit.lead(lie != LogLie.CHECKPOINT_ABOVE_HORIZON);
            poison.check(durableHorizon());
            return lie == LogLie.CHECKPOINT_ABOVE_HORIZON ? writer.last() : writer.durable();
        } finally {
            commit.baton().free();
        }
    }

    /**
     * A manifest that names {@code anchor} is durable: its slot was written and flushed. Groups witness it from now on; the log below the
     * anchor is reused once such a group is flushed, which this does at once if it frees anything.
     *
     * @param manifestNumber higher than all before
     * @throws io.nexuslite.error.PoisonedException if that fails
     */
    public void manifestFlipped(long manifestNumber, Anchor anchor) {
        if (anchor.generation() != header.generation()) {
            throw new IllegalArgumentException("anchor of another generation");
        }
        commit.baton().take();
        try {
            writer.flipped(manifestNumber, anchor.position());
        } finally {
            commit.baton().free();
        }
        if (writer.witnessFreesExtent()) {
            witness();
            poison.check(durableHorizon());
        }
    }

    /** Flushes what there is to flush, else a bare group, if a header on disk should say something new. */
    private void witness() {
        commit.baton().take();
        witnessWithBaton();
    }

    private void witnessWithBaton() {
        try {
            boolean wrote = commit.lead(true);
            if (poison.isSet() || wrote && !writer.witnessFreesExtent() || !writer.needsWitness()) {
                return;
            }
            if (!room.tryReserve(blockBytes)) {
                if (!writer.witnessFreesExtent()) {
                    return; // L6: the last minimal group is for the witness of a flip that frees an extent
                }
                room.takeMinimalGroup();
            }
            try {
                writer.writeWitness();
            } catch (Throwable failure) {
                poison.set(failure);
            }
        } finally {
            commit.baton().free();
        }
    }

    // ---- background

    /**
     * Called every few milliseconds by one agent: if nothing was flushed since the last call, and the last flush held commits or no durable group
     * names the newest manifest, writes and flushes a bare group. Until then damage of the last flush's groups looks like a torn tail.
     */
    public void idleTick() {
        if (poison.isSet()) {
            return;
        }
        long syncs = writer.syncCount();
        if (syncs == idleSyncCount && writer.needsWitness() && commit.baton().tryTake()) { // else a flush is under way: not idle
            witnessWithBaton();
            syncs = writer.syncCount();
        }
        idleSyncCount = syncs;
    }

    /**
     * Called now and then by one agent: adds an extent if more than half of the log is in use and the cap allows. Returns whether it did.
     *
     * @throws StorageFullException if the disk has no room; the log goes on within what it has
     * @throws io.nexuslite.error.IoFailedException if a call fails; if it was the flush, the log is poisoned
     */
    public boolean growTick() {
        return !poison.isSet() && extents.wantsGrowth() && extents.grow(poison, room.free());
    }

    /**
     * Called about every second by one agent: a commit that was claimed and is still not filled at the tenth call in a row will never be, since
     * its thread died in the window; poisons then, and names the thread.
     */
    public void watchdogTick() {
        commit.advanceFilled();
        long next = horizons.filledAcquire() + 1;
        if (poison.isSet() || next > sequencer.lastCsnAcquire() || prefix.isMarkedAcquire(next)) {
            missingCsn = 0;
        } else if (next != missingCsn) {
            missingCsn = next;
            missingTicks = 1;
        } else if (++missingTicks >= WATCHDOG_TICKS) {
            poison.set(new IllegalStateException(
                    "commit " + next + " was claimed by thread " + ring.claimer(next) + " and never filled"));
            commit.baton().wakeAll();
        }
    }

    /** Flushes everything that is filled. In GROUP the agent calls it each interval. */
    public void syncAll() {
        flush(true);
    }

    /** Writes everything that is filled to the kernel. In NONE the agent calls it now and then. */
    public void writeAll() {
        flush(false);
    }

    private void flush(boolean durable) {
        commit.baton().take();
        try {
            commit.lead(durable);
        } finally {
            commit.baton().free();
        }
        poison.check(durableHorizon());
    }

    private void tryWriteAll() {
        if (commit.baton().tryTake()) {
            try {
                commit.lead(false);
            } finally {
                commit.baton().free();
            }
        }
    }

    /** Changes the mode for all commits from now on: lets no one claim until all claimed are on disk, so that no horizon goes back. */
    public synchronized void setDurability(LogDurability durability) {
        sequencer.setGate(true);
        try {
            commit.await(sequencer.lastCsnAcquire(), true);
            horizons.raiseRead(horizons.durableAcquire());
            commit.setDurability(durability);
        } finally {
            sequencer.setGate(false);
        }
    }

    // ---- observation

    public LogDurability durability() {
        return commit.durability();
    }

    public long generation() {
        return header.generation();
    }

    public Path path() {
        return path;
    }

    /** Last commit number given, filled or not. */
    public long lastCsn() {
        return sequencer.lastCsnAcquire();
    }

    /** F: this and all before are stamped and in the ring or behind it. */
    public long filledHorizon() {
        return horizons.filledAcquire();
    }

    /** W: this and all before are in the kernel. */
    public long kernelHorizon() {
        return horizons.kernelAcquire();
    }

    /** H: this and all before are on disk. */
    public long durableHorizon() {
        return horizons.durableAcquire();
    }

    /** R: what readers see; loaded with acquire, first thing after a pin. Never goes back. */
    public long readHorizon() {
        return horizons.readAcquire();
    }

    public Poison poison() {
        return poison;
    }

    public LogStatistics statistics() {
        return writer.statistics();
    }

    /**
     * Lets go of file and memory; idempotent. What was appended and not awaited may be lost: {@link #syncAll} before. No other call is under way.
     * The file stays.
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try {
                file.close();
            } finally {
                writer.close();
                extents.close();
                ring.close();
                budget.release(MemoryUse.LOG, budgetBytes);
            }
        }
    }
}
