package io.nexuslite.wasp.log;

/**
 * A reading of a log's counters, each since it was created unless it is a level.
 *
 * @param bytes written, headers and padding included; zeros of new extents are not counted
 * @param groups written, bare ones included
 * @param bareGroups written without frames
 * @param syncs flushes, ranged ones included
 * @param rangedSyncs flushes that were one O_DSYNC write
 * @param logPosition where the next group goes, a level
 * @param durablePosition all groups below it are flushed, a level
 * @param fileBytes size of the file, a level
 * @param roomBytes what transactions can still reserve without growth or a checkpoint, a level
 * @param bytesSinceAnchor bytes of the log that the newest manifest does not hold, a level
 * @param extents log extents of the file, a level
 * @param freeExtents log extents that hold nothing needed, a level
 */
public record LogStatistics(long bytes, long groups, long bareGroups, long syncs, long rangedSyncs, long logPosition,
        long durablePosition, long fileBytes, long roomBytes, long bytesSinceAnchor, int extents, int freeExtents) {
}
