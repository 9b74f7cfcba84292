package io.nexuslite.tools;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;

/**
 * What a shell knows between its lines, and how it runs one: as the command line of the same words, on its database and
 * collection. One thread.
 */
final class ShellSession {
    private static final Set<String> WITHOUT = Set.of("shell", "quickstart", "completion");
    private static final String HELP = """
            Commands are those of nexuslite, on this database: find {age: {$gt: 20}} --limit 5
            JSON needs no quotes; a filter may stand alone behind find, count, delete, update and distinct.
              .use NAME              the collection that commands mean
              .mode json|table|csv   how documents are shown
              .timing on|off         how long each command took
              .collections           what there is
              .help [COMMAND]        this, or the flags of a command
              .exit                  or end of input
            """;

    private final Console console;
    private final Path database;
    private final boolean readOnly;
    private String collection;
    private String mode = "json";
    private boolean timing;
    private boolean ended;
    private int exitCode = ExitCode.DONE;

    ShellSession(Console console, Path database, boolean readOnly, String collection) {
        this.console = console;
        this.database = database;
        this.readOnly = readOnly;
        this.collection = collection;
    }

    boolean isEnded() {
        return ended;
    }

    /** Exit code of the last line. */
    int exitCode() {
        return exitCode;
    }

    String prompt() {
        return database.getFileName() + (collection == null ? "" : "/" + collection) + "> ";
    }

    /** Names of the collections, or none if they cannot be read. */
    List<String> collections() {
        return CapturedRun.of("collections", "--db", database.toString()).lines()
                .map(line -> line.substring(0, Math.max(0, line.indexOf('\t')))).toList();
    }

    void run(String line) {
        List<String> words = ShellWords.of(line);
        if (words.isEmpty() || words.getFirst().startsWith("#")) {
            return;
        }
        long start = System.nanoTime();
        String first = words.getFirst();
        if (first.startsWith(".")) {
            setting(words);
        } else if (first.equals("exit") || first.equals("quit")) {
            ended = true;
        } else if (first.equals("help")) {
            help(words);
        } else if (!NexusLiteCli.commandNames().contains(first) || WITHOUT.contains(first)) {
            refuse("no command " + first + " in the shell; .help tells what there is");
        } else {
            exitCode = NexusLiteCli.run(arguments(words).toArray(String[]::new), console.in(), console.out(),
                    console.err());
            if (timing) {
                console.err().printf(Locale.ROOT, "%.1f ms%n", (System.nanoTime() - start) / 1e6);
            }
        }
    }

    /** The words with what the shell knows. */
    List<String> arguments(List<String> words) {
        String command = words.getFirst();
        CommandLine known = NexusLiteCli.root(console, command).getSubcommands().get(command);
        List<String> arguments = new ArrayList<>();
        boolean filtered = command.equals("find") || command.equals("count") || command.equals("delete")
                || command.equals("export");
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean value = i > 0 && words.get(i - 1).startsWith("-");
            if (filtered && i > 0 && word.startsWith("{") && !value && !arguments.contains("--filter")) {
                arguments.add("--filter");
            }
            arguments.add(word);
        }
        add(arguments, known, "--db", "-d", database.toString());
        if (collection != null) {
            add(arguments, known, "--collection", "-c", collection);
        }
        if (readOnly && has(known, "--read-only")) {
            arguments.add("--read-only");
        }
        if (command.equals("find") && !arguments.contains("--format") && !arguments.contains("--table")
                && !arguments.contains("-o") && !arguments.contains("--output")) {
            if (mode.equals("table")) {
                arguments.add("--table");
            } else if (mode.equals("csv")) {
                arguments.add("--format");
                arguments.add("csv");
            }
        }
        return arguments;
    }

    private static boolean has(CommandLine command, String flag) {
        return command.getCommandSpec().optionsMap().containsKey(flag);
    }

    private static void add(List<String> arguments, CommandLine command, String flag, String letter, String value) {
        if (has(command, flag) && !arguments.contains(flag) && !arguments.contains(letter)) {
            arguments.add(flag);
            arguments.add(value);
        }
    }

    private void setting(List<String> words) {
        String value = words.size() > 1 ? words.get(1) : "";
        exitCode = ExitCode.DONE;
        switch (words.getFirst()) {
            case ".exit", ".quit" -> ended = true;
            case ".help" -> help(words);
            case ".use" -> collection = value.isEmpty() ? null : value;
            case ".collections" -> run("collections");
            case ".timing" -> timing = value.equals("on") || value.isEmpty() && !timing;
            case ".mode" -> {
                if (Set.of("json", "table", "csv").contains(value)) {
                    mode = value;
                } else {
                    refuse(".mode is json, table or csv");
                }
            }
            default -> refuse("no setting " + words.getFirst() + "; .help tells what there is");
        }
    }

    private void help(List<String> words) {
        if (words.size() > 1 && NexusLiteCli.commandNames().contains(words.get(1))) {
            exitCode = NexusLiteCli.run(new String[]{words.get(1), "--help"}, console.in(), console.out(),
                    console.err());
        } else {
            console.out().print(HELP);
            console.out().println("  " + String.join(" ", NexusLiteCli.commandNames().stream()
                    .filter(name -> !WITHOUT.contains(name)).toList()));
            console.out().flush();
        }
    }

    private void refuse(String what) {
        exitCode = ExitCode.USAGE;
        console.err().println("nexuslite: " + what);
    }
}
