package io.nexuslite;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.error.ForeignLogException;
import io.nexuslite.error.IncompatibleFormatException;
import io.nexuslite.error.IoFailedException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Entry point: opens, creates and deletes databases.
 *
 * <p>A database is one file, {@code name.nxl}; while it is open for writing, and after a crash, its log {@code name.wasp} lies
 * beside it.
 */
public final class NexusLite {
    private NexusLite() {
    }

    /** As {@link #open(Path, DatabaseOptions)} with the defaults: created if missing, each write durable when it returns. */
    public static Database open(Path file) {
        return open(file, DatabaseOptions.defaults());
    }

    /**
     * Opens a database, after a crash with everything that was acknowledged.
     *
     * @param file the database file; its name ends in {@code .nxl}, or gets that ending
     * @throws DatabaseLockedException if it is open already, here or in another process
     * @throws IncompatibleFormatException if it is no database, or one of a newer format; nothing was written
     * @throws ForeignLogException if the log beside it is not its own; nothing was changed
     * @throws CorruptionException if what opening needs is damaged
     * @throws IoFailedException if the operating system refuses, or the file is missing and may not be created
     */
    public static Database open(Path file, DatabaseOptions options) {
        Objects.requireNonNull(options, "options");
        return new DatabaseImpl(EngineFactory.open(DatabaseFiles.databaseFile(file), options), options,
                EngineFactory.host()).startSweeping(options);
    }

    /** As {@link #openInMemory(DatabaseOptions)} with the defaults. */
    public static Database openInMemory() {
        return openInMemory(DatabaseOptions.defaults());
    }

    /** A new, empty database in memory, gone when it is closed. */
    public static Database openInMemory(DatabaseOptions options) {
        Objects.requireNonNull(options, "options");
        return new DatabaseImpl(EngineFactory.openInMemory(options), options, EngineFactory.host())
                .startSweeping(options);
    }

    /**
     * Removes a database: its file and the log beside it.
     *
     * @return false if there was none
     * @throws DatabaseLockedException if it is open, here or in another process
     */
    public static boolean delete(Path file) {
        return DatabaseFiles.delete(EngineFactory.host().files(), DatabaseFiles.databaseFile(file));
    }
}
