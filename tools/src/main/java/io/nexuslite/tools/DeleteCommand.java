package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DocumentCollection;
import java.util.concurrent.Callable;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes one document by its id, or all that match a filter. */
@Command(name = "delete", description = "Delete the document with an _id (exit code 1 if there is none), or all that match a filter.", sortOptions = false)
final class DeleteCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "Value of _id.")
    private String id;
    @Mixin
    private IdFlags idFlags;
    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CollectionFlag collection;
    @Option(names = {"-f",
            "--filter"}, paramLabel = "JSON", description = "Which documents: all that match, as --many says outright.")
    private String filter;
    @Option(names = "--one", description = "With --filter: only the first that matches.")
    private boolean one;
    @Option(names = "--many", description = "With --filter: all that match, which is the default.")
    private boolean many;
    @Option(names = "--confirm", description = "Needed where the filter is empty and all documents would go.")
    private boolean confirm;
    @Mixin
    private CommonFlags common;

    DeleteCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if ((id == null) == (filter == null)) {
            throw new UsageException("delete needs an id or --filter, and not both", null);
        }
        if (one && many || (one || many) && filter == null) {
            throw new UsageException("--one and --many say what --filter means, one of them", null);
        }
        BsonValue key = id == null ? null : Texts.id(id, idFlags.type);
        BsonDocument parsed = filter == null ? null : Texts.document(filter, "--filter");
        if (parsed != null && parsed.isEmpty() && !one && !confirm) {
            throw new UsageException("this deletes every document of the collection: add --confirm if that is meant",
                    null);
        }
        try (Database opened = database.openToChange()) {
            DocumentCollection<RawBsonDocument> documents = DatabaseFlags.raw(opened, collection.name);
            long deleted = key == null
                    ? (one ? documents.deleteOne(parsed) : documents.deleteMany(parsed)).deletedCount()
                    : documents.deleteById(key) ? 1 : 0;
            if (key != null && deleted == 0) {
                throw new RefusedException("no document with _id " + Texts.json(key) + " in " + collection.name);
            }
            console.out().println(common.json
                    ? new BsonDocument("deleted", new BsonInt64(deleted)).toJson()
                    : "deleted " + deleted);
        }
        return ExitCode.DONE;
    }
}
