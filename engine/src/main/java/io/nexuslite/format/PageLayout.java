package io.nexuslite.format;

/** Head of every page. Meaning of the fields: docs/file-format.md, "Page". */
public final class PageLayout {
    /** Kinds, of a page and in a pointer to it; 0 is no kind, so a zeroed page never passes for one. */
    public static final byte KIND_DOCUMENT_LEAF = 1;
    public static final byte KIND_KEYED_LEAF = 2;
    public static final byte KIND_INNER = 3;
    /** Kind in a pointer to a piece of a large value, which has no page head. */
    public static final byte KIND_VALUE_EXTENT = 4;

    /** A leaf's head behind the prefix, which is padded to this. */
    public static final int KEY_HEAD_SIZE = Integer.BYTES;
    public static final int SLOT_SIZE = Short.BYTES;
    /** Before each separator of an inner page stands its length, unsigned. */
    public static final int SEPARATOR_LENGTH_SIZE = Short.BYTES;

    public static final int KIND_OFFSET = 0;
    public static final int KIND_SIZE = Byte.BYTES;
    /** 0 = leaf. */
    public static final int LEVEL_OFFSET = KIND_OFFSET + KIND_SIZE;
    public static final int LEVEL_SIZE = Byte.BYTES;
    /** Records of a leaf, children of an inner page; unsigned. */
    public static final int SLOT_COUNT_OFFSET = LEVEL_OFFSET + LEVEL_SIZE;
    public static final int SLOT_COUNT_SIZE = Short.BYTES;
    public static final int TREE_ID_OFFSET = SLOT_COUNT_OFFSET + SLOT_COUNT_SIZE;
    public static final int TREE_ID_SIZE = Integer.BYTES;
    /** The page's own number. */
    public static final int PAGE_NUMBER_OFFSET = TREE_ID_OFFSET + TREE_ID_SIZE;
    public static final int PAGE_NUMBER_SIZE = Long.BYTES;
    /** Manifest in which the page was written. */
    public static final int BIRTH_MANIFEST_OFFSET = PAGE_NUMBER_OFFSET + PAGE_NUMBER_SIZE;
    public static final int BIRTH_MANIFEST_SIZE = Long.BYTES;
    /** Leaf: smallest commit number of its records; they hold the difference. */
    public static final int CSN_BASE_OFFSET = BIRTH_MANIFEST_OFFSET + BIRTH_MANIFEST_SIZE;
    public static final int CSN_BASE_SIZE = Long.BYTES;
    /** Document leaf: smallest time of update, milliseconds since 1970 UTC. */
    public static final int TIME_BASE_OFFSET = CSN_BASE_OFFSET + CSN_BASE_SIZE;
    public static final int TIME_BASE_SIZE = Long.BYTES;
    /** Bytes from the start of the page to its first record or separator. */
    public static final int HEAP_START_OFFSET = TIME_BASE_OFFSET + TIME_BASE_SIZE;
    public static final int HEAP_START_SIZE = Integer.BYTES;
    /** Leaf: bytes that all keys of the page share. */
    public static final int PREFIX_LENGTH_OFFSET = HEAP_START_OFFSET + HEAP_START_SIZE;
    public static final int PREFIX_LENGTH_SIZE = Short.BYTES;
    public static final int RESERVED_OFFSET = PREFIX_LENGTH_OFFSET + PREFIX_LENGTH_SIZE;
    public static final int RESERVED_SIZE = Short.BYTES;

    /** Bytes in all. */
    public static final int HEADER_SIZE = RESERVED_OFFSET + RESERVED_SIZE;

    private PageLayout() {
    }
}
