package io.nexuslite.wasp.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.ForeignLogException;
import io.nexuslite.error.IncompatibleFormatException;
import io.nexuslite.error.IoFailedException;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.LogFileLayout;
import io.nexuslite.format.LogFrameLayout;
import io.nexuslite.format.LogGroupLayout;
import io.nexuslite.io.CallKind;
import io.nexuslite.io.Fault;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.io.FileImage;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bytes that no writer wrote, with checksums that are right: typed errors, bounded memory, an end. */
class LogReaderHostileTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private final FaultyHost host = new FaultyHost(seed.value());
    private final SplittableRandom random = seed.random("hostile");
    private final Crc32c crc = new Crc32c();

    private LogRun.Flip write(int commits) {
        try (LogRun run = new LogRun(host, LogRun.options(LogDurability.SYNC, 4, 16 * 1024), LogLie.NONE)) {
            for (int i = 0; i < commits; i++) {
                run.log.awaitDone(run.append(random, random.nextInt(300), 5));
            }
            return run.flips.getLast();
        }
    }

    private LogEnd read(LogRun.Flip flip, MemoryBudget budget) {
        long[] sum = new long[1];
        try (LogReader reader = LogReader.open(host, LogRun.PATH, LogRun.ID, budget)) {
            reader.checkManifest(flip.number());
            LogEnd end = reader.verify(flip.anchor(), flip.csn());
            reader.replay(new LogVisitor() {
                @Override
                public void frame(long csn, byte kind, byte flags, int treeId, MemorySegment memory, long offset,
                        int length) {
                    for (int i = 0; i < length; i++) {
                        sum[0] += memory.get(ValueLayout.JAVA_BYTE, offset + i);
                    }
                }

                @Override
                public void commit(long csn) {
                    sum[0]++;
                }
            });
            return end;
        } finally {
            assertEquals(0, budget.total());
            assertEquals(0, host.openFiles());
        }
    }

    @Test
    void rightChecksumsOverWrongBytesEndInTypedErrors() {
        LogRun.Flip flip = write(12);
        byte[] original = host.copy(LogRun.PATH).bytes();
        int refused = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = arena.allocate(original.length, 8);
            for (int i = 0, end = Seed.scaled(1500); i < end; i++) {
                MemorySegment.copy(original, 0, file, ValueLayout.JAVA_BYTE, 0, original.length);
                for (int change = 0, changes = 1 + random.nextInt(3); change < changes; change++) {
                    spoil(file);
                }
                host.plant(LogRun.PATH, FileImage.of(file.toArray(ValueLayout.JAVA_BYTE)));
                try {
                    read(flip, new MemoryBudget(64 << 20));
                } catch (CorruptionException | ForeignLogException | IncompatibleFormatException typed) {
                    refused++;
                }
            }
        }
        assertTrue(refused > 0);
    }

    /** Changes a field of a header, a frame or the file's header, and makes the checksums right again. */
    private void spoil(MemorySegment file) {
        long group = LogFileLayout.EXTENTS_POSITION + random.nextInt(14) * 4096L;
        if (random.nextInt(10) == 0) {
            file.set(ValueLayout.JAVA_INT_UNALIGNED, 8 + 4L * random.nextInt(10), odd());
            int right = crc.of(file, 0, LogFileLayout.CHECKSUM_OFFSET);
            file.set(ValueLayout.JAVA_INT_UNALIGNED, LogFileLayout.CHECKSUM_OFFSET, right);
            return;
        }
        if (random.nextBoolean()) {
            file.set(ValueLayout.JAVA_INT_UNALIGNED, group + 4L * random.nextInt(32), odd());
        } else {
            file.set(ValueLayout.JAVA_INT_UNALIGNED, group + LogGroupLayout.HEADER_SIZE + 4L * random.nextInt(24),
                    odd());
        }
        int length = file.get(ValueLayout.JAVA_INT_UNALIGNED, group + LogGroupLayout.LENGTH_OFFSET);
        if (length > LogGroupLayout.HEADER_SIZE && length <= file.byteSize() - group) {
            int body = crc.of(file, group + LogGroupLayout.HEADER_SIZE, length - LogGroupLayout.HEADER_SIZE);
            file.set(ValueLayout.JAVA_INT_UNALIGNED, group + LogGroupLayout.BODY_CHECKSUM_OFFSET, body);
        }
        int header = crc.of(file, group, LogGroupLayout.HEADER_CHECKSUM_OFFSET);
        file.set(ValueLayout.JAVA_INT_UNALIGNED, group + LogGroupLayout.HEADER_CHECKSUM_OFFSET, header);
    }

    private int odd() {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> Integer.MAX_VALUE;
            case 3 -> 1 << random.nextInt(32);
            case 4 -> random.nextInt(256);
            default -> random.nextInt();
        };
    }

    @Test
    void aLengthThatLiesTakesNoMemory() {
        LogRun.Flip flip = write(3);
        byte[] original = host.copy(LogRun.PATH).bytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = arena.allocate(original.length, 8);
            MemorySegment.copy(original, 0, file, ValueLayout.JAVA_BYTE, 0, original.length);
            long group = LogFileLayout.EXTENTS_POSITION + 4096;
            file.set(ValueLayout.JAVA_INT_UNALIGNED, LogFileLayout.EXTENT_SIZE_OFFSET, LogFileLayout.EXTENT_LENGTH_MAX);
            file.set(ValueLayout.JAVA_INT_UNALIGNED, LogFileLayout.CHECKSUM_OFFSET,
                    crc.of(file, 0, LogFileLayout.CHECKSUM_OFFSET));
            file.set(ValueLayout.JAVA_INT_UNALIGNED, group + LogGroupLayout.LENGTH_OFFSET, LogGroupLayout.LENGTH_MAX);
            file.set(ValueLayout.JAVA_INT_UNALIGNED, group + LogGroupLayout.HEADER_CHECKSUM_OFFSET,
                    crc.of(file, group, LogGroupLayout.HEADER_CHECKSUM_OFFSET));
            host.plant(LogRun.PATH, FileImage.of(file.toArray(ValueLayout.JAVA_BYTE)));
        }
        assertThrows(CorruptionException.class, () -> read(flip, new MemoryBudget(2 << 20))); // a later group witnesses more
    }

    @Test
    void frameThatBreaksTheFormatIsNoTornTail() {
        LogRun.Flip flip = write(3);
        byte[] original = host.copy(LogRun.PATH).bytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = arena.allocate(original.length, 8);
            MemorySegment.copy(original, 0, file, ValueLayout.JAVA_BYTE, 0, original.length);
            long group = LogFileLayout.EXTENTS_POSITION + 3 * 4096; // the last one: nothing witnesses it
            file.set(ValueLayout.JAVA_BYTE, group + LogGroupLayout.HEADER_SIZE + LogFrameLayout.KIND_OFFSET, (byte) 99);
            file.set(ValueLayout.JAVA_INT_UNALIGNED, group + LogGroupLayout.BODY_CHECKSUM_OFFSET,
                    crc.of(file, group + LogGroupLayout.HEADER_SIZE, 4096 - LogGroupLayout.HEADER_SIZE));
            file.set(ValueLayout.JAVA_INT_UNALIGNED, group + LogGroupLayout.HEADER_CHECKSUM_OFFSET,
                    crc.of(file, group, LogGroupLayout.HEADER_CHECKSUM_OFFSET));
            host.plant(LogRun.PATH, FileImage.of(file.toArray(ValueLayout.JAVA_BYTE)));
        }
        CorruptionException broken = assertThrows(CorruptionException.class,
                () -> read(flip, new MemoryBudget(8 << 20)));
        assertTrue(broken.getMessage().contains("kind 99"), broken.getMessage());
        assertEquals(LogFileLayout.EXTENTS_POSITION + 3 * 4096, broken.position());
    }

    @Test
    void anyPrefixOfTheFileEndsOrIsRefused() {
        LogRun.Flip flip = write(6);
        byte[] original = host.copy(LogRun.PATH).bytes();
        for (int length = 0; length <= original.length; length += 1 + random.nextInt(3000)) {
            host.plant(LogRun.PATH, FileImage.of(java.util.Arrays.copyOf(original, length)));
            try {
                assertTrue(read(flip, new MemoryBudget(8 << 20)).lastCsn() <= 6);
            } catch (ForeignLogException refused) {
                assertTrue(length < LogFileLayout.EXTENTS_POSITION + 4096, "refused at " + length);
            }
        }
    }

    @Test
    void eitherCopyOfTheHeaderServesAndAForeignOneIsRefused() {
        LogRun.Flip flip = write(3);
        byte[] original = host.copy(LogRun.PATH).bytes();
        host.flipBit(LogRun.PATH, 20, 1);
        assertEquals(3, read(flip, new MemoryBudget(8 << 20)).lastCsn());
        host.flipBit(LogRun.PATH, LogFileLayout.HEADER_COPY_POSITION + 20, 1);
        assertThrows(ForeignLogException.class, () -> read(flip, new MemoryBudget(8 << 20)));
        host.flipBit(LogRun.PATH, 20, 1);
        assertEquals(3, read(flip, new MemoryBudget(8 << 20)).lastCsn());
        host.plant(LogRun.PATH, FileImage.of(original));
        assertThrows(ForeignLogException.class,
                () -> LogReader.open(host, LogRun.PATH, new UUID(1, 1), new MemoryBudget(8 << 20)));
        Anchor other = new Anchor(99, flip.anchor().position(), flip.anchor().end(), flip.anchor().checksum());
        assertThrows(ForeignLogException.class,
                () -> read(new LogRun.Flip(flip.number(), other, flip.csn()), new MemoryBudget(8 << 20)));
    }

    /** A read error is not the end of the log. */
    @Test
    void everyReadErrorIsReported() {
        LogRun.Flip flip = write(6);
        for (int n = 1;; n++) {
            Fault fault = host.plan(Fault.of(CallKind.READ).nth(n));
            try {
                assertEquals(6, read(flip, new MemoryBudget(8 << 20)).lastCsn());
                assertEquals(0, fault.fired());
                assertTrue(n > 3);
                return;
            } catch (IoFailedException reported) {
                assertEquals(1, fault.fired());
                host.clearFaults();
            }
        }
    }
}
