package io.nexuslite.memory;

/** What a part of a {@link MemoryBudget} is used for. Every reservation names one. */
public enum MemoryUse {
    /** Page frames of the hot trees, and their frame table. */
    PAGE,
    /** Older records that a snapshot may need, outside of their leaf, in page frames that are lent for them. */
    VERSION,
    /** The id hint table. */
    HINT,
    /** The ring of log frames and the leader's group buffers. */
    LOG,
    /** Entries and index of an off-heap cache. */
    CACHE,
    /** Sorting and grouping of one query. */
    SORT,
    /** Input and output of seals and compactions. */
    COMPACTION,
    /** Images and page lists of a checkpoint. */
    CHECKPOINT,
    /** Buffers of sessions, cursors, imports and exports. */
    BUFFER
}
