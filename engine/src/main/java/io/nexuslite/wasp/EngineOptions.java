package io.nexuslite.wasp;

import io.nexuslite.format.FileLayout;
import io.nexuslite.wasp.log.LogDurability;
import io.nexuslite.wasp.log.LogOptions;

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
public record EngineOptions(boolean readOnly, LogDurability durability, long groupIntervalNanos, int pageSize,
        long memoryBytesMax,
        int logExtentBytes, long logBytesMax, int logRingBytes, long checkpointIntervalNanos, long checkpointLogBytes,
        long dirtyBytesMax, long reserveBytesMin, boolean background) {

    private static final long MIB = 1024 * 1024;

    /** What a database is opened with unless told otherwise. */
    public static EngineOptions defaults() {
        return new EngineOptions(false, LogDurability.SYNC, 10_000_000, FileLayout.PAGE_SIZE_DEFAULT, 512 * MIB,
                (int) (16 * MIB),
                512 * MIB, (int) (8 * MIB), 60_000_000_000L, 192 * MIB, 256 * MIB, 16 * MIB, true);
    }

    /** The log's part. */
    LogOptions log() {
        return new LogOptions(durability, logExtentBytes, logBytesMax, logRingBytes);
    }

    /** The same with another log. */
    public EngineOptions withLog(int extentBytes, long bytesMax, int ringBytes) {
        return new EngineOptions(readOnly, durability, groupIntervalNanos, pageSize, memoryBytesMax, extentBytes,
                bytesMax,
                ringBytes, checkpointIntervalNanos, Math.min(checkpointLogBytes, bytesMax / 2), dirtyBytesMax,
                reserveBytesMin,
                background);
    }

    /** The same with another reserve. */
    public EngineOptions withReserve(long bytes) {
        return new EngineOptions(readOnly, durability, groupIntervalNanos, pageSize, memoryBytesMax, logExtentBytes,
                logBytesMax,
                logRingBytes, checkpointIntervalNanos, checkpointLogBytes, dirtyBytesMax, bytes, background);
    }

    /** The same with another budget. */
    public EngineOptions withMemory(long bytesMax) {
        return new EngineOptions(readOnly, durability, groupIntervalNanos, pageSize, bytesMax, logExtentBytes,
                logBytesMax,
                logRingBytes, checkpointIntervalNanos, checkpointLogBytes, dirtyBytesMax, reserveBytesMin, background);
    }

    /** The same with another durability. */
    public EngineOptions withDurability(LogDurability newDurability) {
        return new EngineOptions(readOnly, newDurability, groupIntervalNanos, pageSize, memoryBytesMax, logExtentBytes,
                logBytesMax, logRingBytes, checkpointIntervalNanos, checkpointLogBytes, dirtyBytesMax, reserveBytesMin,
                background);
    }

    /** The same without anything that happens by itself, for tests that take one step after the other. */
    public EngineOptions withoutBackground() {
        return new EngineOptions(readOnly, durability, groupIntervalNanos, pageSize, memoryBytesMax, logExtentBytes,
                logBytesMax,
                logRingBytes, checkpointIntervalNanos, checkpointLogBytes, dirtyBytesMax, reserveBytesMin, false);
    }

    /** The same with its background threads. */
    public EngineOptions withBackground() {
        return new EngineOptions(readOnly, durability, groupIntervalNanos, pageSize, memoryBytesMax, logExtentBytes,
                logBytesMax,
                logRingBytes, checkpointIntervalNanos, checkpointLogBytes, dirtyBytesMax, reserveBytesMin, true);
    }

    /** The same for reading only. */
    public EngineOptions asReadOnly() {
        return new EngineOptions(true, durability, groupIntervalNanos, pageSize, memoryBytesMax, logExtentBytes,
                logBytesMax,
                logRingBytes, checkpointIntervalNanos, checkpointLogBytes, dirtyBytesMax, reserveBytesMin, background);
    }
}
