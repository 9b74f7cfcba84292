package io.nexuslite;

import io.nexuslite.catalog.CollectionEntry;
import java.util.List;
import org.bson.Document;

/** A snapshot of the engine with collections in it. Any thread. */
final class SnapshotImpl implements Snapshot {
    private final DatabaseCore core;
    private final io.nexuslite.store.Snapshot snapshot;
    private final CollectionAccess access;

    SnapshotImpl(DatabaseCore core, String owner) {
        this.core = core;
        this.snapshot = core.engine().snapshot(owner);
        this.access = new SnapshotAccess(core, snapshot);
    }

    @Override
    public long commit() {
        return snapshot.csn();
    }

    @Override
    public String owner() {
        return snapshot.owner();
    }

    @Override
    public long startMillis() {
        return snapshot.startMillis();
    }

    @Override
    public ReadableCollection<Document> collection(String name) {
        return collection(name, Document.class);
    }

    @Override
    public <T> ReadableCollection<T> collection(String name, Class<T> type) {
        core.checkOpen();
        return new CollectionReader<>(access, name, type);
    }

    @Override
    public List<String> collectionNames() {
        core.checkOpen();
        OperationContext context = core.contexts().acquire();
        try {
            return core.catalog().list(context.session, snapshot, context.catalog).stream().map(CollectionEntry::name)
                    .toList();
        } finally {
            core.contexts().release(context);
        }
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
