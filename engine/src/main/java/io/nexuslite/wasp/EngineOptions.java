package io.nexuslite.wasp;

import io.nexuslite.format.FileLayout;

/**
 * Settings of one opening.
 *
 * @param readOnly nothing is written, not even when a crash left a log to finish
 * @param durability when a commit returns
 * @param groupIntervalNanos in GROUP: longest time until what is in the kernel is flushed
 * @param pageSize bytes of a page, for a new database
 * @param memoryBytesMax budget for page frames, old versions and buffers
 * @param logExtentBytes bytes of a log extent, a multiple of 64 KiB
 * @param logBytesMax hard cap of the log file, at least four extents
 * @param logRingBytes bytes of log frames under way in memory, a power of two
 * @param checkpointIntervalNanos longest time between checkpoints while something is written
 * @param checkpointLogBytes a checkpoint begins once this much log has been written since the last
 * @param dirtyBytesMax a checkpoint begins once this much of the frames is not on disk
 * @param reserveBytesMin the least that is kept back for a full disk
 * @param background false: nothing happens by itself, for tests that take one step after the other
 */
public record EngineOptions(boolean readOnly, Durability durability, long groupIntervalNanos, int pageSize,
        long memoryBytesMax,
        int logExtentBytes, long logBytesMax, int logRingBytes, long checkpointIntervalNanos, long checkpointLogBytes,
        long dirtyBytesMax, long reserveBytesMin, boolean background) {

    /** When a commit returns. */
    public enum Durability {
        /** On disk. */
        SYNC,
        /** In the kernel: survives the end of the process, not a loss of power within the interval. */
        GROUP,
        /** Visible to others: survives nothing until written by timer or size. */
        NONE
    }

    private static final long MIB = 1024 * 1024;

    /** What a database is opened with unless told otherwise. */
    public static EngineOptions defaults() {
        return new EngineOptions(false, Durability.SYNC, 10_000_000, FileLayout.PAGE_SIZE_DEFAULT, 512 * MIB,
                (int) (16 * MIB),
                512 * MIB, (int) (8 * MIB), 60_000_000_000L, 192 * MIB, 256 * MIB, 16 * MIB, true);
    }
}
