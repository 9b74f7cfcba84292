package io.nexuslite.format;

/** Header of a log frame: one change, or the end of a transaction. Meaning: docs/file-format.md, "Log frame". */
public final class LogFrameLayout {
    /** A record of a document tree. */
    public static final byte KIND_PUT_DOCUMENT = 1;
    /** A record of a keyed tree. */
    public static final byte KIND_PUT_KEYED = 2;
    /** A tombstone of a document tree. */
    public static final byte KIND_DELETE_DOCUMENT = 3;
    /** A tombstone of a keyed tree. */
    public static final byte KIND_DELETE_KEYED = 4;
    public static final byte KIND_CREATE_TREE = 5;
    public static final byte KIND_DROP_TREE = 6;
    /** Ends a transaction: no payload, no tree. */
    public static final byte KIND_COMMIT = 7;
    /** Reserved: byte ranges against a named record. */
    public static final byte KIND_RANGE_DELTA = 8;

    /** The record's value lies in extents of the database file that were flushed before the frame was written. */
    public static final byte FLAG_EXTENTS = 1;

    /** Bytes of header and payload, padding not counted. */
    public static final int LENGTH_OFFSET = 0;
    public static final int LENGTH_SIZE = Integer.BYTES;
    public static final int KIND_OFFSET = LENGTH_OFFSET + LENGTH_SIZE;
    public static final int KIND_SIZE = Byte.BYTES;
    public static final int FLAGS_OFFSET = KIND_OFFSET + KIND_SIZE;
    public static final int FLAGS_SIZE = Byte.BYTES;
    public static final int RESERVED_FLAGS_OFFSET = FLAGS_OFFSET + FLAGS_SIZE;
    public static final int RESERVED_FLAGS_SIZE = Short.BYTES;
    public static final int TREE_ID_OFFSET = RESERVED_FLAGS_OFFSET + RESERVED_FLAGS_SIZE;
    public static final int TREE_ID_SIZE = Integer.BYTES;
    public static final int RESERVED_TREE_OFFSET = TREE_ID_OFFSET + TREE_ID_SIZE;
    public static final int RESERVED_TREE_SIZE = Integer.BYTES;
    /** Commit number of the transaction. */
    public static final int CSN_OFFSET = RESERVED_TREE_OFFSET + RESERVED_TREE_SIZE;
    public static final int CSN_SIZE = Long.BYTES;

    /** Bytes of the header; the payload follows, padded with zeros to a multiple of {@link #ALIGNMENT}. */
    public static final int HEADER_SIZE = CSN_OFFSET + CSN_SIZE;

    /** Frames start at multiples of this. */
    public static final int ALIGNMENT = Long.BYTES;

    private LogFrameLayout() {
    }

    /** Bytes that a frame of {@code length} bytes takes, padding included. */
    public static int paddedLength(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
