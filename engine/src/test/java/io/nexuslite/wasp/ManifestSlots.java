package io.nexuslite.wasp;

import io.nexuslite.format.FileLayout;
import io.nexuslite.format.ManifestLayout;
import io.nexuslite.io.FileImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/** Reads manifest slots out of an image of the database file, by the format's page alone. */
final class ManifestSlots {
    /** One readable slot. */
    record Slot(long number, boolean clean, long position, long checkpointCsn, long generation,
            long anchorPosition, long anchorEnd) {
    }

    private ManifestSlots() {
    }

    /** The readable slot with the highest number. */
    static Slot newest(FileImage image) {
        byte[] bytes = image.bytes();
        Slot newest = null;
        for (int index = 0; index < FileLayout.MANIFEST_SLOTS; index++) {
            Slot slot = read(bytes, (int) FileLayout.manifestPosition(index));
            if (slot != null && (newest == null || slot.number() > newest.number())) {
                newest = slot;
            }
        }
        return newest;
    }

    private static Slot read(byte[] bytes, int position) {
        if (bytes.length < position + FileLayout.BLOCK_SIZE) {
            return null;
        }
        ByteBuffer slot = ByteBuffer.wrap(bytes, position, FileLayout.BLOCK_SIZE).slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        crc.update(bytes, position, FileLayout.BLOCK_SIZE - Integer.BYTES);
        if (slot.getInt(FileLayout.BLOCK_SIZE - Integer.BYTES) != (int) crc.getValue()
                || slot.getLong(ManifestLayout.MANIFEST_NUMBER_OFFSET) == 0) {
            return null;
        }
        return new Slot(slot.getLong(ManifestLayout.MANIFEST_NUMBER_OFFSET),
                slot.get(ManifestLayout.STATE_OFFSET) == ManifestLayout.STATE_CLEAN, position,
                slot.getLong(ManifestLayout.CHECKPOINT_CSN_OFFSET), slot.getLong(ManifestLayout.LOG_GENERATION_OFFSET),
                slot.getLong(ManifestLayout.ANCHOR_POSITION_OFFSET), slot.getLong(ManifestLayout.ANCHOR_END_OFFSET));
    }

    /** Position of a random byte that is not zero. */
    static long usedByte(FileImage image, SplittableRandom random) {
        return usedByte(image.bytes(), random);
    }

    /** As {@link #usedByte(FileImage, SplittableRandom)}. */
    static int usedByte(byte[] bytes, SplittableRandom random) {
        int start = random.nextInt(bytes.length);
        for (int index = 0; index < bytes.length; index++) {
            int at = (start + index) % bytes.length;
            if (bytes[at] != 0) {
                return at;
            }
        }
        return 0;
    }
}
