package io.nexuslite.wasp.space;

import static io.nexuslite.wasp.space.Blocks.INT;
import static io.nexuslite.wasp.space.Blocks.LONG;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.IncompatibleFormatException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.format.IdentityLayout;
import io.nexuslite.io.StoreFile;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/**
 * What a database is for ever: written once at creation, in two copies.
 *
 * @param uuid of the database; its log carries the same
 * @param pageSize bytes of a page
 * @param readOnly true if the file uses features that this build can read but not write
 */
public record Identity(UUID uuid, int pageSize, boolean readOnly) {
    private static final int BUILD_VERSION = 1;

    /** Writes both copies; the caller flushes. */
    static void create(StoreFile file, Blocks blocks, Identity identity, long nowMillis) {
        MemorySegment block = blocks.clear();
        block.set(LONG, IdentityLayout.MAGIC_OFFSET, IdentityLayout.MAGIC);
        block.set(INT, IdentityLayout.FORMAT_VERSION_OFFSET, FileLayout.FORMAT_VERSION);
        block.set(INT, IdentityLayout.PAGE_SIZE_OFFSET, identity.pageSize());
        block.set(LONG, IdentityLayout.UUID_HIGH_OFFSET, identity.uuid().getMostSignificantBits());
        block.set(LONG, IdentityLayout.UUID_LOW_OFFSET, identity.uuid().getLeastSignificantBits());
        block.set(INT, IdentityLayout.SECTOR_SIZE_OFFSET, file.blockSize());
        block.set(INT, IdentityLayout.ENDIANNESS_OFFSET, IdentityLayout.ENDIANNESS);
        block.set(INT, IdentityLayout.READER_VERSION_OFFSET, BUILD_VERSION);
        block.set(INT, IdentityLayout.WRITER_VERSION_OFFSET, BUILD_VERSION);
        block.set(LONG, IdentityLayout.CREATED_MILLIS_OFFSET, nowMillis);
        blocks.write(file, FileLayout.IDENTITY_POSITION);
        blocks.write(file, FileLayout.IDENTITY_COPY_POSITION);
    }

    /**
     * Reads the first copy whose checksum is right.
     *
     * @throws IncompatibleFormatException if this is no database, or one that this build must not open
     * @throws CorruptionException if both copies are damaged
     */
    static Identity read(StoreFile file, Blocks blocks, String name) {
        MemorySegment block = blocks.read(file, FileLayout.IDENTITY_POSITION);
        if (block == null) {
            block = blocks.read(file, FileLayout.IDENTITY_COPY_POSITION);
        }
        if (block == null) {
            if (!blocks.startsWith(file, FileLayout.IDENTITY_POSITION, IdentityLayout.MAGIC)
                    && !blocks.startsWith(file, FileLayout.IDENTITY_COPY_POSITION, IdentityLayout.MAGIC)) {
                throw new IncompatibleFormatException("Not a NexusLite database: no identity", name);
            }
            throw CorruptionException.of("Both copies of the identity are unreadable", name,
                    FileLayout.IDENTITY_POSITION,
                    "identity");
        }
        return check(block, name);
    }

    private static Identity check(MemorySegment block, String name) {
        if (block.get(LONG, IdentityLayout.MAGIC_OFFSET) != IdentityLayout.MAGIC) {
            throw new IncompatibleFormatException("Not a NexusLite database: wrong magic", name);
        }
        int formatVersion = block.get(INT, IdentityLayout.FORMAT_VERSION_OFFSET);
        int readerVersion = block.get(INT, IdentityLayout.READER_VERSION_OFFSET);
        long incompatible = block.get(LONG, IdentityLayout.FEATURES_INCOMPATIBLE_OFFSET);
        if (formatVersion != FileLayout.FORMAT_VERSION || readerVersion > BUILD_VERSION || incompatible != 0
                || block.get(INT, IdentityLayout.TAG_LENGTH_OFFSET) != 0) {
            throw new IncompatibleFormatException(String.format(
                    "Format is newer: this build reads format %d up to reader version %d, found format %d, reader version %d, "
                            + "incompatible features %016x",
                    FileLayout.FORMAT_VERSION, BUILD_VERSION, formatVersion, readerVersion, incompatible), name);
        }
        int pageSize = block.get(INT, IdentityLayout.PAGE_SIZE_OFFSET);
        if (!FileLayout.isPageSize(pageSize)
                || block.get(INT, IdentityLayout.ENDIANNESS_OFFSET) != IdentityLayout.ENDIANNESS) {
            throw CorruptionException.of("Identity with a right checksum breaks the format: page size " + pageSize,
                    name,
                    FileLayout.IDENTITY_POSITION, "identity");
        }
        UUID uuid = new UUID(block.get(LONG, IdentityLayout.UUID_HIGH_OFFSET),
                block.get(LONG, IdentityLayout.UUID_LOW_OFFSET));
        return new Identity(uuid, pageSize, block.get(LONG, IdentityLayout.FEATURES_READ_ONLY_OFFSET) != 0);
    }
}
