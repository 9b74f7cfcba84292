package io.nexuslite.wasp;

import io.nexuslite.format.FileLayout;
import java.nio.file.Path;

/** Names of the files of a database. */
public final class EngineFiles {
    private EngineFiles() {
    }

    /** The log beside a database file: {@code x.wasp} for {@code x.nxl}, and {@code y.wasp} for any other name {@code y}. */
    public static Path log(Path database) {
        String name = database.getFileName().toString();
        String stem = name.endsWith(FileLayout.DATABASE_SUFFIX)
                ? name.substring(0, name.length() - FileLayout.DATABASE_SUFFIX.length())
                : name;
        return database.resolveSibling(stem + FileLayout.LOG_SUFFIX);
    }

    /** The directory that holds the files. */
    static Path directory(Path database) {
        return database.toAbsolutePath().getParent();
    }
}
