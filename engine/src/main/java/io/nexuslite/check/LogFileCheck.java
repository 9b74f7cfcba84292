package io.nexuslite.check;

import static io.nexuslite.format.LogFileLayout.BLOCK_SIZE;
import static io.nexuslite.format.LogFileLayout.CHECKSUM_OFFSET;
import static io.nexuslite.format.LogFileLayout.EXTENT_ALIGNMENT;
import static io.nexuslite.format.LogFileLayout.EXTENT_LENGTH_MAX;
import static io.nexuslite.format.LogFileLayout.EXTENT_SIZE_OFFSET;
import static io.nexuslite.format.LogFileLayout.FEATURES_INCOMPATIBLE_OFFSET;
import static io.nexuslite.format.LogFileLayout.FORMAT_VERSION_OFFSET;
import static io.nexuslite.format.LogFileLayout.GENERATION_OFFSET;
import static io.nexuslite.format.LogFileLayout.HEADER_COPY_POSITION;
import static io.nexuslite.format.LogFileLayout.HEADER_POSITION;
import static io.nexuslite.format.LogFileLayout.MAGIC_OFFSET;
import static io.nexuslite.format.LogFileLayout.RESERVED_OFFSET;
import static io.nexuslite.format.LogFileLayout.RESERVED_SIZE;
import static io.nexuslite.format.LogFileLayout.UUID_HIGH_OFFSET;
import static io.nexuslite.format.LogFileLayout.UUID_LOW_OFFSET;

import io.nexuslite.format.Crc32c;
import io.nexuslite.format.FileLayout;
import io.nexuslite.format.LogFileLayout;
import java.lang.foreign.MemorySegment;

/** Checks both copies of the log's header. Borrows the memory it was given. One thread. */
final class LogFileCheck {
    /** What the rest of the check needs to know. */
    record Facts(int extentSize, long generation) {
    }

    private final CheckedFile log;
    private final IdentityCheck.Facts identity;
    private final MemorySegment memory;
    private final Crc32c crc = new Crc32c();

    /** @param memory at least two blocks */
    LogFileCheck(CheckedFile log, IdentityCheck.Facts identity, MemorySegment memory) {
        this.log = log;
        this.identity = identity;
        this.memory = memory;
    }

    /** The facts of the first readable copy, or {@code null} if there is none. */
    Facts check() {
        boolean first = readable(0, HEADER_POSITION, "log header");
        boolean second = readable(BLOCK_SIZE, HEADER_COPY_POSITION, "second log header");
        if (!first && !second) {
            return null;
        }
        long offset = first ? 0 : BLOCK_SIZE;
        if (first && second) {
            long mismatch = MemorySegment.mismatch(memory, 0, BLOCK_SIZE, memory, BLOCK_SIZE, 2L * BLOCK_SIZE);
            if (mismatch >= 0) {
                log.damage(HEADER_COPY_POSITION, "second log header",
                        "expected the bytes of the first, found another one at offset " + mismatch);
            }
        }
        return new Facts(Bytes.intAt(memory, offset + EXTENT_SIZE_OFFSET),
                Bytes.longAt(memory, offset + GENERATION_OFFSET));
    }

    private boolean readable(long offset, long position, String object) {
        String wrong = log.readOrWhy(position, memory, offset, BLOCK_SIZE);
        if (wrong == null) {
            wrong = wrong(offset);
        }
        if (wrong != null) {
            log.damage(position, object, wrong);
        }
        return wrong == null;
    }

    private String wrong(long offset) {
        int expected = Bytes.intAt(memory, offset + CHECKSUM_OFFSET);
        int found = crc.of(memory, offset, CHECKSUM_OFFSET);
        if (expected != found) {
            return "expected checksum " + Bytes.hex(expected) + ", bytes give " + Bytes.hex(found);
        }
        if (Bytes.longAt(memory, offset + MAGIC_OFFSET) != LogFileLayout.MAGIC) {
            return "expected the magic of a log, found another one";
        }
        if (Bytes.intAt(memory, offset + FORMAT_VERSION_OFFSET) != FileLayout.FORMAT_VERSION
                || Bytes.longAt(memory, offset + FEATURES_INCOMPATIBLE_OFFSET) != 0) {
            return "expected format version " + FileLayout.FORMAT_VERSION + " without features, found version "
                    + Bytes.intAt(memory, offset + FORMAT_VERSION_OFFSET) + " and bits "
                    + Long.toHexString(Bytes.longAt(memory, offset + FEATURES_INCOMPATIBLE_OFFSET));
        }
        if (Bytes.longAt(memory, offset + UUID_HIGH_OFFSET) != identity.uuidHigh()
                || Bytes.longAt(memory, offset + UUID_LOW_OFFSET) != identity.uuidLow()) {
            return "expected the log of this database, found that of another";
        }
        int extentSize = Bytes.intAt(memory, offset + EXTENT_SIZE_OFFSET);
        if (extentSize <= 0 || extentSize > EXTENT_LENGTH_MAX || extentSize % EXTENT_ALIGNMENT != 0) {
            return "expected log extents of a multiple of " + EXTENT_ALIGNMENT + " bytes up to " + EXTENT_LENGTH_MAX
                    + ", found " + Integer.toUnsignedString(extentSize);
        }
        if (Bytes.longAt(memory, offset + GENERATION_OFFSET) == 0) {
            return "expected a generation, found 0";
        }
        return Bytes.firstNonZero(memory, offset + RESERVED_OFFSET, RESERVED_SIZE) >= 0
                ? "expected reserved bytes of zero, found others"
                : null;
    }
}
