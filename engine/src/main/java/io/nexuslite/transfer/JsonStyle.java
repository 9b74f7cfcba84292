package io.nexuslite.transfer;

/** How documents are written as JSON. */
public enum JsonStyle {
    /** Relaxed Extended JSON: numbers and dates as people write them. */
    RELAXED,
    /** Relaxed Extended JSON without blanks. */
    RELAXED_COMPACT,
    /** Canonical Extended JSON: every value with its type. */
    CANONICAL,
    /** Canonical Extended JSON without blanks. */
    CANONICAL_COMPACT,
    /**
     * JSON without wrappers or blanks, for programs that know nothing of them: dates, ids, UUIDs and binary are strings, decimals
     * are numbers, and what is no finite number is null. Not all types come back.
     */
    PLAIN;

    boolean isPlain() {
        return this == PLAIN;
    }

    boolean isCanonical() {
        return this == CANONICAL || this == CANONICAL_COMPACT;
    }

    boolean isCompact() {
        return this == RELAXED_COMPACT || this == CANONICAL_COMPACT || this == PLAIN;
    }
}
