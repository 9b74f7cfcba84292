package io.nexuslite.tools;

import io.nexuslite.Database;
import java.util.concurrent.Callable;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Counts the documents that match. */
@Command(name = "count", description = "Count the documents that match.", sortOptions = false)
final class CountCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CollectionFlag collection;
    @Option(names = {"-f", "--filter"}, paramLabel = "JSON", description = "Which documents. Default: all.")
    private String filter;
    @Mixin
    private CommonFlags common;

    CountCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        BsonDocument parsed = QueryFlags.parsed(filter, "--filter");
        try (Database opened = database.openToRead()) {
            long count = DatabaseFlags.raw(opened, collection.name).countDocuments(parsed);
            console.out().println(
                    common.json ? new BsonDocument("count", new BsonInt64(count)).toJson() : Long.toString(count));
        }
        return ExitCode.DONE;
    }
}
