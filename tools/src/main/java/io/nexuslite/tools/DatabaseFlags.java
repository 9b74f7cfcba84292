package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DatabaseOptions;
import io.nexuslite.DocumentCollection;
import io.nexuslite.NexusLite;
import java.nio.file.Path;
import org.bson.RawBsonDocument;
import picocli.CommandLine.Option;

/** Which database, and how it is opened. */
final class DatabaseFlags {
    private static final String SUFFIX = ".nxl";

    @Option(names = {"-d",
            "--db"}, required = true, paramLabel = "FILE", defaultValue = "${env:NEXUSLITE_DB}", description = "Database file, such as shop.nxl. Default: environment variable NEXUSLITE_DB.")
    Path file;

    @Option(names = "--read-only", description = "Refuse to write, whatever the command is.")
    boolean readOnly;

    /** To read; nothing on disk is changed. */
    Database openToRead() {
        return open(DatabaseOptions.builder().readOnly(true).createIfMissing(false).build());
    }

    /** To write; the file must be there. */
    Database openToChange() {
        return open(DatabaseOptions.builder().readOnly(readOnly).createIfMissing(false).build());
    }

    /** To write; a file that is not there is created. */
    Database openOrCreate() {
        return readOnly ? openToRead() : NexusLite.open(file);
    }

    /** The file itself: as given, or with {@code .nxl} behind its name. */
    Path existingFile() {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(SUFFIX) ? file : file.resolveSibling(name + SUFFIX);
    }

    /** Where the log lies while the database is open for writing, and after a crash. */
    Path logFile() {
        Path database = existingFile();
        String name = database.getFileName().toString();
        return database.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + ".wasp");
    }

    private Database open(DatabaseOptions options) {
        return NexusLite.open(file, options);
    }

    /** A collection whose documents stay as they are, field by field and type by type. */
    static DocumentCollection<RawBsonDocument> raw(Database database, String collection) {
        return database.collection(collection, RawBsonDocument.class);
    }
}
