package io.nexuslite.wasp.log;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.ForeignLogException;
import io.nexuslite.error.IncompatibleFormatException;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.FileLayout;
import io.nexuslite.format.LogFileLayout;
import io.nexuslite.io.StoreFile;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/**
 * What a log file is for as long as it exists.
 *
 * @param uuid of its database
 * @param generation random, not 0
 * @param extentBytes bytes of a log extent
 */
record LogFileHeader(UUID uuid, long generation, int extentBytes) {
    /** File position of a log extent. */
    long extentPosition(int extentIndex) {
        return LogFileLayout.EXTENTS_POSITION + (long) extentIndex * extentBytes;
    }

    /** Puts the block into {@code memory} from offset 0 on. */
    void encode(MemorySegment memory, Crc32c crc) {
        LogBytes.zero(memory, 0, LogFileLayout.BLOCK_SIZE);
        memory.set(LogBytes.LONG, LogFileLayout.MAGIC_OFFSET, LogFileLayout.MAGIC);
        memory.set(LogBytes.INT, LogFileLayout.FORMAT_VERSION_OFFSET, FileLayout.FORMAT_VERSION);
        memory.set(LogBytes.INT, LogFileLayout.EXTENT_SIZE_OFFSET, extentBytes);
        memory.set(LogBytes.LONG, LogFileLayout.UUID_HIGH_OFFSET, uuid.getMostSignificantBits());
        memory.set(LogBytes.LONG, LogFileLayout.UUID_LOW_OFFSET, uuid.getLeastSignificantBits());
        memory.set(LogBytes.LONG, LogFileLayout.GENERATION_OFFSET, generation);
        memory.set(LogBytes.INT, LogFileLayout.CHECKSUM_OFFSET, crc.of(memory, 0, LogFileLayout.CHECKSUM_OFFSET));
    }

    /**
     * Reads the first copy whose checksum is right.
     *
     * @param memory scratch for one block
     * @throws ForeignLogException if neither copy is readable, so that nobody can say whose log this is
     * @throws IncompatibleFormatException if this build cannot read the format
     */
    static LogFileHeader read(StoreFile file, String name, MemorySegment memory, Crc32c crc) {
        for (long position : new long[]{LogFileLayout.HEADER_POSITION, LogFileLayout.HEADER_COPY_POSITION}) {
            int length = file.read(position, memory, 0, LogFileLayout.BLOCK_SIZE);
            if (length == LogFileLayout.BLOCK_SIZE
                    && memory.get(LogBytes.LONG, LogFileLayout.MAGIC_OFFSET) == LogFileLayout.MAGIC
                    && memory.get(LogBytes.INT, LogFileLayout.CHECKSUM_OFFSET) == crc.of(memory, 0,
                            LogFileLayout.CHECKSUM_OFFSET)) {
                return check(memory, name, position);
            }
        }
        throw new ForeignLogException("Neither copy of the log's header is readable", name);
    }

    private static LogFileHeader check(MemorySegment memory, String name, long position) {
        int formatVersion = memory.get(LogBytes.INT, LogFileLayout.FORMAT_VERSION_OFFSET);
        long features = memory.get(LogBytes.LONG, LogFileLayout.FEATURES_INCOMPATIBLE_OFFSET);
        if (formatVersion != FileLayout.FORMAT_VERSION || features != 0) {
            throw new IncompatibleFormatException(String.format(
                    "Log format is newer: this build reads format %d, found format %d, incompatible features %016x",
                    FileLayout.FORMAT_VERSION, formatVersion, features), name);
        }
        int extentBytes = memory.get(LogBytes.INT, LogFileLayout.EXTENT_SIZE_OFFSET);
        long generation = memory.get(LogBytes.LONG, LogFileLayout.GENERATION_OFFSET);
        if (extentBytes <= 0 || extentBytes > LogFileLayout.EXTENT_LENGTH_MAX
                || extentBytes % LogFileLayout.EXTENT_ALIGNMENT != 0 || generation == 0) {
            throw CorruptionException.of(
                    "Log header with a right checksum breaks the format: extent size " + extentBytes, name,
                    position, "log header");
        }
        return new LogFileHeader(new UUID(memory.get(LogBytes.LONG, LogFileLayout.UUID_HIGH_OFFSET),
                memory.get(LogBytes.LONG, LogFileLayout.UUID_LOW_OFFSET)), generation, extentBytes);
    }
}
