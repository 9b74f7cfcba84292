package io.nexuslite.format;

/** Manifest slot: the one root of a database. Self-checksummed; the highest valid number wins. Meaning: docs/file-format.md, "Manifest". */
public final class ManifestLayout {
    /** {@code NXLMANIF} in ASCII, read as a little-endian number. */
    public static final long MAGIC = 0x46494E414D4C584EL;
    /** The file alone is the whole database. */
    public static final byte STATE_CLEAN = 1;
    /** The log holds commits that the trees do not. */
    public static final byte STATE_LOG = 2;

    public static final int MAGIC_OFFSET = 0;
    public static final int MAGIC_SIZE = Long.BYTES;
    public static final int FORMAT_VERSION_OFFSET = MAGIC_OFFSET + MAGIC_SIZE;
    public static final int FORMAT_VERSION_SIZE = Integer.BYTES;
    /** {@link #STATE_CLEAN} or {@link #STATE_LOG}. */
    public static final int STATE_OFFSET = FORMAT_VERSION_OFFSET + FORMAT_VERSION_SIZE;
    public static final int STATE_SIZE = Byte.BYTES;
    public static final int RESERVED_STATE_OFFSET = STATE_OFFSET + STATE_SIZE;
    public static final int RESERVED_STATE_SIZE = 3;
    public static final int UUID_HIGH_OFFSET = RESERVED_STATE_OFFSET + RESERVED_STATE_SIZE;
    public static final int UUID_HIGH_SIZE = Long.BYTES;
    public static final int UUID_LOW_OFFSET = UUID_HIGH_OFFSET + UUID_HIGH_SIZE;
    public static final int UUID_LOW_SIZE = Long.BYTES;
    /** From 1 on, each one higher than the one before. */
    public static final int MANIFEST_NUMBER_OFFSET = UUID_LOW_OFFSET + UUID_LOW_SIZE;
    public static final int MANIFEST_NUMBER_SIZE = Long.BYTES;
    /** Counts the openings that have written. */
    public static final int INCARNATION_OFFSET = MANIFEST_NUMBER_OFFSET + MANIFEST_NUMBER_SIZE;
    public static final int INCARNATION_SIZE = Long.BYTES;
    /** The trees hold exactly the commits up to this one. */
    public static final int CHECKPOINT_CSN_OFFSET = INCARNATION_OFFSET + INCARNATION_SIZE;
    public static final int CHECKPOINT_CSN_SIZE = Long.BYTES;
    /** Generation of the log; 0 in a database that has never been written. */
    public static final int LOG_GENERATION_OFFSET = CHECKPOINT_CSN_OFFSET + CHECKPOINT_CSN_SIZE;
    public static final int LOG_GENERATION_SIZE = Long.BYTES;
    /** Log position of the anchor group. */
    public static final int ANCHOR_POSITION_OFFSET = LOG_GENERATION_OFFSET + LOG_GENERATION_SIZE;
    public static final int ANCHOR_POSITION_SIZE = Long.BYTES;
    /** Log position behind the anchor group: replay starts here. */
    public static final int ANCHOR_END_OFFSET = ANCHOR_POSITION_OFFSET + ANCHOR_POSITION_SIZE;
    public static final int ANCHOR_END_SIZE = Long.BYTES;
    /** Header checksum of the anchor group. */
    public static final int ANCHOR_CHECKSUM_OFFSET = ANCHOR_END_OFFSET + ANCHOR_END_SIZE;
    public static final int ANCHOR_CHECKSUM_SIZE = Integer.BYTES;
    /** Smallest tree id never given. */
    public static final int NEXT_TREE_ID_OFFSET = ANCHOR_CHECKSUM_OFFSET + ANCHOR_CHECKSUM_SIZE;
    public static final int NEXT_TREE_ID_SIZE = Integer.BYTES;
    /** The wall clock that the engine shows never goes below this. */
    public static final int CLOCK_FLOOR_MILLIS_OFFSET = NEXT_TREE_ID_OFFSET + NEXT_TREE_ID_SIZE;
    public static final int CLOCK_FLOOR_MILLIS_SIZE = Long.BYTES;
    /** Pages from position 0 to the end of what this manifest accounts for. */
    public static final int FILE_PAGES_OFFSET = CLOCK_FLOOR_MILLIS_OFFSET + CLOCK_FLOOR_MILLIS_SIZE;
    public static final int FILE_PAGES_SIZE = Long.BYTES;
    /** First page of the reserve, or 0. */
    public static final int RESERVE_PAGE_OFFSET = FILE_PAGES_OFFSET + FILE_PAGES_SIZE;
    public static final int RESERVE_PAGE_SIZE = Long.BYTES;
    /** Pages of the reserve. */
    public static final int RESERVE_PAGES_OFFSET = RESERVE_PAGE_OFFSET + RESERVE_PAGE_SIZE;
    public static final int RESERVE_PAGES_SIZE = Long.BYTES;
    /** Pages that the free map lists as free. */
    public static final int FREE_PAGES_OFFSET = RESERVE_PAGES_OFFSET + RESERVE_PAGES_SIZE;
    public static final int FREE_PAGES_SIZE = Long.BYTES;
    /** Pages that the free map lists as pending. */
    public static final int PENDING_PAGES_OFFSET = FREE_PAGES_OFFSET + FREE_PAGES_SIZE;
    public static final int PENDING_PAGES_SIZE = Long.BYTES;
    public static final int TREE_TABLE_POINTER_OFFSET = PENDING_PAGES_OFFSET + PENDING_PAGES_SIZE;
    public static final int TREE_TABLE_POINTER_SIZE = PointerLayout.POINTER_SIZE;
    public static final int CATALOG_POINTER_OFFSET = TREE_TABLE_POINTER_OFFSET + TREE_TABLE_POINTER_SIZE;
    public static final int CATALOG_POINTER_SIZE = PointerLayout.POINTER_SIZE;
    public static final int FREE_MAP_POINTER_OFFSET = CATALOG_POINTER_OFFSET + CATALOG_POINTER_SIZE;
    public static final int FREE_MAP_POINTER_SIZE = PointerLayout.POINTER_SIZE;
    /** Room for keys and signatures; zero now. */
    public static final int SECURITY_POINTER_OFFSET = FREE_MAP_POINTER_OFFSET + FREE_MAP_POINTER_SIZE;
    public static final int SECURITY_POINTER_SIZE = PointerLayout.POINTER_SIZE;
    /** Records of the catalog. */
    public static final int CATALOG_RECORDS_OFFSET = SECURITY_POINTER_OFFSET + SECURITY_POINTER_SIZE;
    public static final int CATALOG_RECORDS_SIZE = Long.BYTES;
    public static final int RESERVED_OFFSET = CATALOG_RECORDS_OFFSET + CATALOG_RECORDS_SIZE;
    public static final int RESERVED_SIZE = FileLayout.BLOCK_SIZE - Integer.BYTES
            - (CATALOG_RECORDS_OFFSET + CATALOG_RECORDS_SIZE);
    /** CRC32C of all bytes of the slot before it. */
    public static final int CHECKSUM_OFFSET = RESERVED_OFFSET + RESERVED_SIZE;
    public static final int CHECKSUM_SIZE = Integer.BYTES;

    /** Bytes in all. */
    public static final int SLOT_SIZE = CHECKSUM_OFFSET + CHECKSUM_SIZE;

    private ManifestLayout() {
    }
}
