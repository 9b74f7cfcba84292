package io.nexuslite.check;

/**
 * How a check is done.
 *
 * @param findingsMax most findings that are kept; the rest is counted only. At least 1
 * @param accountBytesMax most bytes of each of the two maps of pages. A larger database is walked once for each part that fits; 64 or more
 */
public record CheckOptions(int findingsMax, int accountBytesMax) {
    /** Most bytes that a check with {@link #DEFAULT} takes outside the heap: 64 MiB. */
    public static final long MEMORY_BYTES_MAX = 64L << 20;

    private static final int ACCOUNT_BYTES = 14 << 20; // 0.9 TiB of 8 KiB pages in one walk

    /** 1,000 findings; one walk up to 0.9 TiB of 8 KiB pages. */
    public static final CheckOptions DEFAULT = new CheckOptions(1000, ACCOUNT_BYTES);

    public CheckOptions {
        if (findingsMax < 1 || accountBytesMax < 64) {
            throw new IllegalArgumentException(
                    "Bad options: expected findingsMax of at least 1 and accountBytesMax of at least 64, found "
                            + findingsMax + " and " + accountBytesMax + ".");
        }
    }

    /** These options with another number of findings to keep. */
    public CheckOptions withFindingsMax(int findings) {
        return new CheckOptions(findings, accountBytesMax);
    }

    /** These options with other maps of pages. */
    public CheckOptions withAccountBytesMax(int bytes) {
        return new CheckOptions(findingsMax, bytes);
    }
}
