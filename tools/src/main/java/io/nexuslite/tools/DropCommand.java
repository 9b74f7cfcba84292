package io.nexuslite.tools;

import io.nexuslite.Database;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Drops a collection. */
@Command(name = "drop", description = "Drop a collection with all its documents; exit code 1 if there is none.", sortOptions = false)
final class DropCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "NAME", description = "Name of the collection.")
    private String name;
    @Mixin
    private DatabaseFlags database;
    @Option(names = "--confirm", description = "Needed where the collection is not empty.")
    private boolean confirm;
    @Mixin
    private CommonFlags common;

    DropCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Database opened = database.openToChange()) {
            if (!confirm && opened.collection(name).estimatedDocumentCount() > 0) {
                throw new UsageException("the collection " + name + " holds documents: add --confirm if they shall go",
                        null);
            }
            if (!opened.dropCollection(name)) {
                throw new RefusedException("no collection " + name);
            }
        }
        Answers.tell(console, common, "dropped", name);
        return ExitCode.DONE;
    }
}
