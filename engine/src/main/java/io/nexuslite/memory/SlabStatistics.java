package io.nexuslite.memory;

/**
 * What a slab allocator holds, as one reader saw it: exact when nobody allocates, close to it otherwise.
 *
 * @param use what its memory is reserved for
 * @param cellSize bytes of a cell, or 0 in the sum over all classes
 * @param cells cells that callers hold
 * @param usedBytes bytes that callers asked for and hold
 * @param cellBytes bytes of the cells that hold them; the difference to {@code usedBytes} is lost to rounding
 * @param reservedBytes bytes of all slabs; the difference to {@code cellBytes} is free or lost at the end of a slab
 */
public record SlabStatistics(MemoryUse use, int cellSize, long cells, long usedBytes, long cellBytes,
        long reservedBytes) {

    /** Bytes reserved and not asked for by anybody. */
    public long slackBytes() {
        return reservedBytes - usedBytes;
    }
}
