package io.nexuslite.index;

/** What a planner asks about indexes as of the moment that its query reads. One thread at a time. */
public interface IndexProbe {
    /** Answer of {@link #countUpTo} where counting would cost more than it tells. */
    long UNKNOWN = -1;

    /** A bit for each path of the index on which some document may have an array. */
    long multikeyPaths(Index index);

    /** Entries of the index, about. */
    long entryCount(Index index);

    /** Entries in some ranges, counted one by one up to {@code limit}; or {@link #UNKNOWN}. */
    long countUpTo(Index index, KeyRanges ranges, long limit);
}
