package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DocumentCollection;
import io.nexuslite.UpdateOptions;
import io.nexuslite.UpdateResult;
import java.util.concurrent.Callable;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes documents by operators. */
@Command(name = "update", description = "Change the first document that matches, or all with --many; exit code 1 if none does.", sortOptions = false)
final class UpdateCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "UPDATE", description = "What to change, such as '{\"$set\": {\"done\": true}}'.")
    private String update;
    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CollectionFlag collection;
    @Mixin
    private WriteFlags write;
    @Option(names = "--upsert", description = "Insert a document where none matches.")
    private boolean upsert;
    @Mixin
    private CommonFlags common;

    UpdateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        BsonDocument filter = write.filter();
        BsonDocument change = Texts.document(update, "the update");
        UpdateOptions options = UpdateOptions.defaults().withUpsert(upsert);
        try (Database opened = upsert ? database.openOrCreate() : database.openToChange()) {
            DocumentCollection<RawBsonDocument> documents = DatabaseFlags.raw(opened, collection.name);
            UpdateResult result = write.many
                    ? documents.updateMany(filter, change, options)
                    : documents.updateOne(filter, change, options);
            return Changes.tell(console, common, result.matchedCount(), result.modifiedCount(),
                    result.upsertedIdOrNull());
        }
    }
}
