package io.nexuslite.format;

/** Header of a log group: what one write puts into the log. Meaning: docs/file-format.md, "Log group". */
public final class LogGroupLayout {
    /** {@code NXLG} in ASCII, read as a little-endian number. */
    public static final int MAGIC = 0x474C584E;

    public static final int MAGIC_OFFSET = 0;
    public static final int MAGIC_SIZE = Integer.BYTES;
    /** Key that the frames are encrypted with; 0: they are not. */
    public static final int KEY_ID_OFFSET = MAGIC_OFFSET + MAGIC_SIZE;
    public static final int KEY_ID_SIZE = Short.BYTES;
    public static final int RESERVED_KEY_OFFSET = KEY_ID_OFFSET + KEY_ID_SIZE;
    public static final int RESERVED_KEY_SIZE = Short.BYTES;
    public static final int GENERATION_OFFSET = RESERVED_KEY_OFFSET + RESERVED_KEY_SIZE;
    public static final int GENERATION_SIZE = Long.BYTES;
    /** Own log position. */
    public static final int LOG_POSITION_OFFSET = GENERATION_OFFSET + GENERATION_SIZE;
    public static final int LOG_POSITION_SIZE = Long.BYTES;
    /** Own position in the file; a copy that lies elsewhere is no group. */
    public static final int FILE_POSITION_OFFSET = LOG_POSITION_OFFSET + LOG_POSITION_SIZE;
    public static final int FILE_POSITION_SIZE = Long.BYTES;
    /** Bytes of header, frames and padding: a multiple of {@link #ALIGNMENT}. */
    public static final int LENGTH_OFFSET = FILE_POSITION_OFFSET + FILE_POSITION_SIZE;
    public static final int LENGTH_SIZE = Integer.BYTES;
    /** Bytes of frames. */
    public static final int FRAMES_LENGTH_OFFSET = LENGTH_OFFSET + LENGTH_SIZE;
    public static final int FRAMES_LENGTH_SIZE = Integer.BYTES;
    public static final int FRAME_COUNT_OFFSET = FRAMES_LENGTH_OFFSET + FRAMES_LENGTH_SIZE;
    public static final int FRAME_COUNT_SIZE = Integer.BYTES;
    /** Header checksum of the group before; 0 in the first of a generation. */
    public static final int PREVIOUS_CHECKSUM_OFFSET = FRAME_COUNT_OFFSET + FRAME_COUNT_SIZE;
    public static final int PREVIOUS_CHECKSUM_SIZE = Integer.BYTES;
    /** Commit number of the first frame; in a bare group the next one to be given. */
    public static final int FIRST_CSN_OFFSET = PREVIOUS_CHECKSUM_OFFSET + PREVIOUS_CHECKSUM_SIZE;
    public static final int FIRST_CSN_SIZE = Long.BYTES;
    /** Commit number of the last frame; in a bare group one less than the first. */
    public static final int LAST_CSN_OFFSET = FIRST_CSN_OFFSET + FIRST_CSN_SIZE;
    public static final int LAST_CSN_SIZE = Long.BYTES;
    /** All groups below this log position had been flushed when this one was written. */
    public static final int WITNESS_POSITION_OFFSET = LAST_CSN_OFFSET + LAST_CSN_SIZE;
    public static final int WITNESS_POSITION_SIZE = Long.BYTES;
    /** Newest manifest whose slot had been flushed when this group was written; 0: none of this incarnation. */
    public static final int WITNESS_MANIFEST_OFFSET = WITNESS_POSITION_OFFSET + WITNESS_POSITION_SIZE;
    public static final int WITNESS_MANIFEST_SIZE = Long.BYTES;
    /** CRC32C of frames and padding. */
    public static final int BODY_CHECKSUM_OFFSET = WITNESS_MANIFEST_OFFSET + WITNESS_MANIFEST_SIZE;
    public static final int BODY_CHECKSUM_SIZE = Integer.BYTES;
    public static final int RESERVED_OFFSET = BODY_CHECKSUM_OFFSET + BODY_CHECKSUM_SIZE;
    public static final int RESERVED_SIZE = 40;
    /** CRC32C of all bytes of the header before it. */
    public static final int HEADER_CHECKSUM_OFFSET = RESERVED_OFFSET + RESERVED_SIZE;
    public static final int HEADER_CHECKSUM_SIZE = Integer.BYTES;

    /** Bytes of the header; frames follow. */
    public static final int HEADER_SIZE = HEADER_CHECKSUM_OFFSET + HEADER_CHECKSUM_SIZE;

    /** Groups start at multiples of this. */
    public static final int ALIGNMENT = HEADER_SIZE;
    /** Longest group, in bytes: what a reader needs memory for. */
    public static final int LENGTH_MAX = 32 * 1024 * 1024;

    private LogGroupLayout() {
    }
}
