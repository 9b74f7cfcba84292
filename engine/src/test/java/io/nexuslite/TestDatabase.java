package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexuslite.io.Hosts;
import io.nexuslite.io.MemoryHost;
import io.nexuslite.store.ModelEngine;

/** A database over the model of an engine, whose clock a test moves. Closing it checks that nothing was left open. */
final class TestDatabase implements AutoCloseable {
    final ModelEngine engine;
    final DatabaseImpl database;
    private final MemoryHost host = Hosts.inMemory();
    private final DatabaseOptions options;

    TestDatabase() {
        this(DatabaseOptions.defaults());
    }

    TestDatabase(DatabaseOptions options) {
        this(new ModelEngine(), options);
    }

    private TestDatabase(ModelEngine engine, DatabaseOptions options) {
        this.engine = engine;
        this.options = options;
        this.database = new DatabaseImpl(engine, options, host);
    }

    /** Closes, and opens what was committed. */
    TestDatabase reopen() {
        close();
        return new TestDatabase(engine.reopen(), options);
    }

    @Override
    public void close() {
        database.close();
        host.close();
        assertEquals("", engine.leaks());
    }
}
