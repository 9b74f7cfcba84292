package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.ReplaceOptions;
import io.nexuslite.ReplaceResult;
import java.util.concurrent.Callable;
import org.bson.BsonDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a document in the place of another. */
@Command(name = "replace", description = "Put a document in the place of the first that matches, which keeps its _id; exit code 1 if none does.", sortOptions = false)
final class ReplaceCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "JSON", description = "The new document.")
    private String document;
    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CollectionFlag collection;
    @Option(names = {"-f", "--filter"}, required = true, paramLabel = "JSON", description = "Which document.")
    private String filter;
    @Option(names = "--upsert", description = "Insert the document where none matches.")
    private boolean upsert;
    @Mixin
    private CommonFlags common;

    ReplaceCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        BsonDocument parsed = Texts.document(filter, "--filter");
        BsonDocument replacement = Texts.document(document, "the document");
        try (Database opened = upsert ? database.openOrCreate() : database.openToChange()) {
            ReplaceResult result = opened.collection(collection.name, BsonDocument.class).replaceOne(parsed,
                    replacement, ReplaceOptions.defaults().withUpsert(upsert));
            return Changes.tell(console, common, result.matchedCount(), result.modifiedCount(),
                    result.upsertedIdOrNull());
        }
    }
}
