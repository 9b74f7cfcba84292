package io.nexuslite.tools;

import io.nexuslite.CollectionOptions;
import io.nexuslite.Database;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates an empty collection. */
@Command(name = "create", description = "Create an empty collection, and the database if there is none.", sortOptions = false)
final class CreateCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "NAME", description = "Name of the collection.")
    private String name;
    @Mixin
    private DatabaseFlags database;
    @Option(names = "--ttl", paramLabel = "SECONDS", description = "Documents expire after this time, where nothing else is said with them.")
    private Long ttlSeconds;
    @Mixin
    private CommonFlags common;

    CreateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (ttlSeconds != null && ttlSeconds < 1) {
            throw new UsageException("--ttl must be at least 1 second, found " + ttlSeconds, null);
        }
        CollectionOptions options = ttlSeconds == null
                ? CollectionOptions.defaults()
                : CollectionOptions.defaults().withTimeToLive(Duration.ofSeconds(ttlSeconds));
        try (Database opened = database.openOrCreate()) {
            opened.createCollection(name, options);
        }
        Answers.tell(console, common, "created", name);
        return ExitCode.DONE;
    }
}
