package io.nexuslite.format;

/** Pointer to a page or an extent: the parent holds the checksum of the child. All zero points to nothing. */
public final class PointerLayout {
    public static final int PAGE_NUMBER_BITS = 48;
    public static final int CODEC_SHIFT = PAGE_NUMBER_BITS;
    public static final int KIND_SHIFT = CODEC_SHIFT + Byte.SIZE;
    public static final long PAGE_NUMBER_MASK = (1L << PAGE_NUMBER_BITS) - 1;
    /** Stored as it is. Other codecs are reserved. */
    public static final byte CODEC_NONE = 0;

    /** Page number in the low 48 bits, then the codec (8 bits), then the kind (8 bits). */
    public static final int PAGE_AND_KIND_OFFSET = 0;
    public static final int PAGE_AND_KIND_SIZE = Long.BYTES;
    /** Manifest in which the target was written. */
    public static final int BIRTH_MANIFEST_OFFSET = PAGE_AND_KIND_OFFSET + PAGE_AND_KIND_SIZE;
    public static final int BIRTH_MANIFEST_SIZE = Long.BYTES;
    /** CRC32C of the target's bytes. */
    public static final int CHECKSUM_OFFSET = BIRTH_MANIFEST_OFFSET + BIRTH_MANIFEST_SIZE;
    public static final int CHECKSUM_SIZE = Integer.BYTES;
    /** Bytes of the target as stored. */
    public static final int LENGTH_OFFSET = CHECKSUM_OFFSET + CHECKSUM_SIZE;
    public static final int LENGTH_SIZE = Integer.BYTES;

    /** Bytes in all. */
    public static final int POINTER_SIZE = LENGTH_OFFSET + LENGTH_SIZE;

    private PointerLayout() {
    }
}
