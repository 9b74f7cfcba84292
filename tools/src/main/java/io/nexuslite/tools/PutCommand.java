package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DocumentCollection;
import io.nexuslite.InsertOptions;
import io.nexuslite.ReplaceOptions;
import io.nexuslite.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores documents, in place of those with the same id. */
@Command(name = "put", description = "Store documents, in place of those with the same _id; all of them or, with an error, none.", sortOptions = false)
final class PutCommand implements Callable<Integer> {
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

    /** What became of the documents; only ever read after the transaction. */
    private static final class Outcome {
        final BsonArray ids = new BsonArray();
        long inserted;
        long replaced;
    }

    PutCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (ttlSeconds != null && ttlSeconds < 1) {
            throw new UsageException("--ttl must be at least 1 second, found " + ttlSeconds, null);
        }
        List<BsonDocument> parsed = Texts.documents(documents, console);
        try (Database opened = database.openOrCreate()) {
            Outcome outcome = opened.transact(transaction -> putAll(transaction, parsed));
            if (common.json) {
                console.out().println(new BsonDocument("inserted", new BsonInt64(outcome.inserted))
                        .append("replaced", new BsonInt64(outcome.replaced)).append("ids", outcome.ids).toJson());
            } else {
                outcome.ids.forEach(id -> console.out().println(Texts.json(id)));
            }
        }
        return ExitCode.DONE;
    }

    private Outcome putAll(Transactional transaction, List<BsonDocument> parsed) {
        Outcome outcome = new Outcome(); // anew each time: the body may run again
        DocumentCollection<BsonDocument> target = transaction.collection(collection.name, BsonDocument.class);
        for (BsonDocument document : parsed) {
            BsonValue id = document.get("_id");
            if (id == null) {
                outcome.ids.add(target.insertOne(document, insertOptions()).insertedId());
                outcome.inserted++;
            } else {
                boolean replaced = target.replaceOne(new BsonDocument("_id", id), document, replaceOptions())
                        .matchedCount() > 0;
                outcome.ids.add(id);
                outcome.replaced += replaced ? 1 : 0;
                outcome.inserted += replaced ? 0 : 1;
            }
        }
        return outcome;
    }

    private InsertOptions insertOptions() {
        InsertOptions options = InsertOptions.defaults().withTags(tags.toArray(String[]::new));
        return ttlSeconds == null ? options : options.withTimeToLive(Duration.ofSeconds(ttlSeconds));
    }

    private ReplaceOptions replaceOptions() {
        ReplaceOptions options = ReplaceOptions.defaults().withUpsert(true);
        if (!tags.isEmpty()) {
            options = options.withTags(tags.toArray(String[]::new));
        }
        return ttlSeconds == null ? options : options.withTimeToLive(Duration.ofSeconds(ttlSeconds));
    }
}
