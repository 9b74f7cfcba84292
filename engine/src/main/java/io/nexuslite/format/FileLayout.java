package io.nexuslite.format;

/** Where things lie in a {@code .nxl} file, format version 1. The first MiB has fixed places; pages lie behind it. */
public final class FileLayout {
    /** Version of the format that this build writes. */
    public static final int FORMAT_VERSION = 1;

    /** Every block in the first MiB is read, written and checked as a whole of this size. */
    public static final int BLOCK_SIZE = 4096;

    /** Position of the first copy of the identity. */
    public static final long IDENTITY_POSITION = 0;
    /** Position of manifest slot 0; slot n lies {@link #MANIFEST_STRIDE} × n behind it. */
    public static final long MANIFEST_POSITION = 64 * 1024;
    public static final long MANIFEST_STRIDE = 64 * 1024;
    /** Manifest n is written to slot n mod this. */
    public static final int MANIFEST_SLOTS = 8;
    public static final long OWNER_POSITION = 768 * 1024;
    /** Position of the second copy of the identity. */
    public static final long IDENTITY_COPY_POSITION = 960 * 1024;
    /** First position that pages may take. */
    public static final long PAGES_POSITION = 1024 * 1024;

    public static final int PAGE_SIZE_DEFAULT = 8 * 1024;
    public static final int PAGE_SIZE_MIN = 8 * 1024;
    public static final int PAGE_SIZE_MAX = 32 * 1024;
    /** Runs of at least this many bytes start at a multiple of it. */
    public static final int RUN_ALIGNMENT = 64 * 1024;

    /** Suffix of the database file, and of its log beside it. */
    public static final String DATABASE_SUFFIX = ".nxl";
    public static final String LOG_SUFFIX = ".wasp";

    private FileLayout() {
    }

    /** Position of the slot that holds manifest {@code manifestNumber}. */
    public static long manifestPosition(long manifestNumber) {
        return MANIFEST_POSITION + (manifestNumber % MANIFEST_SLOTS) * MANIFEST_STRIDE;
    }

    public static boolean isPageSize(int pageSize) {
        return pageSize >= PAGE_SIZE_MIN && pageSize <= PAGE_SIZE_MAX && Integer.bitCount(pageSize) == 1;
    }
}
