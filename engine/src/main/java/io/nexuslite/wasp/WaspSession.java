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

    /**
     * A cursor with a reader of its own, so that its view does not end with the session's next call.
     *
     * @param registration of the horizon; {@code null} if nobody can end it
     */
    TreeCursor cursor(HotTree tree, long horizon, Registration registration) {
        reader().end();
        PinnedReader own = idleReaders.isEmpty() ? state.newReader() : idleReaders.pop();
        own.end();
        return new SessionCursor(tree.cursor(own.reader(), horizon), own, registration);
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

    /** Tells its owner when the horizon was ended; gives its reader back to the session when it is closed. */
    private final class SessionCursor implements TreeCursor {
        private final TreeCursor cursor;
        private final Registration registration; // or null
        private PinnedReader own;

        SessionCursor(TreeCursor cursor, PinnedReader own, Registration registration) {
            this.cursor = cursor;
            this.own = own;
            this.registration = registration;
        }

        private boolean alive(boolean found) {
            if (registration != null) {
                registration.requireAlive();
            }
            return found;
        }

        private RuntimeException explain(RuntimeException failure) {
            return registration == null ? failure : registration.explain(failure);
        }

        @Override
        public boolean seek(Key key, SeekMode mode) {
            try {
                return alive(cursor.seek(key, mode));
            } catch (RuntimeException failure) {
                throw explain(failure);
            }
        }

        @Override
        public boolean first() {
            try {
                return alive(cursor.first());
            } catch (RuntimeException failure) {
                throw explain(failure);
            }
        }

        @Override
        public boolean last() {
            try {
                return alive(cursor.last());
            } catch (RuntimeException failure) {
                throw explain(failure);
            }
        }

        @Override
        public boolean next() {
            try {
                return alive(cursor.next());
            } catch (RuntimeException failure) {
                throw explain(failure);
            }
        }

        @Override
        public boolean previous() {
            try {
                return alive(cursor.previous());
            } catch (RuntimeException failure) {
                throw explain(failure);
            }
        }

        /** The step before has copied the record; only a value in extents is read here. */
        @Override
        public RecordView record() {
            try {
                RecordView view = cursor.record();
                alive(true);
                return view;
            } catch (RuntimeException failure) {
                throw explain(failure);
            }
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
