package io.nexuslite.wasp.log;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.LogFileLayout;
import io.nexuslite.format.LogGroupLayout;
import io.nexuslite.io.StoreFile;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.MemoryUse;
import io.nexuslite.memory.NativeBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * One look at every place where a group header may lie: which positions each extent holds, and what the headers witness.
 *
 * <p>A header counts if it is whole, of the generation, and lies at its own file position (documents may hold copies); its body may be torn,
 * since what it witnesses was true before it was written.
 */
final class LogScan {
    private static final int CHUNK_SIZE = 1 << 20;
    private static final long EXTENTS_MAX = 1 << 20;

    private final Map<Long, Integer> places = new HashMap<>(); // of extent numbers
    private final GroupHeader header = new GroupHeader();
    private final LogFileHeader fileHeader;
    private final String name;
    private final long fileBytes;
    private long witnessPosition;
    private long witnessPositionAt; // file position of the header that says so
    private long witnessManifest;
    private long witnessManifestAt;

    private LogScan(LogFileHeader fileHeader, String name, long fileBytes) {
        this.fileHeader = fileHeader;
        this.name = name;
        this.fileBytes = fileBytes;
    }

    static LogScan of(StoreFile file, LogFileHeader fileHeader, String name, MemoryBudget budget, Crc32c crc) {
        LogScan scan = new LogScan(fileHeader, name, file.size());
        long bytes = Math.max(0, scan.fileBytes - LogFileLayout.EXTENTS_POSITION);
        long extents = (bytes + fileHeader.extentBytes() - 1) / fileHeader.extentBytes();
        if (extents > EXTENTS_MAX) {
            throw CorruptionException.of("Log is longer than any log: " + bytes + " bytes in " + extents + " extents",
                    name, 0,
                    "log");
        }
        int chunk = Math.min(CHUNK_SIZE, fileHeader.extentBytes());
        budget.reserve(MemoryUse.LOG, chunk);
        try (NativeBuffer buffer = new NativeBuffer(chunk)) {
            for (int place = 0; place < extents; place++) {
                for (int at = 0; at < fileHeader.extentBytes(); at += chunk) {
                    scan.chunk(file, buffer, place, at, Math.min(chunk, fileHeader.extentBytes() - at), crc);
                }
            }
        } finally {
            budget.release(MemoryUse.LOG, chunk);
        }
        return scan;
    }

    private void chunk(StoreFile file, NativeBuffer buffer, int place, int at, int length, Crc32c crc) {
        long position = fileHeader.extentPosition(place) + at;
        int read = file.read(position, buffer.memory(), 0, length);
        for (int offset = 0; offset + LogGroupLayout.HEADER_SIZE <= read; offset += LogGroupLayout.ALIGNMENT) {
            if (header.decode(buffer.memory(), offset, crc) && header.generation == fileHeader.generation()
                    && header.filePosition == position + offset) {
                note(place, at + offset);
            }
        }
    }

    private void note(int place, int offsetInExtent) {
        if (offsetInExtent == 0 && header.logPosition % fileHeader.extentBytes() == 0) {
            Integer other = places.put(header.logPosition / fileHeader.extentBytes(), place);
            if (other != null) {
                throw CorruptionException
                        .of("Two log extents hold log position " + header.logPosition + ": " + other + " and "
                                + place, name, header.filePosition, "log extent " + place);
            }
        }
        if (header.witnessPosition > witnessPosition) {
            witnessPosition = header.witnessPosition;
            witnessPositionAt = header.filePosition;
        }
        if (header.witnessManifest > witnessManifest) {
            witnessManifest = header.witnessManifest;
            witnessManifestAt = header.filePosition;
        }
    }

    /** Whether the file reaches behind {@code length} bytes at a position. */
    boolean isInFile(long filePosition, int length) {
        return filePosition <= fileBytes - length;
    }

    /** File position of a log position, or -1 if no extent is known to hold it. */
    long filePosition(long logPosition) {
        Integer place = places.get(logPosition / fileHeader.extentBytes());
        return place == null ? -1 : fileHeader.extentPosition(place) + logPosition % fileHeader.extentBytes();
    }

    /** The groups end at {@code end}: refuses if any header says that more had been flushed. */
    void checkEnd(long end) {
        if (witnessPosition > end) {
            throw CorruptionException.of("Log group is damaged that was durable: a later group witnesses log position "
                    + witnessPosition + " (header at " + witnessPositionAt + "), the log is readable up to " + end,
                    name,
                    Math.max(0, filePosition(end)), "log group at log position " + end);
        }
    }

    /** Refuses if the log has seen a manifest above {@code manifestNumber}. */
    void checkManifest(long manifestNumber) {
        if (witnessManifest > manifestNumber) {
            throw CorruptionException.of("Newest manifest is damaged: the log witnesses manifest " + witnessManifest
                    + ", the newest readable one is " + manifestNumber, name, witnessManifestAt,
                    "manifest " + witnessManifest);
        }
    }
}
