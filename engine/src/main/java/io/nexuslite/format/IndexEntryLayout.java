package io.nexuslite.format;

/** Value of an entry in an index's tree, and the keys of that tree that are no entries. Meaning: docs/file-format.md, "Index trees". */
public final class IndexEntryLayout {
    /** First byte of the keys that are no entries: below all key strings. */
    public static final byte MARK = 0;
    /** Second byte behind {@link #MARK}: which paths are multikey. */
    public static final byte MARK_MULTIKEY = 1;
    /** Second byte behind {@link #MARK}: a piece of the definition; its number follows, one byte. */
    public static final byte MARK_DEFINITION = 2;
    /** First byte that an entry's key may have. */
    public static final byte ENTRY_FIRST = 1;

    /** See the flags. */
    public static final int FLAGS_OFFSET = 0;
    public static final int FLAGS_SIZE = 1;
    /** Bytes of the key string of the document's {@code _id}. */
    public static final int ID_LENGTH_OFFSET = FLAGS_OFFSET + FLAGS_SIZE;
    public static final int ID_LENGTH_SIZE = Short.BYTES;

    /** What follows: the key string of the {@code _id} if the index is unique; then the kinds. */
    public static final int HEADER_SIZE = ID_LENGTH_OFFSET + ID_LENGTH_SIZE;

    /** The document has an array on a path of the index. */
    public static final int FLAG_MULTIKEY = 1;
    /** A kind for each path and for the {@code _id} follows. */
    public static final int FLAG_KINDS = 1 << 1;
    public static final int FLAGS_KNOWN = FLAG_MULTIKEY | FLAG_KINDS;

    /** Kind of a path that the document does not have. */
    public static final byte KIND_MISSING = 0;
    /** In a kind, beside the type: the key string does not tell the value, whose bytes follow the kind. */
    public static final int KIND_RAW = 0x80;

    private IndexEntryLayout() {
    }
}
