package io.nexuslite;

import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeCursor;

/** What one operation sees: the newest state, a snapshot, or a transaction. One thread at a time. */
interface ReadScope extends AutoCloseable {
    /** Entry of a collection, or {@code null} if there is none. */
    CollectionEntry entry(CollectionHandle collection);

    /** Finds a record; {@code into} is valid until the scope's next call. */
    boolean get(Tree tree, Key key, RecordView into);

    /** A cursor over what is seen now; the caller closes it before the scope. */
    TreeCursor cursor(Tree tree);

    /** The tree with that id, or {@code null} if there is none any more. */
    Tree tree(int treeId);

    /** The instant at which expiry is judged, milliseconds since 1970 UTC: the same in all calls. */
    long nowMillis();

    /** Ends what was begun for this operation alone. Idempotent. */
    @Override
    void close();
}
