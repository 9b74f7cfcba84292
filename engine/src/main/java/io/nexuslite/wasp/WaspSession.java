package io.nexuslite.wasp;

import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Key;
import io.nexuslite.store.SeekMode;
import io.nexuslite.store.Session;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.wasp.tree.HotTree;
import java.util.ArrayDeque;

/** A caller's epoch slot, buffers and reusable transaction. One thread at a time. */
final class WaspSession implements Session {
    private final EngineState state;
    private final PinnedReader reader;
    private final ArrayDeque<PinnedReader> idleReaders = new ArrayDeque<>(); // of closed cursors
    private final WaspTransaction transaction;
    private boolean closed;

    WaspSession(EngineState state) {
        this.state = state;
        this.reader = state.newReader();
        this.transaction = new WaspTransaction(state, this);
    }

    PinnedReader reader() {
        if (closed) {
            throw new DatabaseClosedException("session");
        }
        return reader;
    }

    WaspTransaction transaction() {
        if (closed) {
            throw new DatabaseClosedException("session");
        }
        return transaction;
    }

    /** A cursor with a reader of its own, so that its view does not end with the session's next call. */
    TreeCursor cursor(HotTree tree, long horizon) {
        reader().end();
        PinnedReader own = idleReaders.isEmpty() ? state.newReader() : idleReaders.pop();
        own.end();
        return new SessionCursor(tree.cursor(own.reader(), horizon), own);
    }

    @Override
    public void close() {
        if (!closed) {
            transaction.close();
            closed = true;
            reader.close();
            idleReaders.forEach(PinnedReader::close);
            transaction.free();
        }
    }

    /** Gives its reader back to the session when it is closed. */
    private final class SessionCursor implements TreeCursor {
        private final TreeCursor cursor;
        private PinnedReader own;

        SessionCursor(TreeCursor cursor, PinnedReader own) {
            this.cursor = cursor;
            this.own = own;
        }

        @Override
        public boolean seek(Key key, SeekMode mode) {
            return cursor.seek(key, mode);
        }

        @Override
        public boolean first() {
            return cursor.first();
        }

        @Override
        public boolean last() {
            return cursor.last();
        }

        @Override
        public boolean next() {
            return cursor.next();
        }

        @Override
        public boolean previous() {
            return cursor.previous();
        }

        @Override
        public RecordView record() {
            return cursor.record();
        }

        @Override
        public void close() {
            if (own == null) {
                return;
            }
            cursor.close();
            own.end();
            if (closed) {
                own.close();
            } else {
                idleReaders.push(own);
            }
            own = null;
        }
    }
}
