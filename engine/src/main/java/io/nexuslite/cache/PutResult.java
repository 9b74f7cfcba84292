package io.nexuslite.cache;

/** What became of a put. */
public enum PutResult {
    /** The key was not there, or had expired; now it is. It may be evicted at any time, also at once. */
    ADMITTED,
    /** The key was there, and has the new value. */
    REPLACED,
    /** {@code putIfAbsent} found the key, and changed nothing. */
    PRESENT,
    /** There was no room; nothing is changed, so a value that the key had before stays. */
    REFUSED
}
