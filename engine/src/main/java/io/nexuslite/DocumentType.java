package io.nexuslite;

/** Whether a document stays until it is deleted. */
public enum DocumentType {
    PERSISTENT,
    /** Has an expiry, at which it becomes invisible by itself. */
    EPHEMERAL
}
