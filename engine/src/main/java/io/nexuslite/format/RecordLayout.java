package io.nexuslite.format;

/**
 * A record in a leaf and, with absolute numbers, in a log frame: flags, varints, then the value. Meaning:
 * docs/file-format.md, "Record".
 *
 * <p>Document leaf: flags, csn − base, updated − base, updated − created (zigzag), version − 1, [expiry − base (zigzag)], [tags length, tags],
 * then the BSON body, or with {@link #FLAG_EXTENTS} its length, the count of pointers, the pointers, and a document that holds
 * {@code _id} alone. Keyed leaf: flags, csn − base, key length behind the prefix, key, value length, value.
 * Varints are LEB128, unsigned, at most {@link #VARINT_SIZE_MAX} bytes.
 */
public final class RecordLayout {
    /** The key is deleted; the body of a document record holds {@code _id} alone. */
    public static final int FLAG_TOMBSTONE = 1;
    /** An expiry follows: the document is ephemeral. */
    public static final int FLAG_EXPIRY = 1 << 1;
    public static final int FLAG_TAGS = 1 << 2;
    /** The value lies in extents. */
    public static final int FLAG_EXTENTS = 1 << 3;
    /** Flags that this build knows; any other makes the record unreadable. */
    public static final int FLAGS_KNOWN = FLAG_TOMBSTONE | FLAG_EXPIRY | FLAG_TAGS | FLAG_EXTENTS;

    public static final int VARINT_SIZE_MAX = 10;
    /** Most pointers of one large value. */
    public static final int EXTENTS_MAX = 64;
    /** Values longer than a page divided by this lie in extents. */
    public static final int INLINE_FRACTION = 4;
    /** Values up to this many bytes go whole through the log, also when they lie in extents. */
    public static final int LOGGED_VALUE_MAX = 1024 * 1024;

    private RecordLayout() {
    }
}
