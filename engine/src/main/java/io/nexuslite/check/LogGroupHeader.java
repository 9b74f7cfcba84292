package io.nexuslite.check;

import static io.nexuslite.format.LogGroupLayout.ALIGNMENT;
import static io.nexuslite.format.LogGroupLayout.BODY_CHECKSUM_OFFSET;
import static io.nexuslite.format.LogGroupLayout.FILE_POSITION_OFFSET;
import static io.nexuslite.format.LogGroupLayout.FIRST_CSN_OFFSET;
import static io.nexuslite.format.LogGroupLayout.FRAMES_LENGTH_OFFSET;
import static io.nexuslite.format.LogGroupLayout.FRAME_COUNT_OFFSET;
import static io.nexuslite.format.LogGroupLayout.GENERATION_OFFSET;
import static io.nexuslite.format.LogGroupLayout.HEADER_CHECKSUM_OFFSET;
import static io.nexuslite.format.LogGroupLayout.HEADER_SIZE;
import static io.nexuslite.format.LogGroupLayout.KEY_ID_OFFSET;
import static io.nexuslite.format.LogGroupLayout.LAST_CSN_OFFSET;
import static io.nexuslite.format.LogGroupLayout.LENGTH_MAX;
import static io.nexuslite.format.LogGroupLayout.LENGTH_OFFSET;
import static io.nexuslite.format.LogGroupLayout.LOG_POSITION_OFFSET;
import static io.nexuslite.format.LogGroupLayout.MAGIC;
import static io.nexuslite.format.LogGroupLayout.MAGIC_OFFSET;
import static io.nexuslite.format.LogGroupLayout.PREVIOUS_CHECKSUM_OFFSET;
import static io.nexuslite.format.LogGroupLayout.RESERVED_KEY_OFFSET;
import static io.nexuslite.format.LogGroupLayout.RESERVED_OFFSET;
import static io.nexuslite.format.LogGroupLayout.RESERVED_SIZE;
import static io.nexuslite.format.LogGroupLayout.WITNESS_MANIFEST_OFFSET;
import static io.nexuslite.format.LogGroupLayout.WITNESS_POSITION_OFFSET;

import io.nexuslite.format.Crc32c;
import java.lang.foreign.MemorySegment;

/** Header of a log group as numbers. A carrier to be reused; one thread. */
final class LogGroupHeader {
    long generation;
    long logPosition;
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

    private final Crc32c crc = new Crc32c();

    /** Whether a header may start here: a cheap look before {@link #read}. */
    static boolean mayStart(MemorySegment memory, long offset) {
        return Bytes.intAt(memory, offset + MAGIC_OFFSET) == MAGIC;
    }

    /** Reads the header at {@code offset}, which lies at {@code filePosition}; false if there is none, or a copy of another place's. */
    boolean read(MemorySegment memory, long offset, long filePosition) {
        if (!mayStart(memory, offset) || Bytes.longAt(memory, offset + FILE_POSITION_OFFSET) != filePosition) {
            return false;
        }
        headerChecksum = Bytes.intAt(memory, offset + HEADER_CHECKSUM_OFFSET);
        if (crc.of(memory, offset, HEADER_CHECKSUM_OFFSET) != headerChecksum) {
            return false;
        }
        generation = Bytes.longAt(memory, offset + GENERATION_OFFSET);
        logPosition = Bytes.longAt(memory, offset + LOG_POSITION_OFFSET);
        length = Bytes.intAt(memory, offset + LENGTH_OFFSET);
        framesLength = Bytes.intAt(memory, offset + FRAMES_LENGTH_OFFSET);
        frameCount = Bytes.intAt(memory, offset + FRAME_COUNT_OFFSET);
        previousChecksum = Bytes.intAt(memory, offset + PREVIOUS_CHECKSUM_OFFSET);
        firstCsn = Bytes.longAt(memory, offset + FIRST_CSN_OFFSET);
        lastCsn = Bytes.longAt(memory, offset + LAST_CSN_OFFSET);
        witnessPosition = Bytes.longAt(memory, offset + WITNESS_POSITION_OFFSET);
        witnessManifest = Bytes.longAt(memory, offset + WITNESS_MANIFEST_OFFSET);
        bodyChecksum = Bytes.intAt(memory, offset + BODY_CHECKSUM_OFFSET);
        return true;
    }

    /** What is wrong with a header whose checksum is right, or {@code null}. The memory is the one it was read from. */
    String wrong(MemorySegment memory, long offset, long room) {
        if (Bytes.unsignedShort(memory, offset + KEY_ID_OFFSET) != 0
                || Bytes.unsignedShort(memory, offset + RESERVED_KEY_OFFSET) != 0
                || Bytes.firstNonZero(memory, offset + RESERVED_OFFSET, RESERVED_SIZE) >= 0) {
            return "expected key and reserved bytes of zero, found others";
        }
        if (length < HEADER_SIZE || length % ALIGNMENT != 0 || length > Math.min(room, LENGTH_MAX)) {
            return "expected a length of a multiple of " + ALIGNMENT + " bytes up to " + Math.min(room, LENGTH_MAX)
                    + ", found " + Integer.toUnsignedString(length);
        }
        if (framesLength < 0 || framesLength > length - HEADER_SIZE || frameCount < 0
                || (frameCount == 0) != (framesLength == 0)) {
            return "expected frames that fit the group, found " + frameCount + " in " + framesLength + " bytes";
        }
        if (frameCount == 0 ? lastCsn != firstCsn - 1 || firstCsn < 1 : firstCsn < 1 || lastCsn < firstCsn) {
            return "expected commits in order, found " + firstCsn + " to " + lastCsn;
        }
        if (witnessPosition < 0 || witnessPosition > logPosition || witnessManifest < 0) {
            return "expected a witness of what was before, found position " + witnessPosition + " and manifest "
                    + witnessManifest;
        }
        return null;
    }
}
