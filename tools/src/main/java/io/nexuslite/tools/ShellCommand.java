package io.nexuslite.tools;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads commands line by line: from a person, with history, completion and pages, or from a script on standard input. */
@Command(name = "shell", description = "Run commands on a database, line by line; .help inside tells more.", sortOptions = false)
final class ShellCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private DatabaseFlags database;
    @Option(names = {"-c",
            "--collection"}, paramLabel = "NAME", description = "Collection that commands mean; .use NAME changes it.")
    private String collection;
    @Mixin
    private CommonFlags common;

    ShellCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (console.in() == System.in && console.isTerminal()) {
            try (Terminals terminal = Terminals.open()) {
                return terminal.run(console,
                        paged -> new ShellSession(paged, database.file, database.readOnly, collection));
            }
        }
        return script(new ShellSession(console, database.file, database.readOnly, collection));
    }

    /** Runs all lines; the exit code is that of the first that failed. */
    private int script(ShellSession session) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
        int failed = ExitCode.DONE;
        StringBuilder statement = new StringBuilder();
        for (String line = lines.readLine(); line != null && !session.isEnded(); line = lines.readLine()) {
            statement.append(statement.isEmpty() ? "" : "\n").append(line);
            if (ShellWords.isComplete(statement.toString())) {
                session.run(statement.toString());
                statement.setLength(0);
                failed = failed == ExitCode.DONE ? session.exitCode() : failed;
            }
        }
        if (!statement.isEmpty()) {
            throw new UsageException("a quote or bracket is not closed at the end of the input", null);
        }
        return failed;
    }
}
