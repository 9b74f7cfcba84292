package io.nexuslite;

/** What {@code _id} a document gets that has none. */
public enum GeneratedId {
    /** Random, so that nobody can guess it. The default. */
    UUID_V4,
    /** Begins with the time, so that new documents lie side by side. */
    UUID_V7,
    /** What MongoDB's drivers generate: 12 bytes that begin with the time in seconds. */
    OBJECT_ID
}
