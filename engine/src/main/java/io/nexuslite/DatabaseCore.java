package io.nexuslite;

import io.nexuslite.bson.IdGenerator;
import io.nexuslite.catalog.Catalog;
import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.io.Host;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Tree;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bson.codecs.configuration.CodecRegistry;

/** What all parts of an open database share. Holds, and does next to nothing. Any thread. */
final class DatabaseCore {
    /** Names that are asked for come from the program; should they come from users, the memory has a bound. */
    private static final int HANDLES_MAX = 10_000;

    private final StorageEngine engine;
    private final DatabaseOptions options;
    private final Host host;
    private final CodecRegistry registry;
    private final IdGenerator idGenerator;
    private final Catalog catalog;
    private final ContextPool contexts;
    private final Tree tempDocuments;
    private final TransactionRunner transactions = new TransactionRunner(this);
    private final ConcurrentHashMap<String, CollectionHandle> handles = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    DatabaseCore(StorageEngine engine, DatabaseOptions options, Host host) {
        this.engine = engine;
        this.options = options;
        this.host = host;
        IdGenerator.Entropy entropy = host::entropy;
        this.registry = Codecs.registry(options);
        this.idGenerator = options.idGenerator().orElseGet(() -> switch (options.generatedId()) {
            case UUID_V4 -> IdGenerator.uuid4(entropy);
            case UUID_V7 -> IdGenerator.uuid7(entropy, engine::clockMillis);
            case OBJECT_ID -> IdGenerator.objectId(entropy, engine::clockMillis);
        });
        this.catalog = new Catalog(engine, entropy);
        this.contexts = new ContextPool(engine, options.sortBytesMax());
        this.tempDocuments = engine.tree(StorageEngine.TEMP_DOCUMENTS_TREE_ID);
    }

    StorageEngine engine() {
        return engine;
    }

    DatabaseOptions options() {
        return options;
    }

    Host host() {
        return host;
    }

    CodecRegistry registry() {
        return registry;
    }

    IdGenerator idGenerator() {
        return idGenerator;
    }

    Catalog catalog() {
        return catalog;
    }

    ContextPool contexts() {
        return contexts;
    }

    Tree tempDocuments() {
        return tempDocuments;
    }

    TransactionRunner transactions() {
        return transactions;
    }

    CollectionHandle handle(String name) {
        CollectionHandle known = handles.get(name);
        if (known != null) {
            return known;
        }
        if (handles.size() >= HANDLES_MAX) {
            return new CollectionHandle(name, catalog);
        }
        return handles.computeIfAbsent(name, absent -> new CollectionHandle(absent, catalog));
    }

    /** The tree with that id, or {@code null} if it was dropped. */
    Tree treeOrNull(int treeId) {
        try {
            return engine.tree(treeId);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    void checkOpen() {
        if (closed.get()) {
            throw new DatabaseClosedException("database");
        }
    }

    /** Whether this call is the one that closes. */
    boolean markClosed() {
        return closed.compareAndSet(false, true);
    }
}
