package io.nexuslite.format;

/** Owner sector: who has the database open for writing. Written unflushed, zeroed at close, never trusted. */
public final class OwnerLayout {
    /** {@code NXLOWNER} in ASCII, read as a little-endian number. */
    public static final long MAGIC = 0x52454E574F4C584EL;
    public static final int HOST_LENGTH_MAX = 256;

    public static final int MAGIC_OFFSET = 0;
    public static final int MAGIC_SIZE = Long.BYTES;
    public static final int PROCESS_ID_OFFSET = MAGIC_OFFSET + MAGIC_SIZE;
    public static final int PROCESS_ID_SIZE = Long.BYTES;
    public static final int START_MILLIS_OFFSET = PROCESS_ID_OFFSET + PROCESS_ID_SIZE;
    public static final int START_MILLIS_SIZE = Long.BYTES;
    /** Bytes of the host name, at most {@link #HOST_LENGTH_MAX}. */
    public static final int HOST_LENGTH_OFFSET = START_MILLIS_OFFSET + START_MILLIS_SIZE;
    public static final int HOST_LENGTH_SIZE = Integer.BYTES;
    /** UTF-8, zero-padded. */
    public static final int HOST_OFFSET = HOST_LENGTH_OFFSET + HOST_LENGTH_SIZE;
    public static final int HOST_SIZE = 256;
    public static final int RESERVED_OFFSET = HOST_OFFSET + HOST_SIZE;
    public static final int RESERVED_SIZE = FileLayout.BLOCK_SIZE - Integer.BYTES - (HOST_OFFSET + HOST_SIZE);
    /** CRC32C of all bytes of the block before it. */
    public static final int CHECKSUM_OFFSET = RESERVED_OFFSET + RESERVED_SIZE;
    public static final int CHECKSUM_SIZE = Integer.BYTES;

    /** Bytes in all. */
    public static final int BLOCK_SIZE = CHECKSUM_OFFSET + CHECKSUM_SIZE;

    private OwnerLayout() {
    }
}
