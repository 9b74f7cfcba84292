package io.nexuslite.format;

/** Value of an entry in the free map, whose key is the first page of the run, big-endian. Meaning: docs/file-format.md, "Free map". */
public final class FreeMapLayout {
    /** Bytes of the key: a page number. */
    public static final int KEY_SIZE = Long.BYTES;

    /** Pages of the run. */
    public static final int PAGES_OFFSET = 0;
    public static final int PAGES_SIZE = Long.BYTES;
    /** Pending: manifest in which the run was written; free: 0. */
    public static final int BIRTH_MANIFEST_OFFSET = PAGES_OFFSET + PAGES_SIZE;
    public static final int BIRTH_MANIFEST_SIZE = Long.BYTES;
    /** Pending: first manifest that does not name the run; free: 0. */
    public static final int DEATH_MANIFEST_OFFSET = BIRTH_MANIFEST_OFFSET + BIRTH_MANIFEST_SIZE;
    public static final int DEATH_MANIFEST_SIZE = Long.BYTES;

    /** Bytes in all. */
    public static final int ENTRY_SIZE = DEATH_MANIFEST_OFFSET + DEATH_MANIFEST_SIZE;

    private FreeMapLayout() {
    }
}
