package io.nexuslite.tools;

import io.nexuslite.Database;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Gives a collection another name. */
@Command(name = "rename", description = "Give a collection another name.", sortOptions = false)
final class RenameCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the collection.")
    private String name;
    @Parameters(index = "1", paramLabel = "NEW", description = "Its new name.")
    private String newName;
    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CommonFlags common;

    RenameCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Database opened = database.openToChange()) {
            opened.renameCollection(name, newName);
        }
        Answers.tell(console, common, "renamed", newName);
        return ExitCode.DONE;
    }
}
