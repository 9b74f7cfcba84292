package io.nexuslite.check;

import static io.nexuslite.format.IdentityLayout.CHECKSUM_OFFSET;
import static io.nexuslite.format.IdentityLayout.CREATED_MILLIS_OFFSET;
import static io.nexuslite.format.IdentityLayout.ENDIANNESS_OFFSET;
import static io.nexuslite.format.IdentityLayout.FEATURES_INCOMPATIBLE_OFFSET;
import static io.nexuslite.format.IdentityLayout.FORMAT_VERSION_OFFSET;
import static io.nexuslite.format.IdentityLayout.MAGIC_OFFSET;
import static io.nexuslite.format.IdentityLayout.PAGE_SIZE_OFFSET;
import static io.nexuslite.format.IdentityLayout.RESERVED_HEAD_OFFSET;
import static io.nexuslite.format.IdentityLayout.RESERVED_HEAD_SIZE;
import static io.nexuslite.format.IdentityLayout.RESERVED_OFFSET;
import static io.nexuslite.format.IdentityLayout.RESERVED_SIZE;
import static io.nexuslite.format.IdentityLayout.SECTOR_SIZE_OFFSET;
import static io.nexuslite.format.IdentityLayout.TAG_LENGTH_OFFSET;
import static io.nexuslite.format.IdentityLayout.UUID_HIGH_OFFSET;
import static io.nexuslite.format.IdentityLayout.UUID_LOW_OFFSET;

import io.nexuslite.error.IncompatibleFormatException;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.FileLayout;
import io.nexuslite.format.IdentityLayout;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/** Checks both copies of the identity. Borrows the memory it was given. One thread. */
final class IdentityCheck {
    private static final int SECTOR_SIZE_MIN = 512;

    /** What the rest of the check needs to know. */
    record Facts(int pageSize, long uuidHigh, long uuidLow) {
        UUID uuid() {
            return new UUID(uuidHigh, uuidLow);
        }
    }

    private final CheckedFile file;
    private final MemorySegment memory;
    private final Crc32c crc = new Crc32c();

    /** @param memory at least two blocks */
    IdentityCheck(CheckedFile file, MemorySegment memory) {
        this.file = file;
        this.memory = memory;
    }

    /**
     * The facts of the first copy whose checksum is right, or {@code null} if neither is.
     *
     * @throws IncompatibleFormatException if the file is of a format that this build does not know
     */
    Facts check() {
        boolean first = readable(0, FileLayout.IDENTITY_POSITION, "identity");
        boolean second = readable(FileLayout.BLOCK_SIZE, FileLayout.IDENTITY_COPY_POSITION, "second identity");
        if (!first && !second) {
            return null;
        }
        long offset = first ? 0 : FileLayout.BLOCK_SIZE;
        refuseUnknown(offset);
        if (first) {
            checkFields(0, FileLayout.IDENTITY_POSITION, "identity");
        }
        if (second) {
            checkFields(FileLayout.BLOCK_SIZE, FileLayout.IDENTITY_COPY_POSITION, "second identity");
        }
        if (first && second) {
            long mismatch = MemorySegment.mismatch(memory, 0, FileLayout.BLOCK_SIZE, memory, FileLayout.BLOCK_SIZE,
                    2L * FileLayout.BLOCK_SIZE);
            if (mismatch >= 0) {
                file.damage(FileLayout.IDENTITY_COPY_POSITION, "second identity",
                        "expected the bytes of the first, found another one at offset " + mismatch);
            }
        }
        int pageSize = Bytes.intAt(memory, offset + PAGE_SIZE_OFFSET);
        return FileLayout.isPageSize(pageSize)
                ? new Facts(pageSize, Bytes.longAt(memory, offset + UUID_HIGH_OFFSET),
                        Bytes.longAt(memory, offset + UUID_LOW_OFFSET))
                : null;
    }

    /** Whether a block starts as an identity does; after {@link #check}. */
    boolean anyMagic() {
        return Bytes.longAt(memory, MAGIC_OFFSET) == IdentityLayout.MAGIC
                || Bytes.longAt(memory, FileLayout.BLOCK_SIZE + MAGIC_OFFSET) == IdentityLayout.MAGIC;
    }

    private boolean readable(long offset, long position, String object) {
        if (!file.read(position, memory, offset, FileLayout.BLOCK_SIZE, object)) {
            memory.asSlice(offset, FileLayout.BLOCK_SIZE).fill((byte) 0);
            return false;
        }
        int expected = Bytes.intAt(memory, offset + CHECKSUM_OFFSET);
        int found = crc.of(memory, offset, CHECKSUM_OFFSET);
        if (expected != found) {
            file.damage(position, object,
                    "expected checksum " + Bytes.hex(expected) + ", bytes give " + Bytes.hex(found));
            return false;
        }
        if (Bytes.longAt(memory, offset + MAGIC_OFFSET) != IdentityLayout.MAGIC) {
            file.damage(position, object, "expected the magic of an identity, found another one");
            return false;
        }
        return true;
    }

    private void refuseUnknown(long offset) {
        int version = Bytes.intAt(memory, offset + FORMAT_VERSION_OFFSET);
        if (version != FileLayout.FORMAT_VERSION) {
            throw new IncompatibleFormatException(
                    "Unknown format: expected version " + FileLayout.FORMAT_VERSION + ", found " + version,
                    file.name());
        }
        long features = Bytes.longAt(memory, offset + FEATURES_INCOMPATIBLE_OFFSET);
        if (features != 0) {
            throw new IncompatibleFormatException(
                    "Unknown feature: expected no incompatible feature, found bits " + Long.toHexString(features),
                    file.name());
        }
        int tag = Bytes.intAt(memory, offset + TAG_LENGTH_OFFSET);
        if (tag != 0) {
            throw new IncompatibleFormatException("Unknown feature: expected tags of 0 bytes, found " + tag,
                    file.name());
        }
    }

    private void checkFields(long offset, long position, String object) {
        int pageSize = Bytes.intAt(memory, offset + PAGE_SIZE_OFFSET);
        if (!FileLayout.isPageSize(pageSize)) {
            file.damage(position, object, "expected a page size of 8192, 16384 or 32768 bytes, found " + pageSize);
        }
        if (Bytes.intAt(memory, offset + ENDIANNESS_OFFSET) != IdentityLayout.ENDIANNESS) {
            file.damage(position, object, "expected the mark of little-endian bytes, found "
                    + Bytes.hex(Bytes.intAt(memory, offset + ENDIANNESS_OFFSET)));
        }
        int sector = Bytes.intAt(memory, offset + SECTOR_SIZE_OFFSET);
        if (sector < SECTOR_SIZE_MIN || Integer.bitCount(sector) != 1) {
            file.damage(position, object, "expected a sector size that is a power of two from " + SECTOR_SIZE_MIN
                    + " bytes on, found " + sector);
        }
        if (Bytes.longAt(memory, offset + CREATED_MILLIS_OFFSET) < 0) {
            file.damage(position, object, "expected a time of creation from 1970 on, found "
                    + Bytes.longAt(memory, offset + CREATED_MILLIS_OFFSET));
        }
        if (Bytes.firstNonZero(memory, offset + RESERVED_HEAD_OFFSET, RESERVED_HEAD_SIZE) >= 0
                || Bytes.firstNonZero(memory, offset + RESERVED_OFFSET, RESERVED_SIZE) >= 0) {
            file.damage(position, object, "expected reserved bytes of zero, found others");
        }
    }
}
