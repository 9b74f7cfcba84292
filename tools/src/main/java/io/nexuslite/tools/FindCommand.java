package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.transfer.DocumentSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the documents that match, one a line. */
@Command(name = "find", description = "Print the documents that match, as Extended JSON.", sortOptions = false)
final class FindCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CollectionFlag collection;
    @Mixin
    private QueryFlags query;
    @Mixin
    private OutputFlags output;
    @Mixin
    private CommonFlags common;

    FindCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        QueryFlags.Parsed parsed = query.parsed();
        try (Database opened = database.openToRead();
                DocumentSource found = parsed.on(DatabaseFlags.raw(opened, collection.name)).source()) {
            Exporter.export(found, console, output);
        }
        return ExitCode.DONE;
    }
}
