package io.nexuslite.wasp.log;

/** When a commit counts as done, and what readers see. A mode of the open database, not of a transaction. */
public enum LogDurability {
    /** Done when on disk; readers see what is on disk. */
    SYNC,
    /** Done when in the kernel; readers see what is filled. A flush follows within an interval. */
    GROUP,
    /** Done when visible; written by size or timer. */
    NONE
}
