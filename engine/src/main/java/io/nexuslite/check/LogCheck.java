package io.nexuslite.check;

import static io.nexuslite.format.LogGroupLayout.HEADER_SIZE;

import io.nexuslite.format.Crc32c;
import io.nexuslite.format.LogFileLayout;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;

/**
 * Checks the log beside a database as an opening would use it: its header, what its groups witness, the anchor, and what would be
 * replayed. A log that ends in a torn group is sound, unless a group that is whole says that it was flushed. One thread.
 */
final class LogCheck implements DatabaseWalk.LogExtents, AutoCloseable {
    private static final int SLICE_BYTES = 1 << 20;
    private static final int KEY_BYTES = 4096;

    private final CheckScope scope;
    private final CheckedFile log;
    private final IdentityCheck.Facts identity;
    private final ReadBudget budget;
    private final NativeBuffer slice = new NativeBuffer(SLICE_BYTES);
    private final NativeBuffer key = new NativeBuffer(KEY_BYTES);
    private final LogGroupHeader header = new LogGroupHeader();
    private final Crc32c crc = new Crc32c();
    private final LogExtentCheck extents;
    private LogFileCheck.Facts facts;
    private LogScan scan;
    private boolean replayable;
    /** The last group read is whole, and breaks a rule of the format nevertheless: no torn write. */
    private boolean brokenWhole;
    private long windows;

    LogCheck(CheckScope scope, CheckedFile log, IdentityCheck.Facts identity, ReadBudget budget, int accountBytesMax) {
        this.scope = scope;
        this.log = log;
        this.identity = identity;
        this.budget = budget;
        extents = new LogExtentCheck(scope, accountBytesMax, slice.memory());
    }

    /** Reads the header, then every place where a group can start. */
    void scan() {
        budget.phase("log");
        facts = new LogFileCheck(log, identity, slice.memory()).check();
        if (facts == null) {
            log.damage(LogFileLayout.HEADER_POSITION, "log", "expected a readable header, found none");
            return;
        }
        boolean clean = scope.manifest.isClean();
        if (!clean && facts.generation() != scope.manifest.logGeneration()) {
            log.damage(LogFileLayout.HEADER_POSITION, "log",
                    "expected generation " + Long.toHexString(scope.manifest.logGeneration()) + " as "
                            + scope.manifest.object() + " says, found " + Long.toHexString(facts.generation()));
            return;
        }
        scan = new LogScan(log, facts, slice.memory());
        scan.run();
        if (scan.witnessManifest > scope.manifest.number()) {
            log.damage(scan.witnessManifestAt, "group at " + scan.witnessManifestAt, "expected manifest "
                    + scope.manifest.number() + " to be the newest, found a witness of manifest "
                    + scan.witnessManifest + ": its slot is damaged");
        }
        replayable = !clean;
    }

    @Override
    public void check(PageAccount account, boolean first) {
        extents.start(account, windows++);
        if (!replayable || !first && !extents.any()) {
            return;
        }
        budget.phase("log");
        LogFrames frames = new LogFrames(scope, log, new DocumentBody(scope, new TreePages(scope)), key.memory(),
                (leafRecord, position, object) -> extents.check(leafRecord, object));
        long position = scope.manifest.anchorPosition();
        String wrong = wrongAnchor(position);
        if (wrong != null) {
            if (first) {
                long at = scan.filePosition(position);
                log.damage(Math.max(at, 0), "anchor at log position " + position, wrong);
            }
            return;
        }
        frames.start(header.lastCsn);
        replay(frames, first);
        if (first) {
            scope.counts.logFrames = frames.frames();
            scope.counts.logTransactions = frames.transactions();
            scope.counts.logLastCsn = frames.lastCsn();
            scope.counts.logTransactionsUnfinished = frames.isOpen() ? 1 : 0;
        }
    }

    @Override
    public void close() {
        extents.close();
        slice.close();
        key.close();
    }

    private String wrongAnchor(long position) {
        String wrong = readGroup(position);
        if (wrong != null) {
            return wrong;
        }
        if (header.headerChecksum != scope.manifest.anchorChecksum()) {
            return "expected header checksum " + Bytes.hex(scope.manifest.anchorChecksum()) + " as "
                    + scope.manifest.object() + " says, found " + Bytes.hex(header.headerChecksum);
        }
        if (position + header.length != scope.manifest.anchorEnd()) {
            return "expected it to end at log position " + scope.manifest.anchorEnd() + ", found "
                    + (position + header.length);
        }
        return header.lastCsn > scope.manifest.checkpointCsn()
                ? "expected commits up to the checkpoint's, " + scope.manifest.checkpointCsn() + ", found "
                        + header.lastCsn
                : null;
    }

    private void replay(LogFrames frames, boolean first) {
        long position = scope.manifest.anchorEnd();
        int previousChecksum = header.headerChecksum;
        while (true) {
            String wrong = readGroup(position);
            if (wrong == null && header.previousChecksum != previousChecksum) {
                wrong = "expected the checksum of the group before, " + Bytes.hex(previousChecksum) + ", found "
                        + Bytes.hex(header.previousChecksum);
            }
            if (wrong != null) {
                if (first) {
                    end(position, wrong, frames.isOpen());
                }
                return;
            }
            long filePosition = scan.filePosition(position);
            if (!frames.check(group(), header, filePosition, !first)) {
                return;
            }
            if (first) {
                scope.counts.logGroups++;
            }
            previousChecksum = header.headerChecksum;
            position += header.length;
        }
    }

    /** The log ends at {@code position}, or is damaged there. */
    private void end(long position, String why, boolean open) {
        long at = Math.max(scan.filePosition(position), 0);
        if (brokenWhole) {
            log.damage(at, "group at log position " + position, why);
        } else if (scan.witnessPosition > position) {
            log.damage(at, "group at log position " + position,
                    why + "; the group at " + scan.witnessPositionAt + " witnesses that the log was flushed up to "
                            + scan.witnessPosition);
        } else {
            log.information(at, "end of the log", "the log ends at log position " + position
                    + (open ? ", inside a transaction that is not finished and never happened" : ""));
        }
    }

    /** Reads the group of a log position into the large memory, and its header; what is wrong, or {@code null}. */
    private String readGroup(long position) {
        brokenWhole = false;
        long at = scan.filePosition(position);
        if (position < 0 || position % HEADER_SIZE != 0 || at == LogScan.NOT_FOUND) {
            return "expected a group at log position " + position + ", found no log extent that holds it";
        }
        MemorySegment memory = scope.largeMemory(HEADER_SIZE);
        String wrong = log.readOrWhy(at, memory, 0, HEADER_SIZE);
        if (wrong != null) {
            return wrong;
        }
        if (!header.read(memory, 0, at) || header.generation != facts.generation()
                || header.logPosition != position) {
            return "expected a group of that position, found none";
        }
        wrong = header.wrong(memory, 0, facts.extentSize() - position % facts.extentSize());
        if (wrong != null) {
            brokenWhole = true;
            return wrong;
        }
        memory = scope.largeMemory(header.length);
        wrong = log.readOrWhy(at, memory, 0, header.length);
        if (wrong != null) {
            return wrong;
        }
        if (!header.read(memory, 0, at)) {
            return "expected a group of that position, found none";
        }
        int found = crc.of(memory, HEADER_SIZE, header.length - HEADER_SIZE);
        if (found != header.bodyChecksum) {
            return "expected body checksum " + Bytes.hex(header.bodyChecksum) + ", bytes give " + Bytes.hex(found);
        }
        long padding = HEADER_SIZE + (long) header.framesLength;
        brokenWhole = Bytes.firstNonZero(memory, padding, header.length - padding) >= 0;
        return brokenWhole ? "expected padding of zeros, found others" : null;
    }

    private MemorySegment group() {
        return scope.largeMemory(header.length);
    }
}
