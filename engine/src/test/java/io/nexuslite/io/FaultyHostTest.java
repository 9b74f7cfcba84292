package io.nexuslite.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.error.StorageFullException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each effect of the simulated disk is seen for some seed, and never more than the disk may do. */
class FaultyHostTest {
    private static final Path A = Path.of("/db/a.nxl");
    private static final Path B = Path.of("/db/b.wasp");
    private static final Path DIRECTORY = Path.of("/db");
    private static final int SECTOR = 512;
    private static final int SEEDS = 200;

    private final Arena arena = Arena.ofConfined();
    private final FaultyHost host = new FaultyHost(42);

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    private MemorySegment filled(int length, int value) {
        return arena.allocate(length).fill((byte) value);
    }

    private StoreFile create(Path name) {
        return create(host, name);
    }

    /** A file whose name is durable. */
    private static StoreFile create(FaultyHost host, Path name) {
        StoreFile file = host.files().open(name, OpenMode.CREATE_NEW);
        host.files().syncDirectory(name.getParent());
        return file;
    }

    private void write(StoreFile file, long position, int length, int value) {
        file.write(position, filled(length, value), 0, length);
    }

    private void writeDurable(StoreFile file, long position, int length, int value) {
        file.writeDurable(position, filled(length, value), 0, length);
    }

    private static byte[] content(FaultyHost host, Path name) {
        return host.copy(name).bytes();
    }

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /** The answers for many seeds. */
    private <T> Set<T> seen(CrashPolicy policy, Function<FaultyHost, T> look) {
        Set<T> answers = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            answers.add(look.apply(host.crashImage(seed, policy)));
        }
        return answers;
    }

    /** First byte of each sector, as a word: "110" is two sectors of ones and one of zeros. */
    private static String sectors(FaultyHost host, Path name) {
        byte[] content = content(host, name);
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < content.length; i += SECTOR) {
            word.append(content[i]);
        }
        return word.toString();
    }

    @Test
    void losesWhatWasNotSyncedAndKeepsWhatWas() {
        try (StoreFile file = create(A)) {
            write(file, 0, 2000, 1);
            file.sync();
            assertFalse(host.hasUnsynced());
            write(file, 1000, 2000, 2);
            assertTrue(host.hasUnsynced());
            assertArrayEquals(bytes(2000, 1), content(host.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A));
            assertArrayEquals(host.copy(A).bytes(), content(host.crashImage(1, CrashPolicy.KEEP_EVERYTHING), A));
            file.sync();
            assertEquals(Set.of(3000), seen(CrashPolicy.GARBAGE, image -> content(image, A).length));
            assertArrayEquals(host.copy(A).bytes(), content(host.crashImage(1, CrashPolicy.GARBAGE), A));
        }
    }

    @Test
    void syncIsPerFile() {
        try (StoreFile a = create(A); StoreFile b = create(B)) {
            write(a, 0, SECTOR, 1);
            write(b, 0, SECTOR, 1);
            b.sync();
            FaultyHost image = host.crashImage(1, CrashPolicy.LOSE_UNSYNCED);
            assertEquals(0, content(image, A).length);
            assertArrayEquals(bytes(SECTOR, 1), content(image, B));
        }
    }

    @Test
    void durableWritesCoverTheirOwnSectorsOnly() {
        try (StoreFile file = create(A)) {
            file.allocate(0, 4 * SECTOR);
            file.sync();
            write(file, 0, SECTOR, 1);
            write(file, 3 * SECTOR, SECTOR, 1);
            writeDurable(file, SECTOR, SECTOR, 1);
            assertEquals("0100", sectors(host.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A));
            assertEquals(Set.of("0100", "1100", "0101", "1101"), seen(CrashPolicy.SECTORS, image -> sectors(image, A)));
            writeDurable(file, 4 * SECTOR, SECTOR, 1); // the size with it
            assertEquals("01001", sectors(host.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A));
        }
    }

    @Test
    void tearsWritesAtSectorsOrBlocksInAnyOrder() {
        try (StoreFile file = create(A)) {
            file.allocate(0, 16 * SECTOR);
            file.sync();
            write(file, 0, 16 * SECTOR, 1);
            Set<String> bySector = seen(CrashPolicy.SECTORS, image -> sectors(image, A));
            assertTrue(bySector.size() > SEEDS / 2, "few kinds of tearing: " + bySector.size());
            assertTrue(bySector.stream().anyMatch(word -> word.contains("01")), "never out of order");
            assertEquals(Set.of("0".repeat(16), "0".repeat(8) + "1".repeat(8), "1".repeat(8) + "0".repeat(8),
                    "1".repeat(16)), seen(CrashPolicy.BLOCKS, image -> sectors(image, A)));
        }
    }

    @Test
    void inOrderMeansAPrefixAcrossFiles() {
        try (StoreFile a = create(A); StoreFile b = create(B)) {
            a.allocate(0, 3 * SECTOR);
            b.allocate(0, SECTOR);
            a.sync();
            b.sync();
            write(a, 0, 2 * SECTOR, 1);
            write(b, 0, SECTOR, 1);
            write(a, 2 * SECTOR, SECTOR, 1);
            assertEquals(Set.of("000 0", "100 0", "110 0", "110 1", "111 1"),
                    seen(CrashPolicy.IN_ORDER, image -> sectors(image, A) + " " + sectors(image, B)));
        }
    }

    @Test
    void aVersionThatWasOverwrittenInTheCacheMaySurvive() {
        try (StoreFile file = create(A)) {
            write(file, 0, SECTOR, 1);
            file.sync();
            write(file, 0, SECTOR, 2);
            write(file, 0, SECTOR, 3);
            assertEquals(Set.of("1", "2", "3"), seen(CrashPolicy.SECTORS, image -> sectors(image, A)));
            assertEquals(Set.of("1", "2", "3"), seen(CrashPolicy.IN_ORDER, image -> sectors(image, A)));
        }
    }

    @Test
    void pendingSectorsMayBeGarbageDurableOnesNever() {
        try (StoreFile file = create(A)) {
            write(file, 0, 3 * SECTOR, 1);
            file.sync();
            write(file, SECTOR, SECTOR, 2);
            Set<Integer> kinds = seen(CrashPolicy.GARBAGE, image -> {
                byte[] content = content(image, A);
                assertArrayEquals(bytes(SECTOR, 1), Arrays.copyOf(content, SECTOR));
                assertArrayEquals(bytes(SECTOR, 1), Arrays.copyOfRange(content, 2 * SECTOR, 3 * SECTOR));
                byte[] middle = Arrays.copyOfRange(content, SECTOR, 2 * SECTOR);
                int ones = count(middle, 1);
                int twos = count(middle, 2);
                return ones == SECTOR ? 1 : twos == SECTOR ? 2 : ones + twos == SECTOR ? 3 : 4;
            });
            assertEquals(Set.of(1, 2, 3, 4), kinds); // old, new, torn inside, random
        }
    }

    private static int count(byte[] bytes, int value) {
        int count = 0;
        for (byte each : bytes) {
            count += each == value ? 1 : 0;
        }
        return count;
    }

    @Test
    void sizeAndDataSurviveApart() {
        try (StoreFile file = create(A)) {
            write(file, 0, SECTOR, 1);
            file.sync();
            write(file, SECTOR, SECTOR, 1);
            assertEquals(Set.of("1", "10", "11"), seen(CrashPolicy.SECTORS, image -> sectors(image, A)));
            Set<Boolean> garbage = seen(CrashPolicy.GARBAGE, image -> {
                byte[] content = content(image, A);
                return content.length > SECTOR && count(content, 1) + count(content, 0) < content.length;
            });
            assertEquals(Set.of(true, false), garbage);
        }
    }

    @Test
    void truncationIsKeptInOrderWithTheSize() {
        try (StoreFile file = create(A)) {
            write(file, 0, 2 * SECTOR, 1);
            file.sync();
            file.truncate(SECTOR);
            file.truncate(3 * SECTOR);
            write(file, SECTOR, SECTOR, 2);
            // old bytes, cut, cut and grown by zeros, cut and grown and written; never the new bytes without the cut
            assertEquals(Set.of("11", "1", "100", "120"), seen(CrashPolicy.SECTORS, image -> sectors(image, A)));
            file.sync();
            assertEquals(Set.of("120"), seen(CrashPolicy.GARBAGE, image -> sectors(image, A)));
        }
    }

    @Test
    void punchedBytesComeBackOnlyIfThePunchIsLost() {
        try (StoreFile file = create(A)) {
            write(file, 0, 3 * SECTOR, 1);
            file.sync();
            file.punch(SECTOR, SECTOR);
            assertEquals(Set.of("111", "101"), seen(CrashPolicy.SECTORS, image -> sectors(image, A)));
            file.sync();
            assertEquals(Set.of("101"), seen(CrashPolicy.SECTORS, image -> sectors(image, A)));
        }
    }

    @Test
    void aNameIsDurableWithItsDirectoryOnly() {
        try (StoreFile file = host.files().open(A, OpenMode.CREATE_NEW)) {
            write(file, 0, SECTOR, 1);
            file.sync();
            assertEquals(Set.of(), host.crashImage(1, CrashPolicy.LOSE_UNSYNCED).fileNames());
            assertEquals(Set.of(Set.of(), Set.of(A)), seen(CrashPolicy.SECTORS, FaultyHost::fileNames));
            host.files().syncDirectory(Path.of("/other"));
            assertEquals(Set.of(), host.crashImage(1, CrashPolicy.LOSE_UNSYNCED).fileNames());
            host.files().syncDirectory(DIRECTORY);
            assertArrayEquals(bytes(SECTOR, 1), content(host.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A));
        }
    }

    @Test
    void aRenameIsOneStepAndTheDataIsNotPartOfIt() {
        try (StoreFile old = create(A); StoreFile fresh = create(B)) {
            write(old, 0, SECTOR, 1);
            old.sync();
            write(fresh, 0, SECTOR, 2);
            host.files().rename(B, A);
            Set<String> seen = seen(CrashPolicy.SECTORS,
                    image -> image.fileNames().contains(B) + " " + sectors(image, A));
            assertEquals(Set.of("true 1", "false ", "false 0", "false 2"), seen);
            fresh.sync();
            host.files().syncDirectory(DIRECTORY);
            assertEquals(Set.of("2"), seen(CrashPolicy.GARBAGE, image -> sectors(image, A)));
        }
    }

    @Test
    void namesSurviveInOrderOrNot() {
        for (int i = 0; i < 3; i++) {
            host.files().open(DIRECTORY.resolve("f" + i), OpenMode.CREATE_NEW).close();
        }
        CrashPolicy inOrder = CrashPolicy.IN_ORDER;
        assertEquals(Set.of(0, 1, 2, 3), seen(inOrder, image -> image.fileNames().size()));
        assertTrue(seen(inOrder, FaultyHost::fileNames).stream()
                .allMatch(names -> !names.contains(DIRECTORY.resolve("f2")) || names.size() == 3));
        assertEquals(8, seen(CrashPolicy.SECTORS, FaultyHost::fileNames).size());
    }

    @Test
    void anUnlinkMayBeUndone() {
        try (StoreFile file = create(A)) {
            writeDurable(file, 0, SECTOR, 1);
        }
        host.files().unlink(A);
        assertFalse(host.files().exists(A));
        assertEquals("1", sectors(host.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A));
        assertEquals(Set.of(Set.of(), Set.of(A)), seen(CrashPolicy.SECTORS, FaultyHost::fileNames));
        host.files().syncDirectory(DIRECTORY);
        assertEquals(Set.of(Set.of()), seen(CrashPolicy.SECTORS, FaultyHost::fileNames));
    }

    @Test
    void aKillKeepsTheCacheAndWhatIsPending() {
        StoreFile file = host.files().open(A, OpenMode.CREATE_NEW);
        assertTrue(file.tryLock(LockMode.EXCLUSIVE));
        write(file, 0, SECTOR, 1);
        FaultyHost killed = host.killImage(1);
        assertEquals("1", sectors(killed, A));
        assertTrue(killed.hasUnsynced());
        assertEquals(Set.of(), killed.crashImage(1, CrashPolicy.LOSE_UNSYNCED).fileNames());
        assertNotEquals(host.processId(), killed.processId());
        try (StoreFile again = killed.files().open(A, OpenMode.READ_WRITE)) {
            assertTrue(again.tryLock(LockMode.EXCLUSIVE));
            write(again, 0, SECTOR, 2);
            again.sync();
            killed.files().syncDirectory(DIRECTORY);
        }
        assertEquals("2", sectors(killed.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A));
        assertEquals("1", sectors(host, A));
    }

    @Test
    void theSameSeedGivesTheSameImage() {
        try (StoreFile file = create(A)) {
            write(file, 0, 40 * SECTOR, 1);
            for (int seed = 0; seed < 20; seed++) {
                CrashPolicy policy = CrashPolicy.any(seed);
                assertEquals(policy, CrashPolicy.any(seed));
                assertArrayEquals(content(host.crashImage(seed, policy), A), content(host.crashImage(seed, policy), A));
            }
        }
    }

    @Test
    void afterAFailedSyncASecondOneProvesNothing() {
        Set<String> durable = new HashSet<>();
        Set<String> afterKill = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            FaultyHost faulty = new FaultyHost(seed);
            StoreFile file = create(faulty, A);
            file.allocate(0, 2 * SECTOR);
            file.sync();
            write(file, 0, 2 * SECTOR, 1);
            Fault fault = faulty.plan(Fault.of(CallKind.SYNC));
            IoFailedException failure = assertThrows(IoFailedException.class, file::sync);
            assertEquals(Errno.EIO, failure.errno());
            assertEquals(A.toString(), failure.file());
            assertEquals(1, fault.fired());
            assertEquals("11", sectors(faulty, A));
            file.sync();
            assertFalse(faulty.hasUnsynced());
            durable.add(sectors(faulty.crashImage(1, CrashPolicy.KEEP_EVERYTHING), A));
            afterKill.add(sectors(faulty.killImage(seed), A));
            write(file, 0, SECTOR, 2); // what is written anew is honest again
            faulty.dropCleanCache(seed);
            assertEquals('2', sectors(faulty, A).charAt(0));
            file.sync();
            assertEquals('2', sectors(faulty.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A).charAt(0));
        }
        assertEquals(Set.of("00", "01", "10", "11"), durable);
        assertEquals(Set.of("00", "01", "10", "11"), afterKill);
    }

    @Test
    void cutBytesDoNotComeBackAfterAFailedSync() {
        for (int seed = 0; seed < SEEDS; seed++) {
            FaultyHost faulty = new FaultyHost(seed);
            StoreFile file = create(faulty, A);
            write(file, 0, 2 * SECTOR, 1);
            file.sync();
            file.truncate(SECTOR);
            faulty.plan(Fault.of(CallKind.SYNC));
            assertThrows(IoFailedException.class, file::sync);
            file.sync(); // at last makes the size durable
            file.truncate(2 * SECTOR);
            file.sync();
            assertEquals("10", sectors(faulty.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A));
        }
    }

    @Test
    void aFailedDurableWriteLeavesItsSectorsUnsure() {
        Set<String> durable = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            FaultyHost faulty = new FaultyHost(seed);
            StoreFile file = create(faulty, A);
            file.allocate(0, 3 * SECTOR);
            file.sync();
            write(file, 2 * SECTOR, SECTOR, 1);
            faulty.plan(Fault.of(CallKind.WRITE_DURABLE));
            assertThrows(IoFailedException.class, () -> writeDurable(file, 0, 2 * SECTOR, 1));
            assertEquals("111", sectors(faulty, A));
            file.sync();
            durable.add(sectors(faulty.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A));
        }
        assertEquals(Set.of("001", "011", "101", "111"), durable);
    }

    @Test
    void aFailedDirectorySyncLeavesNamesUnsure() {
        Set<Set<Path>> durable = new HashSet<>();
        Set<Set<Path>> afterSecond = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            FaultyHost faulty = new FaultyHost(seed);
            faulty.files().open(A, OpenMode.CREATE_NEW).close();
            faulty.plan(Fault.of(CallKind.SYNC_DIRECTORY));
            assertThrows(IoFailedException.class, () -> faulty.files().syncDirectory(DIRECTORY));
            assertTrue(faulty.files().exists(A));
            durable.add(faulty.crashImage(1, CrashPolicy.LOSE_UNSYNCED).fileNames());
            faulty.files().syncDirectory(DIRECTORY);
            afterSecond.add(faulty.crashImage(1, CrashPolicy.KEEP_EVERYTHING).fileNames());
        }
        assertEquals(Set.of(Set.of(), Set.of(A)), durable);
        assertEquals(Set.of(Set.of(), Set.of(A)), afterSecond);
    }

    @Test
    void everyKindOfCallCanFail() {
        for (CallKind kind : CallKind.values()) {
            FaultyHost faulty = new FaultyHost(7);
            Fault fault = faulty.plan(Fault.of(kind));
            IoFailedException failure = assertThrows(IoFailedException.class, () -> useEverything(faulty));
            assertEquals(kind.operation(), failure.operation());
            assertEquals(Errno.EIO, failure.errno());
            assertEquals(1, fault.fired());
            assertEquals(1, faulty.calls(kind));
        }
        useEverything(host);
        for (CallKind kind : CallKind.values()) {
            assertTrue(host.calls(kind) > 0, kind + " is not counted");
        }
        assertEquals(0, host.openFiles());
    }

    private void useEverything(FaultyHost faulty) {
        try (StoreFile file = faulty.files().open(A, OpenMode.CREATE_NEW)) {
            file.allocate(0, 10_000);
            write(file, 0, 100, 1);
            writeDurable(file, 100, 100, 1);
            file.read(0, arena.allocate(10), 0, 10);
            file.punch(0, 50);
            file.truncate(5000);
            file.sync();
        }
        faulty.files().syncDirectory(DIRECTORY);
        faulty.files().rename(A, B);
        faulty.files().unlink(B);
    }

    @Test
    void callsFailByNumberOnceOrForEverUntilNoneDoes() {
        long total = 0;
        for (long n = 1;; n++) {
            FaultyHost faulty = new FaultyHost(n);
            Fault fault = faulty.plan(Fault.of(CallKind.mutating()).nth(n));
            try {
                useEverything(faulty);
            } catch (IoFailedException e) {
                assertEquals(1, fault.fired());
                continue;
            }
            assertEquals(0, fault.fired());
            total = n - 1;
            break;
        }
        useEverything(host);
        assertEquals(host.mutatingCalls(), total);

        try (StoreFile a = create(host, A); StoreFile b = create(host, B)) {
            host.plan(Fault.of(CallKind.WRITE).in(".wasp").nth(2).forever().full());
            write(a, 0, 10, 1);
            write(b, 0, 10, 1);
            for (int i = 0; i < 3; i++) {
                StorageFullException full = assertThrows(StorageFullException.class, () -> write(b, 77, 10, 2));
                assertEquals(77, full.position());
                write(a, 0, 10, 1);
            }
            host.clearFaults();
            write(b, 0, 10, 1);
            Fault ranged = host.plan(Fault.of(CallKind.READ).in(".nxl").at(5, 2).forever());
            a.read(0, arena.allocate(5), 0, 5);
            assertThrows(IoFailedException.class, () -> a.read(6, arena.allocate(1), 0, 1));
            a.read(7, arena.allocate(1), 0, 1);
            assertEquals(1, ranged.fired());
        }
    }

    @Test
    void aFullFlushIsAFailedFlush() {
        try (StoreFile file = create(A)) {
            host.plan(Fault.of(CallKind.SYNC, CallKind.WRITE_DURABLE, CallKind.SYNC_DIRECTORY).full().forever());
            IoFailedException flush = assertThrows(IoFailedException.class, file::sync);
            assertFalse(flush instanceof StorageFullException);
            assertEquals(Errno.ENOSPC, flush.errno());
            assertThrows(StorageFullException.class, () -> writeDurable(file, 0, 10, 1));
            IoFailedException directory = assertThrows(IoFailedException.class,
                    () -> host.files().syncDirectory(DIRECTORY));
            assertFalse(directory instanceof StorageFullException);
        }
    }

    @Test
    void theDiskHasACapacity() {
        host.setCapacity(16 * 4096);
        try (StoreFile a = create(A); StoreFile b = create(B)) {
            a.allocate(0, 10 * 4096);
            write(b, 0, 6 * 4096, 1);
            assertEquals(16 * 4096, host.bytesInUse());
            write(a, 5 * 4096, 4096, 1); // has its room
            StorageFullException full = assertThrows(StorageFullException.class, () -> write(b, 6 * 4096, 1, 1));
            assertEquals(Errno.ENOSPC, full.errno());
            assertThrows(StorageFullException.class, () -> writeDurable(b, 5 * 4096, 4097, 2));
            assertThrows(StorageFullException.class, () -> b.allocate(0, 7 * 4096));
            assertEquals(6 * 4096, b.size());
            a.punch(0, 4096);
            write(b, 6 * 4096, 4096, 1);
            a.truncate(9 * 4096);
            write(b, 7 * 4096, 4096, 1);
            assertThrows(StorageFullException.class, () -> b.allocate(0, 9 * 4096));
            host.files().unlink(A);
            assertThrows(StorageFullException.class, () -> b.allocate(0, 9 * 4096)); // still open
        }
        try (StoreFile b = host.files().open(B, OpenMode.READ_WRITE)) {
            b.allocate(0, 16 * 4096);
            FaultyHost image = host.crashImage(1, CrashPolicy.KEEP_EVERYTHING);
            assertEquals(16 * 4096, image.bytesInUse());
            host.setCapacity(20 * 4096);
            b.allocate(0, 20 * 4096);
        }
    }

    @Test
    void theProcessStopsAtACall() {
        for (CrashNow.Effect effect : CrashNow.Effect.values()) {
            FaultyHost faulty = new FaultyHost(1);
            StoreFile file = create(faulty, A);
            file.allocate(0, SECTOR);
            file.sync();
            faulty.crashAt(faulty.mutatingCalls() + 1, effect);
            CrashNow end = assertThrows(CrashNow.class, () -> writeDurable(file, 0, SECTOR, 1));
            assertEquals(effect, end.effect());
            assertTrue(faulty.isCrashed());
            assertThrows(CrashNow.class, file::sync);
            assertThrows(CrashNow.class, file::size);
            assertThrows(CrashNow.class, () -> faulty.files().exists(A));
            assertThrows(CrashNow.class, () -> faulty.files().open(A, OpenMode.READ));
            file.close();
            String kept = sectors(faulty.crashImage(1, CrashPolicy.KEEP_EVERYTHING), A);
            String lost = sectors(faulty.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A);
            assertEquals(effect == CrashNow.Effect.NOT_APPLIED ? "0" : "1", kept);
            assertEquals(effect == CrashNow.Effect.APPLIED ? "1" : "0", lost);
        }
    }

    @Test
    void listenersSeeCallsBeforeAndAfterAndMayStopThemThere() {
        StoreFile file = create(A);
        StringBuilder log = new StringBuilder();
        host.listen(new CallListener() {
            @Override
            public void before(Call call) {
                log.append('<').append(call.kind()).append(host.copy(A).size()).append(' ');
            }

            @Override
            public void after(Call call) {
                log.append('>').append(call.kind()).append(host.copy(A).size()).append(' ');
                if (call.kind() == CallKind.SYNC) {
                    throw new CrashNow(CrashNow.Effect.APPLIED, call.toString());
                }
            }
        });
        write(file, 0, 10, 1);
        file.read(0, arena.allocate(10), 0, 10);
        assertThrows(CrashNow.class, file::sync);
        assertEquals("<WRITE0 >WRITE10 <SYNC10 >SYNC10 ", log.toString());
        assertEquals(10, host.crashImage(1, CrashPolicy.LOSE_UNSYNCED).copy(A).size());
    }

    @Test
    void bitsFlipOnTheMedium() {
        try (StoreFile file = create(A)) {
            write(file, 0, 2 * SECTOR, 1);
            file.sync();
            write(file, SECTOR, SECTOR, 3);
            host.flipBit(A, 5, 7);
            host.flipBit(A, SECTOR, 1);
            assertEquals((byte) 0x81, content(host, A)[5]);
            assertEquals(3, content(host, A)[SECTOR]); // the cache is newer
            byte[] durable = content(host.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A);
            assertEquals((byte) 0x81, durable[5]);
            assertEquals(3, durable[SECTOR]);
            assertEquals(1, durable[SECTOR + 1]);
        }
    }

    @Test
    void filesAreTakenAwayAndPutBack(@TempDir Path real) throws Exception {
        try (StoreFile file = create(A)) {
            write(file, 0, 100_000, 1);
            FileImage early = host.copy(A);
            write(file, 0, 100_000, 2);
            assertArrayEquals(bytes(100_000, 1), early.bytes());
            assertEquals(0, host.copyDurable(A).size());
            host.remove(A);
            host.plant(B, early);
            assertEquals(Set.of(B), host.crashImage(1, CrashPolicy.LOSE_UNSYNCED).fileNames());
            write(file, 0, 10, 3); // to the file that was taken away
            assertArrayEquals(early.bytes(), content(host, B));
        }
        host.exportAll(real);
        assertArrayEquals(bytes(100_000, 1), Files.readAllBytes(real.resolve("b.wasp")));
        host.importFrom(real.resolve("b.wasp"), A);
        assertArrayEquals(bytes(100_000, 1), content(host.crashImage(1, CrashPolicy.LOSE_UNSYNCED), A));
        host.plant(A, FileImage.of(new byte[]{1, 2, 3}));
        assertArrayEquals(new byte[]{1, 2, 3}, content(host, A));
    }

    @Test
    void liesLoseData() {
        try (StoreFile a = create(A); StoreFile b = create(B)) {
            host.ignoreSync(".nxl");
            host.ignoreDurableWrites(".wasp");
            write(a, 0, SECTOR, 1);
            write(b, 0, SECTOR, 1);
            a.sync();
            b.sync();
            assertEquals(Set.of("", "0", "1"), seen(CrashPolicy.SECTORS, image -> sectors(image, A)));
            assertEquals(Set.of("1"), seen(CrashPolicy.SECTORS, image -> sectors(image, B)));
            writeDurable(a, SECTOR, SECTOR, 1);
            writeDurable(b, SECTOR, SECTOR, 1);
            FaultyHost image = host.crashImage(1, CrashPolicy.LOSE_UNSYNCED);
            assertEquals("01", sectors(image, A));
            assertEquals("1", sectors(image, B));
            try (StoreFile again = image.files().open(B, OpenMode.READ_WRITE)) {
                writeDurable(again, 0, SECTOR, 2); // the same bad disk
                assertEquals("1", sectors(image.crashImage(1, CrashPolicy.LOSE_UNSYNCED), B));
            }
            host.tellTruth();
            a.sync();
            assertEquals(Set.of("11"), seen(CrashPolicy.SECTORS, after -> sectors(after, A)));
        }
        host.ignoreSyncDirectory();
        host.files().unlink(A);
        host.files().syncDirectory(DIRECTORY);
        assertEquals(Set.of(A, B), host.crashImage(1, CrashPolicy.LOSE_UNSYNCED).fileNames());
    }

    @Test
    void clocksAndRandomnessFollowTheTest() {
        host.setWallMillis(5);
        host.setNanoTick(0);
        host.setNanoTime(7);
        assertEquals(5, host.wallMillis());
        assertEquals(7, host.nanoTime());
        host.advanceMillis(2);
        assertEquals(7, host.wallMillis());
        assertEquals(2_000_007, host.nanoTime());
        host.setProcess(9, "there");
        assertEquals(9, host.processId());
        assertEquals("there", host.hostName());
        assertEquals(7, host.crashImage(1, CrashPolicy.KEEP_EVERYTHING).wallMillis());
        MemorySegment first = arena.allocate(16);
        MemorySegment second = arena.allocate(16);
        new FaultyHost(5).entropy(first, 0, 16);
        new FaultyHost(5).entropy(second, 0, 16);
        assertArrayEquals(first.toArray(ValueLayout.JAVA_BYTE), second.toArray(ValueLayout.JAVA_BYTE));
    }
}
