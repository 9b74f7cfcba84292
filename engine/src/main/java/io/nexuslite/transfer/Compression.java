package io.nexuslite.transfer;

import java.util.Locale;

/** How the bytes of a file are compressed as a whole. */
public enum Compression {
    /** Not at all. */
    NONE("none", ""),
    /** RFC 1952; one member or several. */
    GZIP("gzip", ".gz"),
    /** RFC 8878; one frame or several. */
    ZSTD("zstd", ".zst"),
    /** LZ4 frames. */
    LZ4("lz4", ".lz4");

    private static final int GZIP_MAGIC = 0x8B1F;
    private static final int ZSTD_MAGIC = 0xFD2FB528;
    private static final int LZ4_MAGIC = 0x184D2204;
    private static final int LZ4_LEGACY_MAGIC = 0x184C2102;

    private final String label;
    private final String suffix;

    Compression(String label, String suffix) {
        this.label = label;
        this.suffix = suffix;
    }

    /** The name by which users choose it. */
    public String label() {
        return label;
    }

    /** Suffix of files, with its dot; empty for {@link #NONE}. */
    public String suffix() {
        return suffix;
    }

    /**
     * The compression with that label, in any case.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Compression of(String label) {
        for (Compression compression : values()) {
            if (compression.label.equalsIgnoreCase(label)) {
                return compression;
            }
        }
        throw new IllegalArgumentException("Unknown compression: expected none, gzip, zstd or lz4, found " + label);
    }

    /** The compression that the name of a file says. */
    public static Compression ofName(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        for (Compression compression : values()) {
            if (compression != NONE && lower.endsWith(compression.suffix)) {
                return compression;
            }
        }
        return NONE;
    }

    /** The name of a file without the suffix of its compression. */
    static String plainName(String fileName) {
        return fileName.substring(0, fileName.length() - ofName(fileName).suffix.length());
    }

    /** The compression that the first bytes of a file show. */
    static Compression ofHead(byte[] head, int length) {
        if (length < Integer.BYTES) {
            return NONE;
        }
        int magic = BsonFileSource.length(head, 0);
        if ((magic & 0xFFFFFF) == (GZIP_MAGIC | 8 << 16)) {
            return GZIP;
        }
        return switch (magic) {
            case ZSTD_MAGIC -> ZSTD;
            case LZ4_MAGIC, LZ4_LEGACY_MAGIC -> LZ4;
            default -> NONE;
        };
    }
}
