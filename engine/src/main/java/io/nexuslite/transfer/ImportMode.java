package io.nexuslite.transfer;

/** What becomes of a document whose id the collection has already. */
public enum ImportMode {
    /** It is an error of its row, which may be skipped. */
    INSERT,
    /** It replaces the one that is there. */
    UPSERT,
    /** Its fields take the place of those of the one that is there, whose other fields stay. */
    MERGE,
    /** The one that is there stays, and that is no error. */
    SKIP,
    /** The import fails, also where errors are skipped. */
    FAIL
}
