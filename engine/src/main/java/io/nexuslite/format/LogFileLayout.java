package io.nexuslite.format;

/** Header block of a {@code .wasp} file, in two copies; never changes after creation. Meaning: docs/file-format.md, "Log file". */
public final class LogFileLayout {
    /** {@code NXLWASP1} in ASCII, read as a little-endian number. */
    public static final long MAGIC = 0x31505341574C584EL;

    public static final int MAGIC_OFFSET = 0;
    public static final int MAGIC_SIZE = Long.BYTES;
    public static final int FORMAT_VERSION_OFFSET = MAGIC_OFFSET + MAGIC_SIZE;
    public static final int FORMAT_VERSION_SIZE = Integer.BYTES;
    /** Bytes of a log extent: a multiple of 64 KiB. */
    public static final int EXTENT_SIZE_OFFSET = FORMAT_VERSION_OFFSET + FORMAT_VERSION_SIZE;
    public static final int EXTENT_SIZE_SIZE = Integer.BYTES;
    public static final int UUID_HIGH_OFFSET = EXTENT_SIZE_OFFSET + EXTENT_SIZE_SIZE;
    public static final int UUID_HIGH_SIZE = Long.BYTES;
    public static final int UUID_LOW_OFFSET = UUID_HIGH_OFFSET + UUID_HIGH_SIZE;
    public static final int UUID_LOW_SIZE = Long.BYTES;
    /** Random, never 0; what groups of this file carry. */
    public static final int GENERATION_OFFSET = UUID_LOW_OFFSET + UUID_LOW_SIZE;
    public static final int GENERATION_SIZE = Long.BYTES;
    /** Unknown bits forbid reading. */
    public static final int FEATURES_INCOMPATIBLE_OFFSET = GENERATION_OFFSET + GENERATION_SIZE;
    public static final int FEATURES_INCOMPATIBLE_SIZE = Long.BYTES;
    public static final int RESERVED_OFFSET = FEATURES_INCOMPATIBLE_OFFSET + FEATURES_INCOMPATIBLE_SIZE;
    public static final int RESERVED_SIZE = FileLayout.BLOCK_SIZE - Integer.BYTES
            - (FEATURES_INCOMPATIBLE_OFFSET + FEATURES_INCOMPATIBLE_SIZE);
    /** CRC32C of all bytes of the block before it. */
    public static final int CHECKSUM_OFFSET = RESERVED_OFFSET + RESERVED_SIZE;
    public static final int CHECKSUM_SIZE = Integer.BYTES;

    /** Bytes in all. */
    public static final int BLOCK_SIZE = CHECKSUM_OFFSET + CHECKSUM_SIZE;

    /** Position of the first copy. */
    public static final long HEADER_POSITION = 0;
    /** Position of the second copy. */
    public static final long HEADER_COPY_POSITION = BLOCK_SIZE;
    /** Position of log extent 0; the others follow without gaps. */
    public static final long EXTENTS_POSITION = 64 * 1024;

    public static final int EXTENT_ALIGNMENT = 64 * 1024;
    public static final int EXTENT_LENGTH_MAX = 256 * 1024 * 1024;

    private LogFileLayout() {
    }
}
