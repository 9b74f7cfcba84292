package io.nexuslite.wasp.log;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.ForeignLogException;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.LogFileLayout;
import io.nexuslite.format.LogFrameLayout;
import io.nexuslite.io.Host;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Reads a log that a crash left, or that belongs to a database opened read-only. Never writes.
 *
 * <p>In this order: {@link #open}, {@link #checkManifest}; then, if the newest manifest says LOG, {@link #verify}, which finds the end, and
 * {@link #replay} as often as needed. Memory is bounded by one group; no length of the file is believed before it is bounded by
 * what holds it. A read error is thrown and never taken for the end of the log. One thread at a time.
 */
public final class LogReader implements AutoCloseable {
    private final StoreFile file;
    private final String name;
    private final MemoryBudget budget;
    private final LogFileHeader header;
    private final Crc32c crc;
    private final LogLie lie;
    private LogScan scan;
    private Anchor verifiedAnchor;
    private long verifiedCheckpointCsn;
    private LogEnd end;

    private LogReader(StoreFile file, String name, MemoryBudget budget, LogFileHeader header, Crc32c crc, LogLie lie) {
        this.file = file;
        this.name = name;
        this.budget = budget;
        this.header = header;
        this.crc = crc;
        this.lie = lie;
    }

    /**
     * Opens a log and reads its header.
     *
     * @param uuid of the database
     * @throws ForeignLogException if the header is unreadable or tells another database; nothing may be deleted then
     * @throws io.nexuslite.error.IncompatibleFormatException if a newer build wrote it
     */
    public static LogReader open(Host host, Path path, UUID uuid, MemoryBudget budget) {
        return open(host, path, uuid, budget, LogLie.told());
    }

    static LogReader open(Host host, Path path, UUID uuid, MemoryBudget budget, LogLie lie) {
        StoreFile file = host.files().open(path, OpenMode.READ);
        try (NativeBuffer block = new NativeBuffer(LogFileLayout.BLOCK_SIZE)) {
            Crc32c crc = new Crc32c();
            LogFileHeader header = LogFileHeader.read(file, path.toString(), block.memory(), crc);
            if (!header.uuid().equals(uuid)) {
                throw new ForeignLogException("Log of another database: expected " + uuid + ", found " + header.uuid(),
                        path.toString());
            }
            return new LogReader(file, path.toString(), budget, header, crc, lie);
        } catch (Throwable failure) {
            try {
                file.close();
            } catch (RuntimeException suppressed) {
                failure.addSuppressed(suppressed);
            }
            throw failure;
        }
    }

    public long generation() {
        return header.generation();
    }

    /**
     * Reads every place where a header may lie.
     *
     * @param manifestNumber of the newest readable manifest
     * @throws CorruptionException if the log has seen a newer one: that slot is damaged
     */
    public void checkManifest(long manifestNumber) {
        scan().checkManifest(manifestNumber);
    }

    /**
     * Finds the end of the log.
     *
     * @param anchor as the newest manifest names it
     * @param checkpointCsn the manifest's trees hold all commits up to it
     * @throws ForeignLogException if the log is of another generation, or does not hold the anchor
     * @throws CorruptionException if a group is damaged that was durable, or whole groups break the format
     */
    public LogEnd verify(Anchor anchor, long checkpointCsn) {
        if (anchor.generation() != header.generation()) {
            throw new ForeignLogException(
                    String.format("Log of another incarnation: expected generation %016x, found %016x",
                            anchor.generation(), header.generation()),
                    name);
        }
        end = null;
        try (GroupCursor cursor = new GroupCursor(file, header, scan(), budget, crc)) {
            checkAnchor(cursor, anchor);
            Walk walk = new Walk(checkpointCsn, Long.MAX_VALUE, null);
            walkGroups(cursor, anchor, walk);
            if (lie != LogLie.IGNORE_WITNESS) {
                scan().checkEnd(cursor.position());
            }
            end = new LogEnd(cursor.position(), Math.max(checkpointCsn, walk.lastCommit), walk.groups, walk.commits);
        }
        verifiedAnchor = anchor;
        verifiedCheckpointCsn = checkpointCsn;
        return end;
    }

    /**
     * Hands over all complete transactions above the checkpoint, in order. What {@link #verify} found is the end; a transaction without its
     * commit is dropped. Exceptions of the visitor pass through.
     *
     * @throws CorruptionException if the file changed since
     */
    public void replay(LogVisitor visitor) {
        if (end == null) {
            throw new IllegalStateException("verify() has not found the end of the log");
        }
        try (GroupCursor cursor = new GroupCursor(file, header, scan(), budget, crc)) {
            Walk walk = new Walk(verifiedCheckpointCsn, end.lastCsn(), visitor);
            cursor.seek(verifiedAnchor.end());
            walkGroups(cursor, verifiedAnchor, walk);
            if (cursor.position() != end.position() || walk.commits != end.commits()) {
                throw CorruptionException.of("Log changed while it was read: it ended at log position " + end.position()
                        + ", now at " + cursor.position(), name, 0, "log");
            }
        }
    }

    private void checkAnchor(GroupCursor cursor, Anchor anchor) {
        cursor.seek(anchor.position());
        boolean whole = anchor.position() >= 0 && cursor.next() && cursor.position() == anchor.end()
                && cursor.header().headerChecksum == anchor.checksum();
        if (!whole && lie != LogLie.IGNORE_ANCHOR) {
            throw new ForeignLogException("Log does not hold the group that the manifest names: expected checksum "
                    + Integer.toHexString(anchor.checksum()) + " at log position " + anchor.position()
                    + "; it is an older copy, or damaged there", name);
        }
        cursor.seek(anchor.end());
    }

    private void walkGroups(GroupCursor cursor, Anchor anchor, Walk walk) {
        int previousChecksum = anchor.checksum();
        long position = cursor.position();
        while (cursor.next()) {
            GroupHeader group = cursor.header();
            if (group.previousChecksum != previousChecksum) {
                break;
            }
            walkFrames(cursor, walk);
            previousChecksum = group.headerChecksum;
            position = cursor.position();
            walk.groups++;
        }
        cursor.seek(position);
    }

    private void walkFrames(GroupCursor cursor, Walk walk) {
        GroupHeader group = cursor.header();
        MemorySegment memory = cursor.memory();
        long offset = cursor.framesOffset();
        long framesEnd = offset + group.framesLength;
        for (int frame = 0; frame < group.frameCount; frame++) {
            long left = framesEnd - offset;
            int length = left < LogFrameLayout.HEADER_SIZE
                    ? 0
                    : memory.get(LogBytes.INT, offset + LogFrameLayout.LENGTH_OFFSET);
            if (length < LogFrameLayout.HEADER_SIZE || length > left || LogFrameLayout.paddedLength(length) > left) {
                throw broken(group, "frame " + frame + " of length " + length + " in " + left + " bytes");
            }
            long csn = memory.get(LogBytes.LONG, offset + LogFrameLayout.CSN_OFFSET);
            String wrong = walk.frame(memory, offset, length, csn);
            if (wrong != null || frame == 0 && csn != group.firstCsn) {
                throw broken(group, "frame " + frame + " of commit " + csn + (wrong == null ? "" : ": " + wrong));
            }
            offset += LogFrameLayout.paddedLength(length);
            if (frame == group.frameCount - 1 && (csn != group.lastCsn || offset != framesEnd)) {
                throw broken(group, "last frame of commit " + csn + " ends before or behind the frames");
            }
        }
    }

    /** A group whose checksums are right breaks the format. */
    private CorruptionException broken(GroupHeader group, String what) {
        return CorruptionException.of("Log group with right checksums breaks the format: " + what, name,
                group.filePosition,
                "log group at log position " + group.logPosition);
    }

    private LogScan scan() {
        if (scan == null) {
            scan = LogScan.of(file, header, name, budget, crc);
        }
        return scan;
    }

    @Override
    public void close() {
        file.close();
    }

    /** What one pass over the frames knows: which transaction is open, which were complete. */
    private static final class Walk {
        private final long checkpointCsn;
        private final long untilCsn; // the last that is handed over
        private final LogVisitor visitor; // or null: only looks
        private long previousCsn = -1; // of the frame before
        private boolean open; // its transaction has no commit yet
        private long lastCommit;
        private long groups;
        private long commits;

        Walk(long checkpointCsn, long untilCsn, LogVisitor visitor) {
            this.checkpointCsn = checkpointCsn;
            this.untilCsn = untilCsn;
            this.visitor = visitor;
        }

        /** What is wrong with a frame in this place, or {@code null}. */
        String frame(MemorySegment memory, long offset, int length, long csn) {
            byte kind = memory.get(LogBytes.BYTE, offset + LogFrameLayout.KIND_OFFSET);
            byte flags = memory.get(LogBytes.BYTE, offset + LogFrameLayout.FLAGS_OFFSET);
            int treeId = memory.get(LogBytes.INT, offset + LogFrameLayout.TREE_ID_OFFSET);
            boolean isCommit = kind == LogFrameLayout.KIND_COMMIT;
            if (kind < LogFrameLayout.KIND_PUT_DOCUMENT || kind > LogFrameLayout.KIND_COMMIT
                    || (flags & ~LogFrameLayout.FLAG_EXTENTS) != 0
                    || isCommit && length != LogFrameLayout.HEADER_SIZE) {
                return "unknown kind " + kind + " or flags " + flags;
            }
            if (previousCsn < 0 ? csn <= 0 || csn > checkpointCsn + 1 : csn != (open ? previousCsn : previousCsn + 1)) {
                return "does not follow commit " + (previousCsn < 0 ? checkpointCsn : previousCsn);
            }
            previousCsn = csn;
            open = !isCommit;
            if (isCommit) {
                lastCommit = csn;
                commits += csn > checkpointCsn ? 1 : 0;
            }
            if (visitor != null && csn > checkpointCsn && csn <= untilCsn) {
                if (isCommit) {
                    visitor.commit(csn);
                } else {
                    visitor.frame(csn, kind, flags, treeId, memory, offset + LogFrameLayout.HEADER_SIZE,
                            length - LogFrameLayout.HEADER_SIZE);
                }
            }
            return null;
        }
    }
}
