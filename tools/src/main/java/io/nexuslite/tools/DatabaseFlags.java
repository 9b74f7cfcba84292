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
    @Option(names = {"-d",
            "--db"}, required = true, paramLabel = "FILE", defaultValue = "${env:NEXUSLITE_DB}", description = "Database file, such as shop.nxl. Default: environment variable NEXUSLITE_DB.")
    Path file;

    /** To read; nothing on disk is changed. */
    Database openToRead() {
        return open(DatabaseOptions.builder().readOnly(true).createIfMissing(false).build());
    }

    /** To write; the file must be there. */
    Database openToChange() {
        return open(DatabaseOptions.builder().createIfMissing(false).build());
    }

    /** To write; a file that is not there is created. */
    Database openOrCreate() {
        return NexusLite.open(file);
    }

    private Database open(DatabaseOptions options) {
        return NexusLite.open(file, options);
    }

    /** A collection whose documents stay as they are, field by field and type by type. */
    static DocumentCollection<RawBsonDocument> raw(Database database, String collection) {
        return database.collection(collection, RawBsonDocument.class);
    }
}
