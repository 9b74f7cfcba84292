package io.nexuslite.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.nexuslite.error.IoFailedException;

/**
 * A machine for tests: disk, clocks and randomness are simulated, everything follows from a seed, and everything can go wrong.
 *
 * <p>What it does to files, and what tests build on:
 * <ul>
 * <li>Writes reach the cache; {@link StoreFile#sync} makes one file's bytes and size durable, {@link StoreFile#writeDurable} its
 * own sectors, {@link FileSystem#syncDirectory} the names. {@link #crashImage} is a new host with what a power loss may leave,
 * by a {@link CrashPolicy}; {@link #killImage} one with what the kernel still has after the process died. Both can be taken at
 * any moment, and leave this host as it is.
 * <li>{@link #plan} makes calls fail. A failed flush leaves each pending sector durable or not and clean in the cache, so that a
 * second flush succeeds and means nothing. {@link #setCapacity} makes the disk small.
 * <li>{@link #listen} and {@link #crashAt} stop the process at a call: before it, in its middle, or after it.
 * <li>{@link #flipBit}, {@link #copy}, {@link #plant} change what is on the medium; {@link #ignoreSync} and its like are lies of
 * a bad disk, for tests that must catch them.
 * </ul>
 *
 * <p>File names are paths of the default file system, every directory exists, nothing touches the real disk but
 * {@link #exportTo} and {@link #importFrom}. All methods may be called by any thread; with one thread a run is repeatable.
 */
public final class FaultyHost implements Host {
    /** What becomes of a call. */
    enum Outcome {
        DONE,
        /** It reached the cache only. */
        IN_FLIGHT,
        /** It fails; the effect is what a failure may leave. */
        FAILED,
        /** It fails for want of room, before anything was flushed. */
        FAILED_FOR_ROOM;

        boolean isFailure() {
            return this == FAILED || this == FAILED_FOR_ROOM;
        }
    }

    private static final long WALL_START_MILLIS = 1_800_000_000_000L;

    private final long seed;
    private final ReentrantLock lock = new ReentrantLock();
    private final FaultyFileSystem files = new FaultyFileSystem(this);
    private final SplittableRandom entropy;
    private final SplittableRandom faultRandom;
    private final Sequence sequence;
    private SimulatedNames names = new SimulatedNames();
    private final Map<SimulatedInode, Integer> openInodes = new IdentityHashMap<>();
    private long inodeCount;
    private volatile CrashNow crash;

    private final List<Fault> faults = new ArrayList<>();
    private final Map<CallKind, Long> calls = new EnumMap<>(CallKind.class);
    private long mutatingCalls;
    private volatile CallListener listener = new CallListener() {
    };

    private long capacity = Long.MAX_VALUE;
    private int blockSize = BlockSize.DEFAULT;
    private final Set<String> ignoredSyncs = new HashSet<>();
    private final Set<String> ignoredDurableWrites = new HashSet<>();
    private boolean ignoresDirectorySync;
    private boolean tearsFailedSyncs;

    private long wallMillis = WALL_START_MILLIS;
    private long nanoTime = 1_000_000_000L;
    private long nanoTick = 100;
    private long processId = 4711;
    private String hostName = "simulated";

    /** A host with an empty disk. */
    public FaultyHost(long seed) {
        this(seed, 0);
    }

    private FaultyHost(long seed, long lastSequence) {
        this.seed = seed;
        this.sequence = new Sequence(lastSequence);
        this.entropy = new SplittableRandom(seed ^ 0x656e74726f7079L); // each actor has a generator of its own
        this.faultRandom = new SplittableRandom(seed ^ 0x6661756c74L);
    }

    // ---- the host

    @Override
    public FileSystem files() {
        return files;
    }

    @Override
    public long wallMillis() {
        return locked(() -> wallMillis, true);
    }

    /** Moves by the tick with each reading, so that who waits for a time is not kept waiting for ever. */
    @Override
    public long nanoTime() {
        return locked(() -> nanoTime += nanoTick, true);
    }

    @Override
    public void entropy(MemorySegment target, long offset, int length) {
        byte[] bytes = new byte[length];
        lock.lock();
        try {
            entropy.nextBytes(bytes);
        } finally {
            lock.unlock();
        }
        MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, offset, length);
    }

    @Override
    public long processId() {
        return locked(() -> processId, true);
    }

    @Override
    public String hostName() {
        return locked(() -> hostName, true);
    }

    public long seed() {
        return seed;
    }

    // ---- power loss, kill, end of the process

    /**
     * A new host, started after a power loss at this moment. What is durable is there; the policy and the seed decide about the rest.
     * Faults, listener and locks are gone, lies stay. Handles of this host go on.
     */
    public FaultyHost crashImage(long imageSeed, CrashPolicy policy) {
        return locked(() -> {
            FaultyHost image = successor(imageSeed);
            SplittableRandom random = new SplittableRandom(imageSeed);
            long moment = momentOf(random);
            image.names = names.crash(random, policy,
                    inode -> inode.crash(new SplittableRandom(imageSeed ^ inode.id * 0x9e3779b97f4a7c15L), policy,
                            moment));
            return image;
        }, true);
    }

    private long momentOf(SplittableRandom random) {
        long[] first = {Long.MAX_VALUE};
        names.forEachInode(inode -> first[0] = Math.min(first[0], inode.firstPending()));
        return first[0] > sequence.last() ? sequence.last() : random.nextLong(first[0] - 1, sequence.last() + 1);
    }

    /**
     * A new host, started after the process was killed at this moment: the cache is as it was, and what was not durable still is
     * not. Sectors of failed flushes may turn out as they are on the medium. Locks are gone.
     */
    public FaultyHost killImage(long imageSeed) {
        return locked(() -> {
            FaultyHost image = successor(imageSeed);
            image.names = names.copy(inode -> {
                SimulatedInode copy = inode.copy();
                copy.dropClean(new SplittableRandom(imageSeed ^ inode.id * 0x9e3779b97f4a7c15L));
                return copy;
            });
            return image;
        }, true);
    }

    private FaultyHost successor(long imageSeed) {
        FaultyHost image = new FaultyHost(imageSeed, sequence.last());
        image.inodeCount = inodeCount;
        image.capacity = capacity;
        image.blockSize = blockSize;
        image.ignoredSyncs.addAll(ignoredSyncs);
        image.ignoredDurableWrites.addAll(ignoredDurableWrites);
        image.ignoresDirectorySync = ignoresDirectorySync;
        image.wallMillis = wallMillis;
        image.nanoTick = nanoTick;
        image.processId = processId + 1;
        image.hostName = hostName;
        return image;
    }

    /** The kernel drops clean pages: sectors of failed flushes may turn out as they are on the medium. */
    public void dropCleanCache(long dropSeed) {
        SplittableRandom random = new SplittableRandom(dropSeed);
        locked(() -> names.forEachInode(inode -> inode.dropClean(random)));
    }

    /** From now on every call throws {@link CrashNow}, but for {@link StoreFile#close}, clocks and entropy. */
    public void crash() {
        crash(new CrashNow(CrashNow.Effect.NOT_APPLIED, "by the test"));
    }

    private void crash(CrashNow cause) {
        lock.lock();
        try {
            crash = crash == null ? cause : crash;
        } finally {
            lock.unlock();
        }
    }

    public boolean isCrashed() {
        return crash != null;
    }

    /** Replaces the listener; {@code null} for none. */
    public void listen(CallListener newListener) {
        listener = newListener != null ? newListener : new CallListener() {
        };
    }

    /** Stops the process at the mutating call with this ordinal, from 1 on, counted since the start. Replaces the listener. */
    public void crashAt(long ordinal, CrashNow.Effect effect) {
        listen(new CallListener() {
            @Override
            public void before(Call call) {
                if (call.ordinal() == ordinal) {
                    throw new CrashNow(effect, call.toString());
                }
            }
        });
    }

    // ---- faults

    /** Plans a failure, and returns it. Several may be planned; the first that strikes decides. */
    public Fault plan(Fault fault) {
        locked(() -> faults.add(fault));
        return fault;
    }

    /** From now on a failed flush of a file leaves of each block of 4 KiB that it should make durable the first sector alone. */
    public void tearFailedSyncs() {
        locked(() -> tearsFailedSyncs = true);
    }

    public void clearFaults() {
        locked(faults::clear);
    }

    /** Most bytes, in blocks of 4 KiB, that files with a name or an opening may occupy. May be below what they occupy now. */
    public void setCapacity(long bytes) {
        locked(() -> capacity = bytes);
    }

    /** Bytes, in blocks of 4 KiB, that files with a name or an opening occupy. */
    public long bytesInUse() {
        return locked(this::bytesInUseLocked, true);
    }

    public void setBlockSize(int bytes) {
        locked(() -> blockSize = bytes);
    }

    /** Calls of this kind so far, failed ones included. */
    public long calls(CallKind kind) {
        return locked(() -> calls.getOrDefault(kind, 0L), true);
    }

    /** Calls so far that may change something: the ordinal of the last one. */
    public long mutatingCalls() {
        return locked(() -> mutatingCalls, true);
    }

    // ---- lies

    /** {@link StoreFile#sync} of files whose absolute name ends so makes nothing durable. */
    public void ignoreSync(String suffix) {
        locked(() -> ignoredSyncs.add(suffix));
    }

    /** {@link StoreFile#writeDurable} to files whose absolute name ends so only writes. */
    public void ignoreDurableWrites(String suffix) {
        locked(() -> ignoredDurableWrites.add(suffix));
    }

    /** {@link FileSystem#syncDirectory} makes nothing durable. */
    public void ignoreSyncDirectory() {
        locked(() -> ignoresDirectorySync = true);
    }

    /** Ends all lies. */
    public void tellTruth() {
        locked(() -> {
            ignoredSyncs.clear();
            ignoredDurableWrites.clear();
            ignoresDirectorySync = false;
        });
    }

    // ---- damage, planting, looking

    /** Turns one bit, 0 to 7, of a byte on the medium; where the cache has nothing newer it shows it at once. */
    public void flipBit(Path file, long position, int bit) {
        locked(() -> inode(file).damage(position, (byte) (1 << bit)));
    }

    /** The file as the cache shows it. */
    public FileImage copy(Path file) {
        return locked(() -> inode(file).cachedImage(), true);
    }

    /** The file as the medium holds it, whether its name is durable or not. */
    public FileImage copyDurable(Path file) {
        return locked(() -> inode(file).durableImage(), true);
    }

    /** Puts a file in place, durable with its name, as an administrator would; openings of a file replaced keep the old one. */
    public void plant(Path file, FileImage content) {
        locked(() -> names.plant(Arguments.canonical(file), newInode(content.sparseCopy(), content.size())));
    }

    /** Takes a file away, durably; openings keep it. */
    public void remove(Path file) {
        locked(() -> names.forget(Arguments.canonical(file)));
    }

    /** Writes the file as the cache shows it to the real disk. */
    public void exportTo(Path file, Path real) throws IOException {
        copy(file).writeTo(real);
    }

    /** Writes all files into a real directory, by their last names. */
    public void exportAll(Path realDirectory) throws IOException {
        Files.createDirectories(realDirectory);
        for (Path file : fileNames()) {
            exportTo(file, realDirectory.resolve(file.getFileName()));
        }
    }

    /** Plants a file with the content of a real one. */
    public void importFrom(Path real, Path file) throws IOException {
        plant(file, FileImage.from(real));
    }

    /** Absolute names that the cache shows, in order. */
    public Set<Path> fileNames() {
        return locked(() -> new TreeSet<>(names.all().keySet()), true);
    }

    /** Whether bytes, size or name of any file, or of one that is gone, are not durable. */
    public boolean hasUnsynced() {
        boolean[] dirty = {false};
        return locked(() -> {
            names.forEachInode(inode -> dirty[0] |= inode.isDirty());
            return dirty[0] || names.isDirty();
        }, true);
    }

    /** Sectors of 512 bytes that wait for a flush. */
    public int pendingSectors(Path file) {
        return locked(() -> inode(file).pendingSectors(), true);
    }

    /** Openings that were not closed. */
    public int openFiles() {
        return locked(() -> openInodes.values().stream().mapToInt(Integer::intValue).sum(), true);
    }

    // ---- clocks and identity

    public void setWallMillis(long millis) {
        locked(() -> wallMillis = millis);
    }

    public void setNanoTime(long nanos) {
        locked(() -> nanoTime = nanos);
    }

    /** What each reading adds to the monotonic clock; 0 stops it. */
    public void setNanoTick(long nanos) {
        locked(() -> nanoTick = nanos);
    }

    /** Moves both clocks. */
    public void advanceMillis(long millis) {
        locked(() -> {
            wallMillis += millis;
            nanoTime += millis * 1_000_000L;
        });
    }

    public void setProcess(long id, String host) {
        locked(() -> {
            processId = id;
            hostName = host;
        });
    }

    // ---- for files and names, under the lock

    /**
     * Takes a call through counting, listener, crash and fault to its effect.
     *
     * @param effect runs under the lock, once, unless the call is stopped before it
     */
    void perform(CallKind kind, Path file, long position, long length, boolean mutating, Consumer<Outcome> effect) {
        Call call = locked(() -> {
            calls.merge(kind, 1L, Long::sum);
            return new Call(kind, Arguments.canonical(file), position, length, mutating ? ++mutatingCalls : 0);
        });
        CallListener current = listener;
        if (mutating) {
            try {
                current.before(call);
            } catch (CrashNow end) {
                stop(end, effect);
                throw end;
            }
        }
        lock.lock();
        try {
            checkRunning();
            strike(call, file, effect);
        } finally {
            lock.unlock();
        }
        if (mutating) {
            try {
                current.after(call);
            } catch (CrashNow end) {
                crash(end);
                throw end;
            }
        }
    }

    private void stop(CrashNow end, Consumer<Outcome> effect) {
        lock.lock();
        try {
            if (crash == null) {
                crash = end;
                if (end.effect() != CrashNow.Effect.NOT_APPLIED) {
                    effect.accept(end.effect() == CrashNow.Effect.APPLIED ? Outcome.DONE : Outcome.IN_FLIGHT);
                }
            }
        } catch (IoFailedException e) {
            end.addSuppressed(e); // the call would have failed anyway
        } finally {
            lock.unlock();
        }
    }

    private void strike(Call call, Path file, Consumer<Outcome> effect) {
        for (Fault fault : faults) {
            if (fault.strikes(call)) {
                boolean full = Errno.isStorageFull(fault.errno());
                effect.accept(full && call.kind() == CallKind.WRITE_DURABLE ? Outcome.FAILED_FOR_ROOM : Outcome.FAILED);
                String detail = "planned failure";
                boolean flush = call.kind() == CallKind.SYNC || call.kind() == CallKind.SYNC_DIRECTORY;
                throw flush
                        ? IoErrors.failedFlush(call.kind().operation(), fault.errno(), file, call.position(), detail)
                        : IoErrors.failed(call.kind().operation(), fault.errno(), file, call.position(), detail);
            }
        }
        effect.accept(Outcome.DONE);
    }

    private void checkRunning() {
        CrashNow end = crash;
        if (end != null) {
            CrashNow again = new CrashNow(CrashNow.Effect.NOT_APPLIED, "after the crash");
            again.addSuppressed(end);
            throw again;
        }
    }

    <T> T locked(Supplier<T> body) {
        return locked(body, false);
    }

    private <T> T locked(Supplier<T> body, boolean afterCrash) {
        lock.lock();
        try {
            if (!afterCrash) {
                checkRunning();
            }
            return body.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable body) {
        lock.lock();
        try {
            body.run();
        } finally {
            lock.unlock();
        }
    }

    SimulatedNames names() {
        return names;
    }

    Sequence sequence() {
        return sequence;
    }

    SplittableRandom faultRandom() {
        return faultRandom;
    }

    boolean tearsFailedSyncs() {
        return tearsFailedSyncs;
    }

    int blockSize() {
        return locked(() -> blockSize, true);
    }

    SimulatedInode newInode(SparseBytes content, long size) {
        return new SimulatedInode(++inodeCount, content, size);
    }

    void opened(SimulatedInode inode) {
        openInodes.merge(inode, 1, Integer::sum);
    }

    void closed(SimulatedInode inode, Object holder) {
        locked(() -> {
            inode.locks.release(holder);
            openInodes.compute(inode, (key, count) -> count == null || count == 1 ? null : count - 1);
        });
    }

    boolean hasRoom(long needed) {
        return needed == 0 || capacity == Long.MAX_VALUE || needed <= capacity - bytesInUseLocked();
    }

    private long bytesInUseLocked() {
        Set<SimulatedInode> inodes = Collections.newSetFromMap(new IdentityHashMap<>());
        inodes.addAll(names.all().values());
        inodes.addAll(openInodes.keySet());
        return inodes.stream().mapToLong(SimulatedInode::allocatedBytes).sum();
    }

    boolean ignoresSync(Path file) {
        return matches(ignoredSyncs, file);
    }

    boolean ignoresDurableWrites(Path file) {
        return matches(ignoredDurableWrites, file);
    }

    boolean ignoresDirectorySync() {
        return ignoresDirectorySync;
    }

    private static boolean matches(Set<String> suffixes, Path file) {
        return suffixes.stream().anyMatch(Arguments.canonical(file).toString()::endsWith);
    }

    private SimulatedInode inode(Path file) {
        SimulatedInode inode = names.find(Arguments.canonical(file));
        if (inode == null) {
            throw new IllegalArgumentException("No such simulated file: " + file);
        }
        return inode;
    }

    @Override
    public String toString() {
        return "faulty, seed 0x" + Long.toHexString(seed);
    }
}
