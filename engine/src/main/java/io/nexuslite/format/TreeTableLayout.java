package io.nexuslite.format;

/** Value of an entry in the tree table, whose key is the tree id, big-endian. Meaning: docs/file-format.md, "Tree table". */
public final class TreeTableLayout {
    public static final byte KIND_DOCUMENT = 1;
    public static final byte KIND_KEYED = 2;

    /** Bytes of the key: a tree id. */
    public static final int KEY_SIZE = Integer.BYTES;

    /** Ids of the trees that every database has. */
    public static final int CATALOG_TREE_ID = 1;
    public static final int TREE_TABLE_TREE_ID = 2;
    public static final int FREE_MAP_TREE_ID = 3;
    public static final int TEMP_DOCUMENTS_TREE_ID = 4;
    public static final int FIRST_USER_TREE_ID = 16;

    /** {@link #KIND_DOCUMENT} or {@link #KIND_KEYED}. */
    public static final int KIND_OFFSET = 0;
    public static final int KIND_SIZE = Byte.BYTES;
    /** None known yet. */
    public static final int FLAGS_OFFSET = KIND_OFFSET + KIND_SIZE;
    public static final int FLAGS_SIZE = Byte.BYTES;
    public static final int RESERVED_OFFSET = FLAGS_OFFSET + FLAGS_SIZE;
    public static final int RESERVED_SIZE = Short.BYTES;
    /** Sealed segments; their list follows; 0 now. */
    public static final int SEGMENT_COUNT_OFFSET = RESERVED_OFFSET + RESERVED_SIZE;
    public static final int SEGMENT_COUNT_SIZE = Integer.BYTES;
    /** Live keys as of the checkpoint. */
    public static final int RECORD_COUNT_OFFSET = SEGMENT_COUNT_OFFSET + SEGMENT_COUNT_SIZE;
    public static final int RECORD_COUNT_SIZE = Long.BYTES;
    /** All zero: empty. */
    public static final int ROOT_POINTER_OFFSET = RECORD_COUNT_OFFSET + RECORD_COUNT_SIZE;
    public static final int ROOT_POINTER_SIZE = PointerLayout.POINTER_SIZE;

    /** Bytes in all. */
    public static final int ENTRY_SIZE = ROOT_POINTER_OFFSET + ROOT_POINTER_SIZE;

    private TreeTableLayout() {
    }
}
