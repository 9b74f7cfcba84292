package io.nexuslite;

import io.nexuslite.io.Host;
import io.nexuslite.store.StorageEngine;
import java.nio.file.Path;

/** The one place where the door meets a storage engine and the machine: translates options and opens. */
final class EngineFactory {
    private EngineFactory() {
    }

    /** Opens the engine of a database file, which ends in {@code .nxl}. */
    static StorageEngine open(Path file, DatabaseOptions options) {
        throw new IllegalStateException("This build has no storage engine for files: " + file + ", "
                + options.durability());
    }

    /** Opens an engine that leaves nothing behind. */
    static StorageEngine openInMemory(DatabaseOptions options) {
        throw new IllegalStateException("This build has no storage engine in memory: " + options.durability());
    }

    /** The machine: its files, clocks and entropy. */
    static Host host() {
        throw new IllegalStateException("This build knows no machine.");
    }
}
