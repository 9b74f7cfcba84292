package io.nexuslite.wasp;

import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.tree.HotTree;

/** A tree as sessions see it. Any thread, each with its own session. */
final class WaspTree implements Tree {
    private final HotTree hot;

    WaspTree(HotTree hot) {
        this.hot = hot;
    }

    HotTree hot() {
        return hot;
    }

    @Override
    public int treeId() {
        return hot.treeId();
    }

    @Override
    public TreeKind kind() {
        return hot.kind();
    }

    @Override
    public boolean get(Session session, Key key, RecordView into) {
        PinnedReader reader = ((WaspSession) session).reader();
        long horizon = reader.begin();
        return hot.get(reader.reader(), horizon, key, into);
    }

    @Override
    public boolean get(Session session, Snapshot at, Key key, RecordView into) {
        PinnedReader reader = ((WaspSession) session).reader();
        Registration registration = ((WaspSnapshot) at).registration();
        reader.beginRegistered();
        try {
            boolean found = hot.get(reader.reader(), at.csn(), key, into);
            registration.requireAlive();
            return found;
        } catch (RuntimeException failure) {
            throw registration.explain(failure);
        }
    }

    @Override
    public TreeCursor cursor(Session session, Snapshot at) {
        return ((WaspSession) session).cursor(hot, at.csn(), ((WaspSnapshot) at).registration());
    }

    @Override
    public long recordCount() {
        return hot.recordCount();
    }

    @Override
    public String toString() {
        return "tree " + treeId() + " (" + kind() + ")";
    }
}
