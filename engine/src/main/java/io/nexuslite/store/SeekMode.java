package io.nexuslite.store;

/** Which record a cursor looks for, relative to a key. */
public enum SeekMode {
    AT_OR_AFTER, AFTER, AT_OR_BEFORE, BEFORE
}
