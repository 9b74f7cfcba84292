package io.nexuslite.wasp.log;

import io.nexuslite.format.Crc32c;
import io.nexuslite.format.LogFrameLayout;
import io.nexuslite.format.LogGroupLayout;
import io.nexuslite.io.StoreFile;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;

/**
 * Cuts frames into groups, gives these their log positions, and writes and flushes them. All methods are the leader's: whoever holds the baton.
 *
 * <p>State: the log's end and its last group; the last group that is flushed, and the log position behind it (D); which manifest the headers
 * written so far name, and those flushed. A failure of any method leaves the state undefined: the caller poisons. Volatile fields are
 * for statistics; all else is handed on with the baton.
 */
final class LogWriter implements AutoCloseable {
    private final StoreFile file;
    private final LogFileHeader fileHeader;
    private final LogExtents extents;
    private final LogRoom room;
    private final LogRing ring;
    private final LogLie lie;
    private final int blockBytes;
    private final int groupBytes;
    private final NativeBuffer buffer;
    private final MemorySegment memory;
    private final Crc32c crc = new Crc32c();
    private final GroupHeader header = new GroupHeader();

    private volatile long end; // log position of the next group; behind the last one written
    private long lastPosition; // of the group written last
    private int lastChecksum;
    private long lastCsn; // of the last frame written
    private volatile long durableEnd; // log position behind the group flushed last (D)
    private long durablePosition; // its own
    private int durableChecksum;
    private boolean framesUnflushed;
    private boolean framesInLastFlush;
    private volatile FlippedManifest newest; // durable manifest that new headers witness
    private FlippedManifest written; // as the newest header witnesses it
    private volatile long witnessedManifest; // as a flushed header witnesses it

    private int groupLength; // of the group under construction, header included; 0 = none
    private int groupFrames;
    private int writesSinceFlush;
    private volatile long bytes;
    private volatile long groups;
    private volatile long bareGroups;
    private volatile long syncs;
    private volatile long rangedSyncs;

    /** A manifest whose slot was flushed, and the anchor that it names. */
    private record FlippedManifest(long number, long anchorPosition) {
    }

    LogWriter(StoreFile file, LogFileHeader fileHeader, LogOptions options, LogExtents extents, LogRoom room,
            LogRing ring, int blockBytes, long lastCsn, LogLie lie) {
        this.file = file;
        this.fileHeader = fileHeader;
        this.extents = extents;
        this.room = room;
        this.ring = ring;
        this.lie = lie;
        this.blockBytes = blockBytes;
        this.lastCsn = lastCsn;
        groupBytes = options.groupBytesMax();
        newest = new FlippedManifest(0, 0);
        written = newest;
        buffer = new NativeBuffer(groupBytes);
        memory = buffer.memory();
    }

    /** Writes group 0, which is bare; the caller flushes the file. */
    void writeFirstGroup() {
        writeBare(blockBytes);
        room.add(-end);
        noteDurable();
    }

    /** Writes all frames of the marked numbers up to {@code toCsn}, and releases their places in the ring. Does not flush. */
    void write(long toCsn) {
        append(toCsn, false);
    }

    /** As {@link #write}, then flushes: everything up to the log's end is on disk when it returns. */
    void writeAndFlush(long toCsn) {
        append(toCsn, true);
    }

    /** Writes a bare group and flushes. The caller has reserved a minimal group. */
    void writeWitness() {
        long before = end;
        writeBare(blockBytes - (int) (end % blockBytes));
        room.add(blockBytes - chargedSince(before));
        flush();
    }

    private void append(long toCsn, boolean flush) {
        long before = end;
        long costs = 0;
        long lsn = ring.releasedLsn();
        for (long csn = ring.releasedCsn() + 1; csn <= toCsn; csn++) {
            long frameEnd = ring.end(csn);
            if (frameEnd == lsn) {
                addOutside(ring.outside(csn), csn);
            }
            while (lsn < frameEnd) {
                int frame = ring.frameLength(lsn);
                makeRoom(frame, csn);
                ring.copyOut(lsn, memory, groupLength, frame);
                lsn += frame;
                groupLength += frame;
                groupFrames++;
            }
            costs += ring.cost(csn);
            lastCsn = csn;
        }
        boolean ranged = false;
        if (groupLength > 0) {
            int padTo = flush ? blockBytes : LogGroupLayout.ALIGNMENT;
            ranged = flush && (writesSinceFlush == 0 || lie == LogLie.RANGED_FLUSH);
            closeGroup((int) (LogBytes.roundUp(end + groupLength, padTo) - end), ranged);
        }
        if (flush && writesSinceFlush > 0 && !ranged && end % blockBytes != 0) {
            writeBare(blockBytes - (int) (end % blockBytes));
        }
        ring.release(lsn, Math.max(toCsn, ring.releasedCsn()));
        room.add(costs - chargedSince(before));
        if (ranged) {
            rangedSyncs++;
            flushed();
        } else if (flush && writesSinceFlush > 0) {
            flush();
        }
    }

    private void addOutside(TransactionFrames frames, long csn) {
        MemorySegment source = frames.memory();
        int at = 0;
        while (at < frames.length()) {
            int frame = LogFrameLayout.paddedLength(source.get(LogBytes.INT, at));
            makeRoom(frame, csn);
            MemorySegment.copy(source, at, memory, groupLength, frame);
            at += frame;
            groupLength += frame;
            groupFrames++;
        }
        ring.forgetOutside();
    }

    /** Makes sure that a frame fits behind what the group under construction has; begins a group if there is none. */
    private void makeRoom(int frame, long csn) {
        if (groupLength > 0 && groupLength + frame > Math.min(extents.remaining(end), groupBytes - blockBytes)) {
            boolean extentFull = extents.remaining(end) < groupBytes - blockBytes;
            closeGroup(
                    extentFull ? extents.remaining(end) : (int) LogBytes.roundUp(groupLength, LogGroupLayout.ALIGNMENT),
                    false);
        }
        if (groupLength == 0) {
            if (LogGroupLayout.HEADER_SIZE + frame > extents.remaining(end)) {
                writeBare(extents.remaining(end));
            }
            header.firstCsn = csn;
            groupLength = LogGroupLayout.HEADER_SIZE;
        }
        header.lastCsn = csn;
        lastCsn = csn; // a bare group in the middle of a transaction follows this frame
    }

    private void writeBare(int length) {
        header.firstCsn = lastCsn + 1;
        header.lastCsn = lastCsn;
        groupLength = LogGroupLayout.HEADER_SIZE;
        closeGroup(length, false);
        bareGroups++;
    }

    /** Pads the group under construction to {@code length} and writes it, durably on its own if {@code ranged}. */
    private void closeGroup(int length, boolean ranged) {
        LogBytes.zero(memory, groupLength, length - groupLength);
        extents.enter(end);
        FlippedManifest witness = newest;
        header.generation = fileHeader.generation();
        header.logPosition = end;
        header.filePosition = extents.filePosition(end);
        header.length = length;
        header.framesLength = groupLength - LogGroupLayout.HEADER_SIZE;
        header.frameCount = groupFrames;
        header.previousChecksum = lastChecksum; // 0 for group 0
        header.witnessPosition = durableEnd;
        header.witnessManifest = witness.number();
        header.bodyChecksum = crc.of(memory, LogGroupLayout.HEADER_SIZE, length - LogGroupLayout.HEADER_SIZE);
        header.encode(memory, 0, crc);
        if (ranged) {
            file.writeDurable(header.filePosition, memory, 0, length);
        } else {
            file.write(header.filePosition, memory, 0, length);
        }
        framesUnflushed |= groupFrames > 0;
        groupLength = 0;
        groupFrames = 0;
        lastPosition = end;
        lastChecksum = header.headerChecksum;
        end = lastPosition + length;
        written = witness;
        writesSinceFlush++;
        bytes += length;
        groups++;
    }

    private void flush() {
        if (lie != LogLie.FORGET_FAILED_FLUSH) {
            file.sync();
        } else {
            try {
                file.sync();
            } catch (RuntimeException forgotten) {
                assert lie == LogLie.FORGET_FAILED_FLUSH;
            }
        }
        flushed();
    }

    /** Everything up to the log's end is on disk: moves D, and frees what the flushed headers allow. */
    private void flushed() {
        syncs++;
        noteDurable();
        framesInLastFlush = framesUnflushed;
        framesUnflushed = false;
        if (written.number() > witnessedManifest) {
            witnessedManifest = written.number();
            extents.release(written.anchorPosition()); // L4
        }
    }

    private void noteDurable() {
        durablePosition = lastPosition;
        durableChecksum = lastChecksum;
        durableEnd = end;
        writesSinceFlush = 0;
    }

    /** Bytes that the log has grown by since {@code before}, in whole blocks: the rest of a block belongs to who began it. */
    private long chargedSince(long before) {
        return LogBytes.roundUp(end, blockBytes) - LogBytes.roundUp(before, blockBytes);
    }

    boolean hasUnflushed() {
        return writesSinceFlush > 0;
    }

    /** Last group that is flushed. */
    Anchor durable() {
        return new Anchor(fileHeader.generation(), durablePosition, durableEnd, durableChecksum);
    }

    /** Last group that is written, flushed or not. */
    Anchor last() {
        return new Anchor(fileHeader.generation(), lastPosition, end, lastChecksum);
    }

    /** Whether a bare group should follow when nothing else does. */
    boolean needsWitness() {
        return framesInLastFlush || witnessedManifest < newest.number();
    }

    /** Whether the flush of a header that names the newest manifest frees an extent. */
    boolean witnessFreesExtent() {
        FlippedManifest manifest = newest;
        return witnessedManifest < manifest.number() && extents.countBelow(manifest.anchorPosition()) > 0;
    }

    /** Headers written from now on name this manifest, whose slot is flushed. */
    void flipped(long manifestNumber, long anchorPosition) {
        if (manifestNumber <= newest.number() || anchorPosition < newest.anchorPosition()) {
            throw new IllegalArgumentException("manifest " + manifestNumber + " does not follow " + newest.number());
        }
        newest = new FlippedManifest(manifestNumber, anchorPosition);
        if (lie == LogLie.REUSE_BEFORE_WITNESS) {
            extents.release(anchorPosition);
        }
    }

    long syncCount() {
        return syncs;
    }

    /** Any thread. */
    LogStatistics statistics() {
        int count = extents.count();
        return new LogStatistics(bytes, groups, bareGroups, syncs, rangedSyncs, end, durableEnd,
                fileHeader.extentPosition(count),
                room.free(), end - newest.anchorPosition(), count, extents.freeCount());
    }

    @Override
    public void close() {
        buffer.close();
    }
}
