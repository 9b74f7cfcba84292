package io.nexuslite.wasp;

import io.nexuslite.format.LogFileLayout;
import io.nexuslite.format.LogGroupLayout;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.FileImage;
import io.nexuslite.io.FaultyHost;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** A loss of power that keeps of one file exactly the unflushed sectors that a scene wants, and of the others none. */
final class SectorMix {
    static final int SECTOR = 512;

    private SectorMix() {
    }

    /**
     * Another world as the loss leaves it. Every sector that is not durable may survive or not, so this is one of the images that a {@link
     * CrashPolicy} with sectors of its own makes by chance.
     *
     * @param survives sector numbers whose newest content has reached the medium
     */
    static CrashWorld image(CrashWorld world, long seed, Path file, IntPredicate survives) {
        return image(world, seed, file, world.host().copy(file).size(), survives);
    }

    /** As {@link #image}; the file ends where it has durably ended. */
    static CrashWorld imageOfSizeDurable(CrashWorld world, long seed, Path file, IntPredicate survives) {
        return image(world, seed, file, world.host().copyDurable(file).size(), survives);
    }

    private static CrashWorld image(CrashWorld world, long seed, Path file, long size, IntPredicate survives) {
        FaultyHost host = world.host();
        byte[] mixed = Arrays.copyOf(host.copyDurable(file).bytes(), Math.toIntExact(size));
        byte[] cache = host.copy(file).bytes();
        for (int at = 0; at < Math.min(cache.length, mixed.length); at += SECTOR) {
            if (survives.test(at / SECTOR)) {
                System.arraycopy(cache, at, mixed, at, Math.min(SECTOR, Math.min(cache.length, mixed.length) - at));
            }
        }
        CrashWorld image = world.image(seed, CrashPolicy.LOSE_UNSYNCED);
        image.host().plant(file, FileImage.of(mixed));
        return image;
    }

    /** Whether a sector of a log holds the start of a group. */
    static boolean holdsGroupHeader(byte[] log, int sector) {
        ByteBuffer bytes = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = sector * SECTOR; at < Math.min(log.length,
                (sector + 1) * SECTOR); at += LogGroupLayout.ALIGNMENT) {
            if (at >= LogFileLayout.EXTENTS_POSITION
                    && bytes.getLong(at + LogGroupLayout.MAGIC_OFFSET) == LogGroupLayout.MAGIC) {
                return true;
            }
        }
        return false;
    }
}
