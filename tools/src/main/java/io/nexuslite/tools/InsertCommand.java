package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.InsertOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores documents that are new. */
@Command(name = "insert", description = "Store new documents, all of them or, if an _id is there already, none; prints their ids.", sortOptions = false)
final class InsertCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "JSON", arity = "0..*", description = "Documents; without any, they are read from standard input, one a line.")
    private List<String> documents = new ArrayList<>();
    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CollectionFlag collection;
    @Option(names = "--ttl", paramLabel = "SECONDS", description = "The documents expire after this time.")
    private Long ttlSeconds;
    @Option(names = "--tag", paramLabel = "TAG", description = "A tag kept beside the documents; may be repeated.")
    private List<String> tags = new ArrayList<>();
    @Mixin
    private CommonFlags common;

    InsertCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (ttlSeconds != null && ttlSeconds < 1) {
            throw new UsageException("--ttl must be at least 1 second, found " + ttlSeconds, null);
        }
        List<BsonDocument> parsed = Texts.documents(documents, console);
        if (parsed.isEmpty()) {
            throw new UsageException("there is no document to insert", null);
        }
        InsertOptions options = InsertOptions.defaults().withTags(tags.toArray(String[]::new));
        if (ttlSeconds != null) {
            options = options.withTimeToLive(Duration.ofSeconds(ttlSeconds));
        }
        try (Database opened = database.openOrCreate()) {
            BsonArray ids = new BsonArray(opened.collection(collection.name, BsonDocument.class)
                    .insertMany(parsed, options).insertedIds());
            if (common.json) {
                console.out().println(new BsonDocument("ids", ids).toJson());
            } else {
                ids.forEach(id -> console.out().println(Texts.json(id)));
            }
        }
        return ExitCode.DONE;
    }
}
