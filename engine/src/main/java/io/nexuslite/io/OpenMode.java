package io.nexuslite.io;

/** How a file is opened. */
public enum OpenMode {
    /** Must exist; every writing call is refused. */
    READ,
    /** Must exist. */
    READ_WRITE,
    /** Must not exist; is created empty with mode 0600. */
    CREATE_NEW
}
