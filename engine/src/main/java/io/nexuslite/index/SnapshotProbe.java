package io.nexuslite.index;

import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.TreeCursor;

/** Tells about indexes as of a snapshot. One thread at a time; owns a little memory. Ends the session's view. */
public final class SnapshotProbe implements IndexProbe, AutoCloseable {
    private final IndexMarks marks = new IndexMarks();
    private final EntryWalk walk = new EntryWalk();
    private Session session;
    private Snapshot snapshot;

    /** A probe of nothing; {@link #at} comes first. */
    public SnapshotProbe() {
    }

    /** Looks at a snapshot through a session, both borrowed until the next call. */
    public SnapshotProbe at(Session through, Snapshot moment) {
        session = through;
        snapshot = moment;
        return this;
    }

    @Override
    public long multikeyPaths(Index index) {
        return marks.multikeyPaths(IndexMarks.Reader.at(session, snapshot), index.tree());
    }

    @Override
    public long entryCount(Index index) {
        return index.tree().recordCount();
    }

    @Override
    public long countUpTo(Index index, KeyRanges ranges, long limit) {
        try (TreeCursor cursor = index.tree().cursor(session, snapshot)) {
            walk.open(cursor, ranges, false);
            long count = 0;
            while (count < limit && walk.next()) {
                count++;
            }
            return count;
        }
    }

    @Override
    public void close() {
        marks.close();
    }
}
