package io.nexuslite.io;

/** Strength of the lock on a whole file, held between processes and between openings in one process. */
public enum LockMode {
    /** Any number of holders. */
    SHARED,
    /** One holder alone. */
    EXCLUSIVE
}
