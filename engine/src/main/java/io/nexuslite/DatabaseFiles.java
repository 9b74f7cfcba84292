package io.nexuslite;

import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.io.FileSystem;
import io.nexuslite.io.LockMode;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import io.nexuslite.wasp.EngineFiles;
import io.nexuslite.wasp.log.WaspLog;
import java.nio.file.Path;

/** Names of a database's files, and their removal. */
final class DatabaseFiles {
    private DatabaseFiles() {
    }

    /** The database file that a caller means: his path, with {@code .nxl} behind it if it has another ending or none. */
    static Path databaseFile(Path file) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        if (name.isEmpty() || name.equals(FileLayout.DATABASE_SUFFIX)) {
            throw new IllegalArgumentException("No name of a database file: " + file);
        }
        return name.endsWith(FileLayout.DATABASE_SUFFIX)
                ? file
                : file.resolveSibling(name + FileLayout.DATABASE_SUFFIX);
    }

    /** Removes database, log, and what a crash has left of a log's creation, unless somebody has the database open. The log goes first: alone it would be foreign. */
    static boolean delete(FileSystem files, Path databaseFile) {
        if (!files.exists(databaseFile)) {
            return false;
        }
        Path log = EngineFiles.log(databaseFile);
        Path unfinished = WaspLog.temporary(log);
        try (StoreFile file = files.open(databaseFile, OpenMode.READ_WRITE)) {
            if (!file.tryLock(LockMode.EXCLUSIVE)) {
                throw new DatabaseLockedException(databaseFile.toString(), -1, "", -1);
            }
            if (files.exists(log)) {
                files.unlink(log);
            }
            if (files.exists(unfinished)) {
                files.unlink(unfinished);
            }
            files.unlink(databaseFile);
        }
        Path directory = databaseFile.toAbsolutePath().getParent();
        files.syncDirectory(directory);
        return true;
    }
}
