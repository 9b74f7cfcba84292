package io.nexuslite.check;

import static io.nexuslite.format.LogFileLayout.EXTENTS_POSITION;
import static io.nexuslite.format.LogGroupLayout.ALIGNMENT;
import static io.nexuslite.format.LogGroupLayout.HEADER_SIZE;

import java.lang.foreign.MemorySegment;
import org.agrona.collections.Long2LongHashMap;

/**
 * One look at every place of the log where a group can start, which finds what the newest groups witness, and which log positions lie
 * in which extent. Borrows the memory it was given. One thread.
 */
final class LogScan {
    static final long NOT_FOUND = -1;

    /** Extents whose place is kept; the smallest ones make 16 GiB then. */
    private static final int EXTENTS_MAX = 1 << 18;

    private final CheckedFile log;
    private final LogFileCheck.Facts facts;
    private final MemorySegment memory;
    private final LogGroupHeader header = new LogGroupHeader();
    private final Long2LongHashMap extents = new Long2LongHashMap(NOT_FOUND);

    /** Highest position below which some readable header says that the log was flushed, and where that header lies. */
    long witnessPosition;
    long witnessPositionAt;
    /** Newest manifest that some readable header says was flushed, and where that header lies. */
    long witnessManifest;
    long witnessManifestAt;
    /** Whether a part could not be read. */
    boolean unreadable;

    /** @param memory a multiple of {@code ALIGNMENT} bytes */
    LogScan(CheckedFile log, LogFileCheck.Facts facts, MemorySegment memory) {
        this.log = log;
        this.facts = facts;
        this.memory = memory;
    }

    void run() {
        int slice = (int) (memory.byteSize() / ALIGNMENT * ALIGNMENT);
        for (long position = EXTENTS_POSITION; position < log.size(); position += slice) {
            int length = (int) Math.min(slice, log.size() - position);
            if (!log.read(position, memory, 0, length, "log")) {
                unreadable = true;
                continue;
            }
            for (int offset = 0; offset <= length - HEADER_SIZE; offset += ALIGNMENT) {
                if (LogGroupHeader.mayStart(memory, offset) && header.read(memory, offset, position + offset)
                        && header.generation == facts.generation()) {
                    note(position + offset);
                }
            }
        }
    }

    /** File position of a log position; {@link #NOT_FOUND} if no extent tells that it holds it. */
    long filePosition(long logPosition) {
        long extent = extents.get(logPosition / facts.extentSize());
        return extent == NOT_FOUND ? NOT_FOUND : extent + logPosition % facts.extentSize();
    }

    private void note(long at) {
        if (header.witnessPosition > witnessPosition) {
            witnessPosition = header.witnessPosition;
            witnessPositionAt = at;
        }
        if (header.witnessManifest > witnessManifest) {
            witnessManifest = header.witnessManifest;
            witnessManifestAt = at;
        }
        boolean firstOfExtent = (at - EXTENTS_POSITION) % facts.extentSize() == 0
                && header.logPosition >= 0 && header.logPosition % facts.extentSize() == 0;
        if (firstOfExtent && extents.size() < EXTENTS_MAX) {
            extents.put(header.logPosition / facts.extentSize(), at);
        }
    }
}
