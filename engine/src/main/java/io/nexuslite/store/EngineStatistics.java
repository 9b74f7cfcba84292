package io.nexuslite.store;

/**
 * A reading of the engine's counters, each since opening unless it is a level.
 *
 * @param filledHorizon newest commit applied
 * @param durableHorizon newest commit on disk
 * @param checkpointCsn commit of the last checkpoint
 * @param manifestNumber newest durable manifest
 * @param commits transactions committed
 * @param logBytes bytes written to the log, padding included
 * @param logGroups groups written to the log
 * @param logSyncs flushes of the log
 * @param checkpoints checkpoints completed
 * @param pagesWritten pages written by checkpoints
 * @param pagesRead pages read into frames
 * @param framesUsed frames in use, a level
 * @param framesDirty frames that hold what no checkpoint has written, a level
 * @param framesEvicted frames given back under pressure
 * @param fileBytes bytes of the database file, a level
 * @param freeBytes bytes of it that are free or pending, a level
 * @param logFileBytes bytes of the log file, a level
 * @param memoryBytes bytes reserved from the memory budget, a level
 * @param snapshots open snapshots, a level
 */
public record EngineStatistics(long filledHorizon, long durableHorizon, long checkpointCsn, long manifestNumber,
        long commits,
        long logBytes, long logGroups, long logSyncs, long checkpoints, long pagesWritten, long pagesRead,
        long framesUsed,
        long framesDirty, long framesEvicted, long fileBytes, long freeBytes, long logFileBytes, long memoryBytes,
        long snapshots) {
}
