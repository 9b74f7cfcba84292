package io.nexuslite.wasp.log;

import static io.nexuslite.format.LogGroupLayout.ALIGNMENT;
import static io.nexuslite.format.LogGroupLayout.BODY_CHECKSUM_OFFSET;
import static io.nexuslite.format.LogGroupLayout.FILE_POSITION_OFFSET;
import static io.nexuslite.format.LogGroupLayout.FIRST_CSN_OFFSET;
import static io.nexuslite.format.LogGroupLayout.FRAMES_LENGTH_OFFSET;
import static io.nexuslite.format.LogGroupLayout.FRAME_COUNT_OFFSET;
import static io.nexuslite.format.LogGroupLayout.GENERATION_OFFSET;
import static io.nexuslite.format.LogGroupLayout.HEADER_CHECKSUM_OFFSET;
import static io.nexuslite.format.LogGroupLayout.HEADER_SIZE;
import static io.nexuslite.format.LogGroupLayout.LAST_CSN_OFFSET;
import static io.nexuslite.format.LogGroupLayout.LENGTH_MAX;
import static io.nexuslite.format.LogGroupLayout.LENGTH_OFFSET;
import static io.nexuslite.format.LogGroupLayout.LOG_POSITION_OFFSET;
import static io.nexuslite.format.LogGroupLayout.MAGIC;
import static io.nexuslite.format.LogGroupLayout.MAGIC_OFFSET;
import static io.nexuslite.format.LogGroupLayout.PREVIOUS_CHECKSUM_OFFSET;
import static io.nexuslite.format.LogGroupLayout.WITNESS_MANIFEST_OFFSET;
import static io.nexuslite.format.LogGroupLayout.WITNESS_POSITION_OFFSET;

import io.nexuslite.format.Crc32c;
import java.lang.foreign.MemorySegment;

/** The fields of one group's header; a reused carrier. One thread at a time. */
final class GroupHeader {
    long generation;
    long logPosition;
    long filePosition;
    int length;
    int framesLength;
    int frameCount;
    int previousChecksum;
    long firstCsn;
    long lastCsn;
    long witnessPosition;
    long witnessManifest;
    int bodyChecksum;
    int headerChecksum;

    boolean isBare() {
        return frameCount == 0;
    }

    /** Log position behind the group. */
    long end() {
        return logPosition + length;
    }

    /** Writes the header, and computes its checksum. */
    void encode(MemorySegment memory, long offset, Crc32c crc) {
        LogBytes.zero(memory, offset, HEADER_SIZE);
        memory.set(LogBytes.INT, offset + MAGIC_OFFSET, MAGIC);
        memory.set(LogBytes.LONG, offset + GENERATION_OFFSET, generation);
        memory.set(LogBytes.LONG, offset + LOG_POSITION_OFFSET, logPosition);
        memory.set(LogBytes.LONG, offset + FILE_POSITION_OFFSET, filePosition);
        memory.set(LogBytes.INT, offset + LENGTH_OFFSET, length);
        memory.set(LogBytes.INT, offset + FRAMES_LENGTH_OFFSET, framesLength);
        memory.set(LogBytes.INT, offset + FRAME_COUNT_OFFSET, frameCount);
        memory.set(LogBytes.INT, offset + PREVIOUS_CHECKSUM_OFFSET, previousChecksum);
        memory.set(LogBytes.LONG, offset + FIRST_CSN_OFFSET, firstCsn);
        memory.set(LogBytes.LONG, offset + LAST_CSN_OFFSET, lastCsn);
        memory.set(LogBytes.LONG, offset + WITNESS_POSITION_OFFSET, witnessPosition);
        memory.set(LogBytes.LONG, offset + WITNESS_MANIFEST_OFFSET, witnessManifest);
        memory.set(LogBytes.INT, offset + BODY_CHECKSUM_OFFSET, bodyChecksum);
        headerChecksum = crc.of(memory, offset, HEADER_CHECKSUM_OFFSET);
        memory.set(LogBytes.INT, offset + HEADER_CHECKSUM_OFFSET, headerChecksum);
    }

    /**
     * Reads a header.
     *
     * @return false if the bytes are not a whole header, or one that breaks the format; the fields are undefined then
     */
    boolean decode(MemorySegment memory, long offset, Crc32c crc) {
        if (memory.get(LogBytes.INT, offset + MAGIC_OFFSET) != MAGIC) {
            return false;
        }
        headerChecksum = memory.get(LogBytes.INT, offset + HEADER_CHECKSUM_OFFSET);
        if (headerChecksum != crc.of(memory, offset, HEADER_CHECKSUM_OFFSET)) {
            return false;
        }
        generation = memory.get(LogBytes.LONG, offset + GENERATION_OFFSET);
        logPosition = memory.get(LogBytes.LONG, offset + LOG_POSITION_OFFSET);
        filePosition = memory.get(LogBytes.LONG, offset + FILE_POSITION_OFFSET);
        length = memory.get(LogBytes.INT, offset + LENGTH_OFFSET);
        framesLength = memory.get(LogBytes.INT, offset + FRAMES_LENGTH_OFFSET);
        frameCount = memory.get(LogBytes.INT, offset + FRAME_COUNT_OFFSET);
        previousChecksum = memory.get(LogBytes.INT, offset + PREVIOUS_CHECKSUM_OFFSET);
        firstCsn = memory.get(LogBytes.LONG, offset + FIRST_CSN_OFFSET);
        lastCsn = memory.get(LogBytes.LONG, offset + LAST_CSN_OFFSET);
        witnessPosition = memory.get(LogBytes.LONG, offset + WITNESS_POSITION_OFFSET);
        witnessManifest = memory.get(LogBytes.LONG, offset + WITNESS_MANIFEST_OFFSET);
        bodyChecksum = memory.get(LogBytes.INT, offset + BODY_CHECKSUM_OFFSET);
        return isPlausible();
    }

    private boolean isPlausible() {
        boolean lengths = length >= HEADER_SIZE && length <= LENGTH_MAX && length % ALIGNMENT == 0 && framesLength >= 0
                && framesLength <= length - HEADER_SIZE;
        boolean positions = logPosition >= 0 && logPosition % ALIGNMENT == 0 && logPosition <= Long.MAX_VALUE - length
                && witnessPosition >= 0 && witnessPosition <= logPosition && witnessManifest >= 0;
        boolean numbers = frameCount >= 0 && (frameCount == 0) == (framesLength == 0) && firstCsn > 0
                && (frameCount == 0 ? lastCsn == firstCsn - 1 : lastCsn >= firstCsn);
        return lengths && positions && numbers;
    }
}
