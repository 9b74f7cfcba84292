package io.nexuslite.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import io.nexuslite.error.IoFailedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What native access gives beyond the contract. */
class NativeFileTest {
    @TempDir
    private Path directory;
    private Host host;

    @BeforeEach
    void openHost() {
        host = NativeHost.openOrNull();
        assumeTrue(host != null, "no native access");
    }

    @Test
    void transfersAndFlushesAllocateNothing() throws IOException {
        Path memoryDirectory = Path.of("/dev/shm"); // flushes cost nothing there; the compiler wants to see many, and on a busy machine its turn comes late
        Path path = Files.isWritable(memoryDirectory)
                ? memoryDirectory.resolve("nexuslite-" + host.processId() + ".test")
                : directory.resolve("a");
        try (Arena arena = Arena.ofConfined(); StoreFile file = host.files().open(path, OpenMode.CREATE_NEW)) {
            MemorySegment memory = arena.allocate(8192);
            file.allocate(0, 1 << 20);
            long least = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 200_000 && least > 0; attempt++) {
                long before = AllocatedBytes.ofThisThread();
                transfer(file, memory, 100);
                least = Math.min(least, AllocatedBytes.ofThisThread() - before);
            }
            assertEquals(0, least, "bytes for 100 rounds of write, durable write, read, sync and size");
        } finally {
            Files.deleteIfExists(path);
        }
    }

    private static void transfer(StoreFile file, MemorySegment memory, int rounds) {
        for (int i = 0; i < rounds; i++) {
            file.write(i, memory, 16, 512);
            file.read(i, memory, 16, 512);
            file.size();
            file.writeDurable(i, memory, 16, 512);
            file.sync();
        }
    }

    @Test
    void closesItsDescriptorsAndMappings() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.exists(descriptors), "no /proc");
        Path path = directory.resolve("a").toAbsolutePath();
        try (Arena arena = Arena.ofConfined()) {
            StoreFile file = host.files().open(path, OpenMode.CREATE_NEW);
            file.writeDurable(0, arena.allocate(10), 0, 10);
            file.mapReadOnly(1 << 20);
            file.mapReadOnly(1 << 20);
            assertEquals(2, openDescriptors(descriptors, path)); // plain and O_DSYNC
            assertTrue(Files.readString(Path.of("/proc/self/maps")).contains(path.toString()));
            file.close();
            assertEquals(0, openDescriptors(descriptors, path));
            assertTrue(!Files.readString(Path.of("/proc/self/maps")).contains(path.toString()), "still mapped");
        }
    }

    private static long openDescriptors(Path descriptors, Path file) throws IOException {
        try (Stream<Path> links = Files.list(descriptors)) {
            return links.filter(link -> {
                try {
                    return Files.readSymbolicLink(link).equals(file);
                } catch (IOException e) {
                    return false; // the descriptor of this listing
                }
            }).count();
        }
    }

    @Test
    void anInheritedDescriptorIsClosedInChildren() throws Exception {
        assumeTrue(Platform.LINUX, "looks into /proc");
        try (Arena arena = Arena.ofConfined();
                StoreFile file = host.files().open(directory.resolve("held"),
                        OpenMode.CREATE_NEW)) {
            file.writeDurable(0, arena.allocate(10), 0, 10);
            Process child = new ProcessBuilder("/bin/sh", "-c", "ls -l /proc/self/fd").start();
            String listing = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(!listing.contains("held"), listing);
        }
    }

    @Test
    void readsAFifoWithoutWaitingForIt() throws Exception {
        Path fifo = directory.resolve("fifo");
        assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0, "no FIFOs");
        try (Arena arena = Arena.ofConfined(); StoreFile file = host.files().open(fifo, OpenMode.READ)) {
            assertThrows(IoFailedException.class, () -> file.read(0, arena.allocate(1), 0, 1));
        }
    }

    @Test
    void moreCallersThanPooledStatesAreServed() throws Exception {
        int callers = 150; // more than the pool holds
        List<CallState> taken = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            taken.add(CallState.acquire());
        }
        assertEquals(callers, taken.stream().map(state -> state.capture.address()).distinct().count());
        taken.forEach(CallState::release);
        CountDownLatch ended = new CountDownLatch(callers);
        try (StoreFile file = host.files().open(directory.resolve("a"), OpenMode.CREATE_NEW)) {
            for (int i = 0; i < callers; i++) {
                Thread.ofVirtual().start(() -> {
                    file.size();
                    ended.countDown();
                });
            }
            ended.await();
        }
    }

    @Test
    void aFailedFlushIsReportedAsSuch() {
        assumeTrue(Platform.LINUX && Files.isWritable(Path.of("/dev/full")), "no /dev/full");
        try (StoreFile file = host.files().open(Path.of("/dev/full"), OpenMode.READ_WRITE)) {
            IoFailedException failure = assertThrows(IoFailedException.class, file::sync);
            assertEquals("fdatasync", failure.operation());
            assertEquals(Errno.EINVAL, failure.errno()); // a device without a cache has no flush
            assertEquals("/dev/full", failure.file());
        }
    }

    @Test
    void mappedMemoryIsReadOnly() {
        try (Arena arena = Arena.ofConfined();
                StoreFile file = host.files().open(directory.resolve("a"),
                        OpenMode.CREATE_NEW)) {
            file.write(0, arena.allocate(10), 0, 10);
            MemorySegment mapping = file.mapReadOnly(4096);
            assertThrows(IllegalArgumentException.class, () -> mapping.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
            assertThrows(IllegalArgumentException.class, () -> file.mapReadOnly(0));
            assertThrows(IllegalArgumentException.class, () -> file.mapReadOnly(Long.MAX_VALUE));
        }
    }

    @Test
    void aJvmThatDeniesNativeAccessGetsThePortableHost() throws Exception {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--illegal-native-access=deny", "-cp",
                System.getProperty("java.class.path"), Chosen.class.getName(), directory.resolve("c").toString())
                .redirectErrorStream(true).start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("portable 3 false", output.strip());
        assertEquals("native", Hosts.platform().toString());
        assertTrue(Hosts.isNative());
    }

    /** Main of a child process: which host it gets, and that it works. */
    static final class Chosen {
        public static void main(String[] arguments) {
            try (Arena arena = Arena.ofConfined();
                    StoreFile file = Hosts.platform().files()
                            .open(Path.of(arguments[0]), OpenMode.CREATE_NEW)) {
                file.writeDurable(0, arena.allocate(3), 0, 3);
                System.out.println(Hosts.platform() + " " + file.size() + " " + Hosts.isNative());
            }
        }
    }

    @Test
    void describesErrorsInTheSystemsWords() {
        assertEquals("No space left on device", Posix.describe(Errno.ENOSPC));
        assertNotNull(Posix.describe(99_999));
    }
}
