package io.nexuslite.format;

/** Identity block of a database, in two copies; never changes after creation. Meaning: docs/file-format.md, "Identity". */
public final class IdentityLayout {
    /** {@code NEXUSLT1} in ASCII, read as a little-endian number. */
    public static final long MAGIC = 0x31544C535558454EL;
    /** Reads as this number only with the right byte order. */
    public static final int ENDIANNESS = 0x01020304;

    public static final int MAGIC_OFFSET = 0;
    public static final int MAGIC_SIZE = Long.BYTES;
    public static final int FORMAT_VERSION_OFFSET = MAGIC_OFFSET + MAGIC_SIZE;
    public static final int FORMAT_VERSION_SIZE = Integer.BYTES;
    /** Bytes of a page. */
    public static final int PAGE_SIZE_OFFSET = FORMAT_VERSION_OFFSET + FORMAT_VERSION_SIZE;
    public static final int PAGE_SIZE_SIZE = Integer.BYTES;
    public static final int UUID_HIGH_OFFSET = PAGE_SIZE_OFFSET + PAGE_SIZE_SIZE;
    public static final int UUID_HIGH_SIZE = Long.BYTES;
    public static final int UUID_LOW_OFFSET = UUID_HIGH_OFFSET + UUID_HIGH_SIZE;
    public static final int UUID_LOW_SIZE = Long.BYTES;
    /** What the device wrote whole when the file was created, in bytes. */
    public static final int SECTOR_SIZE_OFFSET = UUID_LOW_OFFSET + UUID_LOW_SIZE;
    public static final int SECTOR_SIZE_SIZE = Integer.BYTES;
    public static final int ENDIANNESS_OFFSET = SECTOR_SIZE_OFFSET + SECTOR_SIZE_SIZE;
    public static final int ENDIANNESS_SIZE = Integer.BYTES;
    /** Bytes of authentication tag behind each page, block and group; 0 now. */
    public static final int TAG_LENGTH_OFFSET = ENDIANNESS_OFFSET + ENDIANNESS_SIZE;
    public static final int TAG_LENGTH_SIZE = Integer.BYTES;
    /** Oldest build that can read the file. */
    public static final int READER_VERSION_OFFSET = TAG_LENGTH_OFFSET + TAG_LENGTH_SIZE;
    public static final int READER_VERSION_SIZE = Integer.BYTES;
    /** Build that created the file. */
    public static final int WRITER_VERSION_OFFSET = READER_VERSION_OFFSET + READER_VERSION_SIZE;
    public static final int WRITER_VERSION_SIZE = Integer.BYTES;
    public static final int RESERVED_HEAD_OFFSET = WRITER_VERSION_OFFSET + WRITER_VERSION_SIZE;
    public static final int RESERVED_HEAD_SIZE = Integer.BYTES;
    /** Unknown bits here may be ignored. */
    public static final int FEATURES_COMPATIBLE_OFFSET = RESERVED_HEAD_OFFSET + RESERVED_HEAD_SIZE;
    public static final int FEATURES_COMPATIBLE_SIZE = Long.BYTES;
    /** Unknown bits here allow reading only. */
    public static final int FEATURES_READ_ONLY_OFFSET = FEATURES_COMPATIBLE_OFFSET + FEATURES_COMPATIBLE_SIZE;
    public static final int FEATURES_READ_ONLY_SIZE = Long.BYTES;
    /** Unknown bits here forbid opening. */
    public static final int FEATURES_INCOMPATIBLE_OFFSET = FEATURES_READ_ONLY_OFFSET + FEATURES_READ_ONLY_SIZE;
    public static final int FEATURES_INCOMPATIBLE_SIZE = Long.BYTES;
    public static final int CREATED_MILLIS_OFFSET = FEATURES_INCOMPATIBLE_OFFSET + FEATURES_INCOMPATIBLE_SIZE;
    public static final int CREATED_MILLIS_SIZE = Long.BYTES;
    public static final int RESERVED_OFFSET = CREATED_MILLIS_OFFSET + CREATED_MILLIS_SIZE;
    public static final int RESERVED_SIZE = FileLayout.BLOCK_SIZE - Integer.BYTES
            - (CREATED_MILLIS_OFFSET + CREATED_MILLIS_SIZE);
    /** CRC32C of all bytes of the block before it. */
    public static final int CHECKSUM_OFFSET = RESERVED_OFFSET + RESERVED_SIZE;
    public static final int CHECKSUM_SIZE = Integer.BYTES;

    /** Bytes in all. */
    public static final int BLOCK_SIZE = CHECKSUM_OFFSET + CHECKSUM_SIZE;

    private IdentityLayout() {
    }
}
