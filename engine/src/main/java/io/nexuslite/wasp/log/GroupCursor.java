package io.nexuslite.wasp.log;

import io.nexuslite.format.Crc32c;
import io.nexuslite.format.LogGroupLayout;
import io.nexuslite.io.StoreFile;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.MemoryUse;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;

/**
 * Walks the groups of a log in order and takes each only if header and body are whole and it is the expected one. Reads ahead; holds the
 * longest group at most. One thread at a time.
 */
final class GroupCursor implements AutoCloseable {
    private static final int WINDOW_SIZE = 1 << 20;

    private final StoreFile file;
    private final LogFileHeader fileHeader;
    private final LogScan scan;
    private final MemoryBudget budget;
    private final Crc32c crc;
    private final GroupHeader header = new GroupHeader();
    private NativeBuffer window;
    private long windowPosition;
    private int windowLength;
    private long position; // log position of the group to be read next
    private long groupOffset; // of the current group in the window

    GroupCursor(StoreFile file, LogFileHeader fileHeader, LogScan scan, MemoryBudget budget, Crc32c crc) {
        this.file = file;
        this.fileHeader = fileHeader;
        this.scan = scan;
        this.budget = budget;
        this.crc = crc;
        budget.reserve(MemoryUse.LOG, WINDOW_SIZE);
        window = new NativeBuffer(WINDOW_SIZE);
    }

    /** Puts the cursor before a log position, a multiple of 128. */
    void seek(long logPosition) {
        position = logPosition;
    }

    /** Log position of the group that {@link #next} looks at. */
    long position() {
        return position;
    }

    /** Header of the current group; valid until {@link #next}. */
    GroupHeader header() {
        return header;
    }

    /** Memory that holds the current group's frames from {@link #framesOffset} on; valid until {@link #next}. */
    MemorySegment memory() {
        return window.memory();
    }

    long framesOffset() {
        return groupOffset + LogGroupLayout.HEADER_SIZE;
    }

    /** Takes the group at the position if it is whole; does not look at the chain. False if the log ends here. */
    boolean next() {
        long filePosition = scan.filePosition(position);
        if (filePosition < 0 || !load(filePosition, LogGroupLayout.HEADER_SIZE)) {
            return false;
        }
        if (!header.decode(memory(), groupOffset, crc) || header.generation != fileHeader.generation()
                || header.logPosition != position || header.filePosition != filePosition
                || header.length > fileHeader.extentBytes() - position % fileHeader.extentBytes()
                || !load(filePosition, header.length)) {
            return false;
        }
        int bodyLength = header.length - LogGroupLayout.HEADER_SIZE;
        if (crc.of(memory(), groupOffset + LogGroupLayout.HEADER_SIZE, bodyLength) != header.bodyChecksum) {
            return false;
        }
        position += header.length;
        return true;
    }

    /** Brings bytes into the window and sets the group's offset; false if the file ends before them. */
    private boolean load(long filePosition, int length) {
        if (!scan.isInFile(filePosition, length)) {
            return false; // before memory is taken for a length that may be a lie
        }
        if (filePosition < windowPosition || filePosition + length > windowPosition + windowLength) {
            if (length > window.memory().byteSize()) {
                enlarge(length);
            }
            windowPosition = filePosition;
            windowLength = 0;
            windowLength = file.read(filePosition, window.memory(), 0, (int) window.memory().byteSize());
        }
        groupOffset = filePosition - windowPosition;
        return groupOffset + length <= windowLength;
    }

    private void enlarge(int length) {
        budget.reserve(MemoryUse.LOG, length);
        NativeBuffer larger = new NativeBuffer(length);
        close();
        window = larger;
    }

    @Override
    public void close() {
        if (window != null) {
            budget.release(MemoryUse.LOG, window.memory().byteSize());
            window.close();
            window = null;
        }
    }
}
