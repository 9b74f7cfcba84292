package io.nexuslite.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import io.nexuslite.error.IoFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link StoreFile}, {@link FileSystem} and {@link Host} promise, asked of every host alike. */
class StoreFileContractTest {
    private static final int SIZE = 10_000; // no multiple of anything

    @TempDir
    private Path directory;
    private final Arena arena = Arena.ofShared();

    /** The hosts that must keep the contract. */
    enum Kind {
        NATIVE(true), PORTABLE(true), MEMORY(false), FAULTY(false);

        private final boolean real; // files that other processes see

        Kind(boolean real) {
            this.real = real;
        }

        Host open() {
            return switch (this) {
                case NATIVE -> {
                    Host host = NativeHost.openOrNull();
                    assumeTrue(host != null, "no native access");
                    yield host;
                }
                case PORTABLE -> Hosts.portable();
                case MEMORY -> Hosts.inMemory();
                case FAULTY -> new FaultyHost(1);
            };
        }
    }

    @AfterEach
    void freeMemory() {
        assertFalse(Thread.interrupted(), "a test leaves an interrupt behind");
        arena.close();
    }

    private Path name(String file) {
        return directory.resolve(file);
    }

    private StoreFile create(Host host) {
        return host.files().open(name("a.dat"), OpenMode.CREATE_NEW);
    }

    private MemorySegment pattern(int length, int seed) {
        MemorySegment bytes = arena.allocate(Math.max(length, 1));
        for (int i = 0; i < length; i++) {
            bytes.set(ValueLayout.JAVA_BYTE, i, patternByte(i, seed));
        }
        return bytes;
    }

    private static byte patternByte(long i, int seed) {
        return (byte) (i * 31 + seed * 7 + 1 | 1); // never zero
    }

    private byte[] bytes(StoreFile file, long position, int length) {
        MemorySegment target = arena.allocate(Math.max(length, 1));
        int count = file.read(position, target, 0, length);
        return target.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
    }

    private void assertZero(StoreFile file, long position, int length) {
        byte[] found = bytes(file, position, length);
        assertEquals(length, found.length, "short read at " + position);
        for (int i = 0; i < length; i++) {
            assertEquals(0, found[i], "byte " + (position + i));
        }
    }

    private void assertPattern(StoreFile file, long position, int from, int length, int seed) {
        byte[] found = bytes(file, position, length);
        assertEquals(length, found.length, "short read at " + position);
        for (int i = 0; i < length; i++) {
            assertEquals(patternByte(from + i, seed), found[i], "byte " + (position + i));
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsWhatWasWritten(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            file.write(0, pattern(SIZE, 1), 0, SIZE);
            file.writeDurable(SIZE, pattern(SIZE, 2), 0, SIZE);
            file.sync();
            assertEquals(2 * SIZE, file.size());
            assertPattern(file, 0, 0, SIZE, 1);
            assertPattern(file, SIZE, 0, SIZE, 2);
            assertPattern(file, SIZE - 3, SIZE - 3, 3, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void usesOffsetAndLengthOfTheMemory(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            file.write(5, pattern(SIZE, 1), 100, 200);
            assertEquals(205, file.size());
            assertPattern(file, 5, 100, 200, 1);
            MemorySegment target = arena.allocate(300);
            assertEquals(50, file.read(5, target, 120, 50));
            assertEquals(0, target.get(ValueLayout.JAVA_BYTE, 119));
            assertEquals(patternByte(100, 1), target.get(ValueLayout.JAVA_BYTE, 120));
            assertEquals(patternByte(149, 1), target.get(ValueLayout.JAVA_BYTE, 169));
            assertEquals(0, target.get(ValueLayout.JAVA_BYTE, 170));
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsShortAtTheEndOnly(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            assertEquals(0, bytes(file, 0, 10).length);
            file.write(0, pattern(SIZE, 1), 0, SIZE);
            assertEquals(10, bytes(file, SIZE - 10, 11).length);
            assertEquals(1, bytes(file, SIZE - 1, SIZE).length);
            assertEquals(0, bytes(file, SIZE, 1).length);
            assertEquals(0, bytes(file, SIZE + 1, 1).length);
            assertEquals(0, bytes(file, Long.MAX_VALUE - 1, 1).length);
            assertEquals(0, bytes(file, 0, 0).length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesBehindTheEndLeaveZeros(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            file.write(3_000_000, pattern(10, 1), 0, 10);
            assertEquals(3_000_010, file.size());
            assertZero(file, 0, 4096);
            assertZero(file, 2_999_000, 1000);
            assertPattern(file, 3_000_000, 0, 10, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writingNothingChangesNothing(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            file.write(100, pattern(1, 1), 0, 0);
            file.writeDurable(100, pattern(1, 1), 1, 0);
            file.allocate(100, 0);
            file.punch(100, 0);
            assertEquals(0, file.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void truncatesAndGrows(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            file.write(0, pattern(SIZE, 1), 0, SIZE);
            file.truncate(5000);
            assertEquals(5000, file.size());
            assertEquals(1, bytes(file, 4999, 10).length);
            file.truncate(SIZE);
            assertEquals(SIZE, file.size());
            assertPattern(file, 0, 0, 5000, 1);
            assertZero(file, 5000, SIZE - 5000);
            file.truncate(0);
            assertEquals(0, file.size());
            file.write(SIZE - 1, pattern(1, 3), 0, 1);
            assertZero(file, 0, SIZE - 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void growsByZerosAfterAShrinkInsideASector(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            file.write(0, pattern(600, 1), 0, 600);
            file.truncate(100);
            file.write(200, pattern(10, 2), 0, 10);
            assertPattern(file, 0, 0, 100, 1);
            assertZero(file, 100, 100);
            assertPattern(file, 200, 0, 10, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void allocatesZerosAndKeepsContent(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            file.write(0, pattern(SIZE, 1), 0, SIZE);
            file.allocate(5000, 2_000_000);
            assertEquals(2_005_000, file.size());
            assertPattern(file, 0, 0, SIZE, 1);
            assertZero(file, SIZE, 20_000);
            assertZero(file, 2_005_000 - 4096, 4096);
            file.allocate(0, 100);
            assertEquals(2_005_000, file.size());
            assertPattern(file, 0, 0, SIZE, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void punchedRangesReadAsZeroWherePunchingIsSupported(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            int length = 3_000_000;
            file.write(0, pattern(length, 1), 0, length);
            file.punch(5000, 2_100_001);
            file.punch(length - 10, 1000); // beyond the end as well
            assertEquals(length, file.size());
            assertPattern(file, 0, 0, 5000, 1);
            assertPattern(file, 2_105_001, 2_105_001, 5000, 1);
            if (kind == Kind.PORTABLE) {
                assertPattern(file, 5000, 5000, 2_100_001, 1);
            } else {
                assertZero(file, 5000, 2_100_001);
                assertZero(file, length - 10, 10);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void blockSizeIsAPowerOfTwoFromASectorOn(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            assertTrue(file.blockSize() >= 512, "block size " + file.blockSize());
            assertEquals(1, Integer.bitCount(file.blockSize()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesBadArguments(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            MemorySegment memory = arena.allocate(16);
            assertThrows(IndexOutOfBoundsException.class, () -> file.read(0, memory, 1, 16));
            assertThrows(IndexOutOfBoundsException.class, () -> file.read(0, memory, 0, -1));
            assertThrows(IndexOutOfBoundsException.class, () -> file.write(0, memory, -1, 1));
            assertThrows(IllegalArgumentException.class, () -> file.write(-1, memory, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> file.writeDurable(Long.MAX_VALUE, memory, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> file.read(0, memory.asReadOnly(), 0, 1));
            assertThrows(IllegalArgumentException.class,
                    () -> file.write(0, MemorySegment.ofArray(new byte[16]), 0, 1));
            assertThrows(IllegalArgumentException.class, () -> file.truncate(-1));
            assertThrows(IllegalArgumentException.class, () -> file.allocate(Long.MAX_VALUE, 1));
            assertThrows(IllegalArgumentException.class, () -> file.punch(-1, 1));
            assertEquals(0, file.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensByMode(Kind kind) {
        FileSystem files = kind.open().files();
        Path path = name("a.dat");
        assertFalse(files.exists(path));
        for (OpenMode mode : List.of(OpenMode.READ, OpenMode.READ_WRITE)) {
            IoFailedException missing = assertThrows(IoFailedException.class, () -> files.open(path, mode));
            assertEquals(Errno.ENOENT, missing.errno());
            assertEquals("open", missing.operation());
            assertEquals(path.toString(), missing.file());
            assertEquals(-1, missing.position());
        }
        assertFalse(files.exists(path));
        try (StoreFile file = files.open(path, OpenMode.CREATE_NEW)) {
            file.write(0, pattern(10, 1), 0, 10);
        }
        assertTrue(files.exists(path));
        IoFailedException taken = assertThrows(IoFailedException.class, () -> files.open(path, OpenMode.CREATE_NEW));
        assertEquals(Errno.EEXIST, taken.errno());
        try (StoreFile file = files.open(path, OpenMode.READ_WRITE)) {
            assertPattern(file, 0, 0, 10, 1);
            file.write(10, pattern(10, 2), 0, 10);
        }
        try (StoreFile file = files.open(path, OpenMode.READ)) {
            assertPattern(file, 10, 0, 10, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesToWriteThroughAFileOpenForReading(Kind kind) {
        Host host = kind.open();
        create(host).close();
        try (StoreFile file = host.files().open(name("a.dat"), OpenMode.READ)) {
            MemorySegment memory = pattern(10, 1);
            List<IoFailedException> refusals = List.of(
                    assertThrows(IoFailedException.class, () -> file.write(7, memory, 0, 10)),
                    assertThrows(IoFailedException.class, () -> file.writeDurable(7, memory, 0, 10)),
                    assertThrows(IoFailedException.class, () -> file.truncate(7)),
                    assertThrows(IoFailedException.class, () -> file.allocate(7, 10)),
                    assertThrows(IoFailedException.class, () -> file.punch(7, 10)));
            for (IoFailedException refusal : refusals) {
                assertEquals(Errno.EBADF, refusal.errno());
                assertEquals(name("a.dat").toString(), refusal.file());
                assertEquals(7, refusal.position());
            }
            assertThrows(IoFailedException.class, () -> file.tryLock(LockMode.EXCLUSIVE));
            assertTrue(file.tryLock(LockMode.SHARED));
            assertEquals(0, file.size());
            file.sync();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCallOnAClosedFileFails(Kind kind) {
        StoreFile file = create(kind.open());
        MemorySegment memory = pattern(10, 1);
        file.write(0, memory, 0, 10);
        file.close();
        file.close();
        List<Runnable> calls = List.of(() -> file.read(3, memory, 0, 1), () -> file.write(3, memory, 0, 1),
                () -> file.writeDurable(3, memory, 0, 1), file::sync, () -> file.truncate(3),
                () -> file.allocate(3, 10), () -> file.punch(3, 1), file::size, () -> file.tryLock(LockMode.SHARED));
        for (Runnable call : calls) {
            IoFailedException failure = assertThrows(IoFailedException.class, call::run);
            assertEquals(Errno.EBADF, failure.errno());
            assertEquals(name("a.dat").toString(), failure.file());
        }
    }

    @ParameterizedTest
    @EnumSource
    void renameReplaces(Kind kind) {
        FileSystem files = kind.open().files();
        StoreFile held = files.open(name("old"), OpenMode.CREATE_NEW);
        held.write(0, pattern(10, 1), 0, 10);
        try (StoreFile file = files.open(name("new"), OpenMode.CREATE_NEW)) {
            file.write(0, pattern(20, 2), 0, 20);
            files.rename(name("new"), name("old"));
            file.writeDurable(20, pattern(5, 3), 0, 5); // for the first time after the rename
        }
        files.syncDirectory(directory);
        assertFalse(files.exists(name("new")));
        try (StoreFile file = files.open(name("old"), OpenMode.READ)) {
            assertEquals(25, file.size());
            assertPattern(file, 0, 0, 20, 2);
            assertPattern(file, 20, 0, 5, 3);
        }
        assertPattern(held, 0, 0, 10, 1);
        held.close();
        IoFailedException missing = assertThrows(IoFailedException.class,
                () -> files.rename(name("new"), name("other")));
        assertEquals(Errno.ENOENT, missing.errno());
    }

    @ParameterizedTest
    @EnumSource
    void unlinkedFilesLiveUntilClosed(Kind kind) {
        FileSystem files = kind.open().files();
        try (StoreFile file = files.open(name("a.dat"), OpenMode.CREATE_NEW)) {
            file.write(0, pattern(10, 1), 0, 10);
            files.unlink(name("a.dat"));
            files.syncDirectory(directory);
            assertFalse(files.exists(name("a.dat")));
            file.writeDurable(10, pattern(10, 2), 0, 10);
            file.sync();
            assertPattern(file, 0, 0, 10, 1);
            assertPattern(file, 10, 0, 10, 2);
        }
        IoFailedException missing = assertThrows(IoFailedException.class, () -> files.unlink(name("a.dat")));
        assertEquals(Errno.ENOENT, missing.errno());
        create(files).close();
    }

    private StoreFile create(FileSystem files) {
        return files.open(name("a.dat"), OpenMode.CREATE_NEW);
    }

    @ParameterizedTest
    @EnumSource
    void locksExcludeTwoOpeningsOfOneProcess(Kind kind) {
        FileSystem files = kind.open().files();
        StoreFile first = create(files);
        StoreFile second = files.open(name("a.dat"), OpenMode.READ_WRITE);
        StoreFile third = files.open(name("a.dat"), OpenMode.READ);
        assertTrue(first.tryLock(LockMode.EXCLUSIVE));
        assertTrue(first.tryLock(LockMode.EXCLUSIVE));
        assertFalse(second.tryLock(LockMode.EXCLUSIVE));
        assertFalse(third.tryLock(LockMode.SHARED));
        first.close();
        assertTrue(third.tryLock(LockMode.SHARED));
        assertTrue(second.tryLock(LockMode.SHARED));
        assertFalse(second.tryLock(LockMode.EXCLUSIVE));
        third.close();
        assertTrue(second.tryLock(LockMode.EXCLUSIVE));
        StoreFile fourth = files.open(name("a.dat"), OpenMode.READ);
        assertFalse(fourth.tryLock(LockMode.SHARED));
        assertTrue(second.tryLock(LockMode.SHARED));
        assertTrue(fourth.tryLock(LockMode.SHARED));
        second.close();
        fourth.close();
    }

    @ParameterizedTest
    @EnumSource
    void aLockFollowsTheFileNotTheName(Kind kind) {
        FileSystem files = kind.open().files();
        StoreFile file = create(files);
        assertTrue(file.tryLock(LockMode.EXCLUSIVE));
        files.rename(name("a.dat"), name("b.dat"));
        try (StoreFile moved = files.open(name("b.dat"), OpenMode.READ_WRITE); StoreFile other = create(files)) {
            assertFalse(moved.tryLock(LockMode.EXCLUSIVE));
            assertTrue(other.tryLock(LockMode.EXCLUSIVE));
        }
        file.close();
    }

    @ParameterizedTest
    @EnumSource
    void twoHostsOfOneProcessExcludeEachOther(Kind kind) {
        assumeTrue(kind.real, "files of this host are its own");
        try (StoreFile file = create(kind.open())) {
            for (Kind other : List.of(Kind.NATIVE, Kind.PORTABLE)) {
                assertTrue(file.tryLock(LockMode.EXCLUSIVE));
                try (StoreFile again = other.open().files().open(name("a.dat"), OpenMode.READ_WRITE)) {
                    assertFalse(again.tryLock(LockMode.SHARED), other + " got it from " + kind);
                }
            }
        }
    }

    /** POSIX locks die with any descriptor of the file that their process closes. */
    @ParameterizedTest
    @EnumSource
    void aLockSurvivesTheCloseOfAnotherOpening(Kind kind) throws Exception {
        assumeTrue(kind.real, "files of this host are its own");
        Host host = kind.open();
        try (StoreFile file = create(host)) {
            assertTrue(file.tryLock(LockMode.EXCLUSIVE));
            host.files().open(name("a.dat"), OpenMode.READ_WRITE).close();
            host.files().open(name("a.dat"), OpenMode.READ).close();
            assertEquals("locked", LockProbe.ask(kind, name("a.dat"), LockMode.SHARED));
        }
        assertEquals("free", LockProbe.ask(kind, name("a.dat"), LockMode.EXCLUSIVE));
    }

    @ParameterizedTest
    @EnumSource
    void locksExcludeTwoProcesses(Kind kind) throws Exception {
        assumeTrue(kind.real, "files of this host are its own");
        Host host = kind.open();
        create(host).close();
        try (LockProbe probe = new LockProbe(kind, name("a.dat"), LockMode.SHARED)) {
            assertEquals("free", probe.answer());
            try (StoreFile file = host.files().open(name("a.dat"), OpenMode.READ_WRITE)) {
                assertFalse(file.tryLock(LockMode.EXCLUSIVE));
                assertTrue(file.tryLock(LockMode.SHARED));
            }
        }
        try (StoreFile file = host.files().open(name("a.dat"), OpenMode.READ_WRITE)) {
            assertTrue(file.tryLock(LockMode.EXCLUSIVE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptBeforeACallIsKept(Kind kind) {
        try (StoreFile file = create(kind.open())) {
            MemorySegment memory = pattern(SIZE, 1);
            List<Runnable> calls = List.of(() -> file.write(0, memory, 0, SIZE),
                    () -> file.read(0, arena.allocate(SIZE), 0, SIZE), () -> file.writeDurable(0, memory, 0, SIZE),
                    file::sync, () -> file.allocate(SIZE, 100), () -> file.truncate(SIZE), file::size,
                    () -> file.tryLock(LockMode.EXCLUSIVE));
            for (Runnable call : calls) {
                Thread.currentThread().interrupt();
                call.run();
                assertTrue(Thread.interrupted(), "the call swallowed the interrupt");
            }
            assertPattern(file, 0, 0, SIZE, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptsDuringCallsHurtNobody(Kind kind) throws Exception {
        try (StoreFile file = create(kind.open())) {
            assertTrue(file.tryLock(LockMode.EXCLUSIVE));
            AtomicBoolean stop = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> workers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int seed = i;
                workers.add(Thread.ofPlatform().start(() -> {
                    try {
                        MemorySegment memory = pattern(SIZE, seed);
                        while (!stop.get()) {
                            file.write((long) seed * SIZE, memory, 0, SIZE);
                            assertPattern(file, (long) seed * SIZE, 0, SIZE, seed);
                            file.sync();
                        }
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                }));
            }
            for (int i = 0; i < 300; i++) {
                for (Thread worker : workers) {
                    worker.interrupt();
                }
                Thread.yield();
                file.writeDurable(3L * SIZE, pattern(100, i), 0, 100);
            }
            stop.set(true);
            for (Thread worker : workers) {
                worker.join();
            }
            if (failure.get() != null) {
                throw new AssertionError(failure.get());
            }
            if (kind.real) {
                assertEquals("locked", LockProbe.ask(kind, name("a.dat"), LockMode.SHARED));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyThreadsReadAndWriteAtOnce(Kind kind) throws Exception {
        int threads = 8;
        int regionSize = 40_000;
        Host host = kind.open();
        try (StoreFile file = create(host)) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> workers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                long base = (long) t * regionSize;
                int number = t;
                Thread.Builder builder = t % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
                workers.add(builder.start(() -> {
                    try {
                        for (int round = 0; round < 20; round++) {
                            int seed = number * 100 + round;
                            file.write(base, pattern(regionSize, seed), 0, regionSize);
                            assertPattern(file, base, 0, regionSize, seed);
                            file.writeDurable(base + 512, pattern(1024, seed + 1), 0, 1024);
                            assertPattern(file, base + 512, 0, 1024, seed + 1);
                        }
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                }));
            }
            for (Thread worker : workers) {
                worker.join();
            }
            if (failure.get() != null) {
                throw new AssertionError(failure.get());
            }
            assertEquals((long) threads * regionSize, file.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void createdFilesAreForTheOwnerOnly(Kind kind) throws Exception {
        assumeTrue(kind.real && !Platform.WINDOWS, "no POSIX permissions");
        create(kind.open()).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(name("a.dat"))));
    }

    @ParameterizedTest
    @EnumSource
    void aFullDeviceIsToldApart(Kind kind) {
        assumeTrue(kind.real && Platform.LINUX && Files.isWritable(Path.of("/dev/full")), "no /dev/full");
        try (StoreFile file = kind.open().files().open(Path.of("/dev/full"), OpenMode.READ_WRITE)) {
            MemorySegment memory = pattern(10, 1);
            for (IoFailedException failure : List.of(
                    assertThrows(IoFailedException.class, () -> file.write(42, memory, 0, 10)),
                    assertThrows(IoFailedException.class, () -> file.writeDurable(42, memory, 0, 10)))) {
                assertInstanceOf(io.nexuslite.error.StorageFullException.class, failure);
                assertEquals(Errno.ENOSPC, failure.errno());
                assertEquals("/dev/full", failure.file());
                assertEquals(42, failure.position());
                assertTrue(failure.getMessage().contains("No space left"), failure.getMessage());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesOfAnyLettersWork(Kind kind) throws Exception {
        Host host = kind.open();
        Path folder = name("a b%20é");
        if (kind.real) {
            assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "names are not UTF-8 here");
            Files.createDirectory(folder);
        }
        Path path = folder.resolve("ü#?.nxl");
        host.files().open(path, OpenMode.CREATE_NEW).close();
        host.files().syncDirectory(folder);
        assertTrue(host.files().exists(path));
        assertEquals(kind.real, Files.exists(path));
        host.files().rename(path, folder.resolve("%"));
        host.files().unlink(folder.resolve("%"));
    }

    @ParameterizedTest
    @EnumSource
    void aPathThroughAFileDoesNotExist(Kind kind) {
        Host host = kind.open();
        create(host).close();
        assertFalse(host.files().exists(name("a.dat").resolve("b")));
        if (kind.real) {
            assertThrows(IoFailedException.class,
                    () -> host.files().open(name("a.dat").resolve("b"), OpenMode.CREATE_NEW));
            assertThrows(IoFailedException.class, () -> host.files().syncDirectory(name("none")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void mappingSeesTheFileOrIsRefused(Kind kind) {
        MemorySegment mapping;
        try (StoreFile file = create(kind.open())) {
            file.write(0, pattern(SIZE, 1), 0, SIZE);
            if (kind != Kind.NATIVE) {
                assertThrows(UnsupportedOperationException.class, () -> file.mapReadOnly(1 << 20));
                return;
            }
            mapping = file.mapReadOnly(1L << 40);
            assertEquals(1L << 40, mapping.byteSize());
            assertTrue(mapping.isReadOnly());
            assertEquals(patternByte(77, 1), mapping.get(ValueLayout.JAVA_BYTE, 77));
            file.write(SIZE, pattern(100_000, 2), 0, 100_000); // seen without mapping again
            assertEquals(patternByte(99_999, 2), mapping.get(ValueLayout.JAVA_BYTE, SIZE + 99_999));
        }
        assertThrows(IllegalStateException.class, () -> mapping.get(ValueLayout.JAVA_BYTE, 0));
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhoAndWhen(Kind kind) {
        Host host = kind.open();
        assertFalse(host.hostName().isBlank());
        assertTrue(host.processId() > 0);
        long first = host.nanoTime();
        assertTrue(host.nanoTime() - first >= 0);
        assertTrue(host.wallMillis() > 1_600_000_000_000L);
        if (kind.real) {
            assertEquals(ProcessHandle.current().pid(), host.processId());
        }
    }

    @ParameterizedTest
    @EnumSource
    void entropyFillsTheRangeAndNoMore(Kind kind) {
        Host host = kind.open();
        MemorySegment memory = arena.allocate(1000);
        host.entropy(memory, 10, 980);
        int zeros = 0;
        for (int i = 0; i < 1000; i++) {
            boolean outside = i < 10 || i >= 990;
            assertTrue(!outside || memory.get(ValueLayout.JAVA_BYTE, i) == 0, "byte " + i);
            zeros += memory.get(ValueLayout.JAVA_BYTE, i) == 0 ? 1 : 0;
        }
        assertTrue(zeros < 100, zeros + " bytes are zero");
        long before = memory.get(ValueLayout.JAVA_LONG, 16);
        host.entropy(memory, 16, 8);
        assertNotEquals(before, memory.get(ValueLayout.JAVA_LONG, 16));
    }

    @ParameterizedTest
    @EnumSource
    void errorsTellTheNameThatAFileHasNow(Kind kind) {
        Host host = kind.open();
        Path now = name("now.dat");
        StoreFile file = host.files().open(name("before.dat"), OpenMode.CREATE_NEW);
        host.files().rename(name("before.dat"), now);
        file.renamedTo(now);
        file.close();
        IoFailedException failed = assertThrows(IoFailedException.class, file::sync);
        assertTrue(failed.getMessage().contains(now.toString()), failed.getMessage());
    }
}
