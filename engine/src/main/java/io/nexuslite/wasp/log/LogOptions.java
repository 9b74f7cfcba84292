package io.nexuslite.wasp.log;

import io.nexuslite.format.LogFileLayout;

/**
 * Settings of a log.
 *
 * @param durability when a commit counts as done
 * @param extentBytes bytes of a log extent: a multiple of 64 KiB, at most 256 MiB
 * @param bytesMax hard cap of all log extents together: at least four
 * @param ringBytes bytes of frames under way in memory: a power of two, at least 16 KiB
 * @param groupBytesMax bytes of the buffer in which a group is made: a multiple of 64 KiB up to 32 MiB and an extent; a frame is at most this less
 *     8 KiB
 */
public record LogOptions(LogDurability durability, int extentBytes, long bytesMax, int ringBytes, int groupBytesMax) {
    private static final int KIB = 1024;
    private static final int EXTENTS_MIN = 4;
    private static final int RING_BYTES_MIN = 16 * KIB;
    private static final int GROUP_BYTES_MAX = 32 * KIB * KIB;

    /** Checks the ranges. */
    public LogOptions {
        if (extentBytes <= 0 || extentBytes % LogFileLayout.EXTENT_ALIGNMENT != 0
                || extentBytes > LogFileLayout.EXTENT_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "extentBytes must be a multiple of 64 KiB up to 256 MiB: " + extentBytes);
        }
        if (bytesMax / extentBytes < EXTENTS_MIN || bytesMax / extentBytes > 1 << 20) {
            throw new IllegalArgumentException("bytesMax must be 4 to 1,048,576 extents: " + bytesMax);
        }
        if (Integer.bitCount(ringBytes) != 1 || ringBytes < RING_BYTES_MIN) {
            throw new IllegalArgumentException("ringBytes must be a power of two of at least 16 KiB: " + ringBytes);
        }
        if (groupBytesMax <= 0 || groupBytesMax % (64 * KIB) != 0
                || groupBytesMax > Math.min(GROUP_BYTES_MAX, extentBytes)) {
            throw new IllegalArgumentException(
                    "groupBytesMax must be a multiple of 64 KiB up to 32 MiB and an extent: " + groupBytesMax);
        }
    }

    /** With the usual group buffer: 2 MiB, or an extent if that is less. */
    public LogOptions(LogDurability durability, int extentBytes, long bytesMax, int ringBytes) {
        this(durability, extentBytes, bytesMax, ringBytes, Math.min(extentBytes, 2 * KIB * KIB));
    }

    /** SYNC, extents of 16 MiB, 512 MiB at most, a ring of 8 MiB. */
    public static LogOptions defaults() {
        return new LogOptions(LogDurability.SYNC, 16 * KIB * KIB, 512L * KIB * KIB, 8 * KIB * KIB);
    }

    int extentCountMax() {
        return (int) (bytesMax / extentBytes);
    }
}
