package io.nexuslite;

import io.nexuslite.catalog.CollectionNames;
import io.nexuslite.io.Host;
import io.nexuslite.store.EngineStatistics;
import io.nexuslite.store.StorageEngine;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.bson.BsonDocument;
import org.bson.Document;

/** An open database: hands each call to the part that does it. Owns the engine. Any thread. */
final class DatabaseImpl implements Database {
    private final DatabaseCore core;
    private final CollectionAccess access;
    private final Sweeper sweeper;
    private SweepTimer timer; // or null

    /** Opens the door over an engine, which is closed with it. */
    DatabaseImpl(StorageEngine engine, DatabaseOptions options, Host host) {
        core = new DatabaseCore(engine, options, host);
        access = new LiveAccess(core);
        sweeper = new Sweeper(core);
    }

    /** Begins to remove expired documents by itself, as often as the options say; returns this. */
    DatabaseImpl startSweeping(DatabaseOptions options) {
        if (!options.readOnly() && options.sweepInterval().isPositive()) {
            timer = SweepTimer.start(sweeper, core, options.sweepInterval());
        }
        return this;
    }

    @Override
    public DocumentCollection<Document> collection(String name) {
        return collection(name, Document.class);
    }

    @Override
    public <T> DocumentCollection<T> collection(String name, Class<T> type) {
        core.checkOpen();
        return new DocumentCollectionImpl<>(access, name, type);
    }

    @Override
    public void createCollection(String name, CollectionOptions options) {
        Objects.requireNonNull(options, "options");
        BsonDocument stored = StoredOptions.encode(options);
        core.transactions().runSingle((scope, context) -> scope.create(name, stored));
    }

    @Override
    public boolean dropCollection(String name) {
        CollectionNames.checkCreatable(name);
        return core.transactions().runSingle((scope, context) -> scope.drop(name));
    }

    @Override
    public void renameCollection(String name, String newName) {
        CollectionNames.checkCreatable(name);
        core.transactions().runSingle((scope, context) -> {
            scope.rename(name, newName);
            return null;
        });
    }

    @Override
    public List<String> collectionNames() {
        try (Snapshot snapshot = snapshot("collectionNames")) {
            return snapshot.collectionNames();
        }
    }

    @Override
    public <R> R transact(Function<Transactional, R> body) {
        return transact(body, TRANSACTION_DEADLINE);
    }

    @Override
    public <R> R transact(Function<Transactional, R> body, Duration deadline) {
        Objects.requireNonNull(body, "body");
        return core.transactions().run(body, deadline);
    }

    @Override
    public Session openSession() {
        core.checkOpen();
        return new SessionImpl(core);
    }

    @Override
    public Snapshot snapshot(String owner) {
        Objects.requireNonNull(owner, "owner");
        core.checkOpen();
        return new SnapshotImpl(core, owner);
    }

    @Override
    public long sweepExpired(long documentsMax) {
        if (documentsMax < 0) {
            throw new IllegalArgumentException("documentsMax must not be negative, found " + documentsMax);
        }
        return sweeper.sweep(documentsMax);
    }

    @Override
    public long checkpoint() {
        core.checkOpen();
        return core.engine().checkpoint();
    }

    @Override
    public DatabaseStatistics statistics() {
        core.checkOpen();
        EngineStatistics engine = core.engine().statistics();
        return new DatabaseStatistics(engine.filledHorizon(), engine.durableHorizon(), engine.checkpointCsn(),
                engine.commits(), core.transactions().conflicts(), engine.logBytes(), engine.logSyncs(),
                engine.checkpoints(), engine.pagesWritten(), engine.pagesRead(), engine.fileBytes(), engine.freeBytes(),
                engine.logFileBytes(), engine.memoryBytes(), engine.snapshots(), core.tempDocuments().recordCount());
    }

    @Override
    public void close() {
        if (core.markClosed()) {
            try {
                if (timer != null) {
                    timer.close();
                }
                core.contexts().close();
            } finally {
                core.engine().close();
            }
        }
    }

    /** For what is built beside the door: the sweeper's timer, import and export. */
    DatabaseCore core() {
        return core;
    }
}
