package io.nexuslite.check;

import java.util.UUID;

/** What a check counted. Filled while it runs, by its thread alone; zero where it did not come so far. */
public final class CheckCounts {
    UUID databaseId;
    int pageSize;
    long manifestNumber;
    boolean clean;
    long checkpointCsn;
    boolean logPresent;
    long trees;
    long documents;
    long ephemeralDocuments;
    long records;
    long treePages;
    long extentPages;
    long freePages;
    long pendingPages;
    long reservePages;
    long filePages;
    long logGroups;
    long logFrames;
    long logTransactions;
    long logTransactionsUnfinished;
    long logLastCsn;
    long bytesRead;

    CheckCounts() {
    }

    /** The database's UUID, or {@code null} if no identity could be read. */
    public UUID databaseId() {
        return databaseId;
    }

    /** Bytes of a page. */
    public int pageSize() {
        return pageSize;
    }

    /** Number of the newest readable manifest; 0 if there is none. */
    public long manifestNumber() {
        return manifestNumber;
    }

    /** Whether the newest manifest says that the file alone is everything. */
    public boolean clean() {
        return clean;
    }

    /** Commit up to which the trees hold everything. */
    public long checkpointCsn() {
        return checkpointCsn;
    }

    /** Whether a log lies beside the database. */
    public boolean logPresent() {
        return logPresent;
    }

    /** Entries of the tree table. */
    public long trees() {
        return trees;
    }

    /** Documents of all collections, without what only the log holds. */
    public long documents() {
        return documents;
    }

    /** Documents with an expiry. */
    public long ephemeralDocuments() {
        return ephemeralDocuments;
    }

    /** Records of all trees. */
    public long records() {
        return records;
    }

    /** Pages of all trees. */
    public long treePages() {
        return treePages;
    }

    /** Pages of large values. */
    public long extentPages() {
        return extentPages;
    }

    /** Pages that the free map lists as free. */
    public long freePages() {
        return freePages;
    }

    /** Pages that the free map lists as pending. */
    public long pendingPages() {
        return pendingPages;
    }

    /** Pages of the reserve. */
    public long reservePages() {
        return reservePages;
    }

    /** Pages that the manifest accounts for, from position 0 on. */
    public long filePages() {
        return filePages;
    }

    /** Groups of the log behind the anchor. */
    public long logGroups() {
        return logGroups;
    }

    /** Frames in these groups that the trees do not hold. */
    public long logFrames() {
        return logFrames;
    }

    /** Transactions made of these frames, from first frame to commit frame. */
    public long logTransactions() {
        return logTransactions;
    }

    /** Transactions without a commit frame at the end of the log: they never happened. 0 or 1. */
    public long logTransactionsUnfinished() {
        return logTransactionsUnfinished;
    }

    /** Last commit that the log holds whole; 0 if it holds none. */
    public long logLastCsn() {
        return logLastCsn;
    }

    /** Bytes read from both files. */
    public long bytesRead() {
        return bytesRead;
    }
}
