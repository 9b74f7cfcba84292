package io.nexuslite.index;

/** How far an index has come. */
public enum IndexState {
    /** Writers keep it, and the documents that were there before them are being added; queries do without it. */
    BUILDING,
    /** It has the entries of all documents. */
    READY
}
