package io.nexuslite.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.error.StorageFullException;
import org.junit.jupiter.api.Test;

/** Memory of in-memory files: bounded, reused, zeroed, given back. */
class MemoryHostTest {
    private static final int CHUNK = MemoryChunks.CHUNK_SIZE;
    private static final Path A = Path.of("/a");
    private static final Path B = Path.of("/b");

    private final Arena arena = Arena.ofAuto();

    private MemorySegment filled(int length, int value) {
        return arena.allocate(length).fill((byte) value);
    }

    @Test
    void memoryGoesWithNameAndOpening() {
        try (MemoryHost host = Hosts.inMemory()) {
            StoreFile file = host.files().open(A, OpenMode.CREATE_NEW);
            file.write(0, filled(3 * CHUNK, 1), 0, 3 * CHUNK);
            assertEquals(3L * CHUNK, host.bytesInUse());
            host.files().unlink(A);
            assertEquals(3L * CHUNK, host.bytesInUse());
            file.close();
            assertEquals(0, host.bytesInUse());

            host.files().open(A, OpenMode.CREATE_NEW).close();
            StoreFile other = host.files().open(B, OpenMode.CREATE_NEW);
            other.allocate(0, CHUNK + 1);
            other.close();
            assertEquals(2L * CHUNK, host.bytesInUse());
            host.files().rename(A, B); // nobody has the old B any more
            assertEquals(0, host.bytesInUse());
        }
    }

    @Test
    void punchingAndTruncatingGiveChunksBackZeroed() {
        try (MemoryHost host = Hosts.inMemory(4L * CHUNK);
                StoreFile a = host.files().open(A, OpenMode.CREATE_NEW);
                StoreFile b = host.files().open(B, OpenMode.CREATE_NEW)) {
            a.write(0, filled(4 * CHUNK, 1), 0, 4 * CHUNK);
            a.punch(CHUNK, CHUNK);
            a.truncate(3L * CHUNK);
            assertEquals(2L * CHUNK, host.bytesInUse());
            b.allocate(0, 2L * CHUNK);
            MemorySegment target = filled(2 * CHUNK, 7);
            assertEquals(2 * CHUNK, b.read(0, target, 0, 2 * CHUNK));
            assertEquals(-1, target.mismatch(arena.allocate(2 * CHUNK)));
            assertEquals(1, target.copyFrom(filled(1, 1)).get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @Test
    void aFullHostRefusesAndLeavesTheFileAsItWas() {
        try (MemoryHost host = Hosts.inMemory(2L * CHUNK); StoreFile file = host.files().open(A, OpenMode.CREATE_NEW)) {
            file.write(0, filled(10, 1), 0, 10);
            StorageFullException full = assertThrows(StorageFullException.class,
                    () -> file.write(CHUNK - 1, filled(2 * CHUNK, 2), 0, 2 * CHUNK));
            assertEquals(CHUNK - 1, full.position());
            assertEquals(Errno.ENOSPC, full.errno());
            assertThrows(StorageFullException.class, () -> file.allocate(0, 3L * CHUNK));
            assertThrows(StorageFullException.class, () -> file.truncate(Long.MAX_VALUE));
            assertThrows(StorageFullException.class, () -> file.write(1L << 60, filled(1, 1), 0, 1));
            assertEquals(10, file.size());
            assertEquals(CHUNK, host.bytesInUse());
            file.truncate(1L << 40); // a hole needs nothing
            assertEquals(CHUNK, host.bytesInUse());
        }
        assertThrows(IllegalArgumentException.class, () -> Hosts.inMemory(0));
    }

    @Test
    void hostsShareNothingAndCloseFreesAll() {
        MemoryHost host = Hosts.inMemory();
        try (MemoryHost other = Hosts.inMemory()) {
            StoreFile file = host.files().open(A, OpenMode.CREATE_NEW);
            file.allocate(0, 10);
            assertFalse(other.files().exists(A));
            host.close();
            host.close();
            assertThrows(IllegalStateException.class, () -> file.read(0, arena.allocate(10), 0, 10));
            assertThrows(IoFailedException.class, () -> file.allocate(0, 2L * CHUNK));
            file.close();
        }
    }

    @Test
    void namesAreNormalised() {
        try (MemoryHost host = Hosts.inMemory()) {
            host.files().open(Path.of("x/../y"), OpenMode.CREATE_NEW).close();
            assertTrue(host.files().exists(Path.of("y").toAbsolutePath()));
        }
    }

    @Test
    void agreesWithAnArray() {
        long seed = Seeds.seed();
        Seeds.run(MemoryHostTest.class, "agreesWithAnArray", seed, () -> {
            SplittableRandom random = Seeds.child(seed, "calls");
            int sizeMax = 4 * CHUNK;
            byte[] model = new byte[sizeMax];
            int size = 0;
            try (MemoryHost host = Hosts.inMemory(); StoreFile file = host.files().open(A, OpenMode.CREATE_NEW)) {
                MemorySegment memory = arena.allocate(sizeMax);
                for (int i = 0; i < 300 * Seeds.scale(); i++) {
                    int position = random.nextInt(4) * CHUNK + random.nextInt(-2, 3) & 0x7fffffff;
                    position = position < sizeMax ? position : 0;
                    int length = random.nextInt(Math.min(sizeMax - position, 2 * CHUNK + 2) + 1);
                    switch (random.nextInt(5)) {
                        case 0, 1 -> {
                            byte value = (byte) random.nextInt();
                            file.write(position, filled(Math.max(1, length), value), 0, length);
                            Arrays.fill(model, position, position + length, value);
                            size = length == 0 ? size : Math.max(size, position + length);
                        }
                        case 2 -> {
                            file.truncate(position);
                            Arrays.fill(model, position, sizeMax, (byte) 0);
                            size = position;
                        }
                        case 3 -> {
                            file.punch(position, length);
                            Arrays.fill(model, position, position + length, (byte) 0);
                        }
                        default -> {
                            file.allocate(position, length);
                            size = length == 0 ? size : Math.max(size, position + length);
                        }
                    }
                    assertEquals(size, file.size());
                    assertEquals(size, file.read(0, memory, 0, sizeMax));
                    assertEquals(-1, memory.asSlice(0, size).mismatch(MemorySegment.ofArray(model).asSlice(0, size)));
                }
            }
        });
    }
}
