package io.nexuslite;

/**
 * A reading of a database's counters, each since opening unless it is a level.
 *
 * @param filledHorizon newest commit applied
 * @param durableHorizon newest commit on disk
 * @param checkpointCommit commit up to which the database file holds everything
 * @param commits transactions committed
 * @param conflicts transactions that were run again because of a conflict
 * @param logBytes bytes written to the log
 * @param logSyncs flushes of the log
 * @param checkpoints checkpoints completed
 * @param pagesWritten pages written by checkpoints
 * @param pagesRead pages read
 * @param fileBytes bytes of the database file, a level
 * @param freeBytes bytes of it that are free, a level
 * @param logFileBytes bytes of the log file, a level
 * @param memoryBytes bytes of memory off-heap, a level
 * @param snapshots open snapshots, those of running queries included, a level
 * @param ephemeralDocuments documents with an expiry that have not been removed, a level
 */
public record DatabaseStatistics(long filledHorizon, long durableHorizon, long checkpointCommit, long commits,
        long conflicts, long logBytes, long logSyncs, long checkpoints, long pagesWritten, long pagesRead,
        long fileBytes, long freeBytes, long logFileBytes, long memoryBytes, long snapshots, long ephemeralDocuments) {
}
