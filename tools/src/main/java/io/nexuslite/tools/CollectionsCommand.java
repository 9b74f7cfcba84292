package io.nexuslite.tools;

import io.nexuslite.Database;
import java.util.concurrent.Callable;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the collections. */
@Command(name = "collections", description = "List the collections, each with the count of its documents.", sortOptions = false)
final class CollectionsCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CommonFlags common;

    CollectionsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Database opened = database.openToRead()) {
            BsonArray listed = listed(opened);
            if (common.json) {
                console.out().println(new BsonDocument("collections", listed).toJson());
            } else {
                listed.forEach(entry -> console.out().println(entry.asDocument().getString("name").getValue() + "\t"
                        + entry.asDocument().getInt64("documents").getValue()));
            }
        }
        return ExitCode.DONE;
    }

    static BsonArray listed(Database database) {
        BsonArray listed = new BsonArray();
        for (String name : database.collectionNames()) {
            listed.add(new BsonDocument("name", new BsonString(name)).append("documents",
                    new BsonInt64(database.collection(name).estimatedDocumentCount())));
        }
        return listed;
    }
}
