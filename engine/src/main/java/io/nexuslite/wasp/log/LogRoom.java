package io.nexuslite.wasp.log;

import io.nexuslite.format.LogGroupLayout;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of the file that transactions may still reserve.
 *
 * <p>{@code free} = bytes of usable extents − what is written (rounded up to whole blocks) − what is reserved − one minimal group. A transaction
 * reserves what it would take if it were flushed alone, with headers, padding and the waste at an extent's end; the leader gives back what
 * sharing saved. So a transaction that has claimed always finds room (L5), and a minimal group stays free (L6).
 *
 * <p>The minimal group may be taken by the witness of a flip that frees an extent: {@code free} is then below zero until it does.
 */
final class LogRoom {
    private final AtomicLong free = new AtomicLong();
    private final long extentBytes;
    private final int extentCountMax;
    private final int blockBytes;
    private final int groupBytes; // of frames, in the leader's buffer
    private final boolean reserves; // unless a test wants otherwise

    /** @param blockBytes what a flush pads to, and the size of a minimal group */
    LogRoom(LogOptions options, int blockBytes, LogLie lie) {
        reserves = lie != LogLie.NO_RESERVE;
        this.blockBytes = blockBytes;
        extentBytes = options.extentBytes();
        extentCountMax = options.extentCountMax();
        groupBytes = options.groupBytesMax() - LogGroupLayout.HEADER_SIZE - blockBytes;
        free.set(reserves ? -blockBytes : 0);
    }

    /** Longest frame. */
    int frameBytesMax() {
        return groupBytes;
    }

    /** Longest transaction: half of the log. */
    long lengthMax() {
        return extentCountMax * extentBytes / 2;
    }

    /** Most that can ever be reserved: the extent of the anchor stays, and two minimal groups. */
    long costMax() {
        return (extentCountMax - 1) * extentBytes - 2L * blockBytes;
    }

    /**
     * Most bytes that frames of this length take in the file, flushed alone. Of two groups, and of two extents, one behind the other, the frames
     * fill more than one, since the next frame did not fit into the first.
     *
     * @param frame bytes of the longest of them
     */
    long cost(long length, int frame) {
        if (!reserves) {
            return LogBytes.roundUp(length + LogGroupLayout.HEADER_SIZE, blockBytes);
        }
        long groups = 2 + 2 * length / groupBytes;
        long crossings = 1 + 2 * length / extentBytes;
        long waste = LogBytes.roundUp(frame + 2L * LogGroupLayout.HEADER_SIZE, blockBytes);
        return LogBytes.roundUp(length + groups * 2 * LogGroupLayout.HEADER_SIZE, blockBytes) + blockBytes
                + crossings * waste;
    }

    boolean tryReserve(long bytes) {
        long before;
        do {
            before = free.get();
            if (before < bytes) {
                return false;
            }
        } while (!free.compareAndSet(before, before - bytes));
        return true;
    }

    /** Takes the minimal group: the caller knows that an extent will be freed. */
    void takeMinimalGroup() {
        free.addAndGet(-blockBytes);
    }

    /** Gives back, or adds, {@code bytes}. */
    void add(long bytes) {
        free.addAndGet(bytes);
    }

    long free() {
        return free.get();
    }
}
