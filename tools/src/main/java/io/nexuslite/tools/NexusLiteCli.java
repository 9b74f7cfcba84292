package io.nexuslite.tools;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command {@code nexuslite}: {@link #main} for the shell, {@link #run} for everyone else. */
@Command(name = "nexuslite", description = "Embedded document database in one file.", synopsisSubcommandLabel = "COMMAND", footer = {
        "", "Exit codes: 0 done; 1 data refused or not there (fsck: repaired); 2 usage; 4 damaged; 8 could not run."})
public final class NexusLiteCli implements Runnable {
    private static final Map<String, Function<Console, Object>> COMMANDS = commands();

    @CommandLine.Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @CommandLine.Option(names = {"-V", "--version"}, description = "Show the version.")
    private boolean version;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private NexusLiteCli() {
    }

    private static Map<String, Function<Console, Object>> commands() {
        Map<String, Function<Console, Object>> commands = new LinkedHashMap<>();
        commands.put("quickstart", QuickstartCommand::new);
        commands.put("import", ImportCommand::new);
        commands.put("export", ExportCommand::new);
        commands.put("find", FindCommand::new);
        commands.put("count", CountCommand::new);
        commands.put("get", GetCommand::new);
        commands.put("put", PutCommand::new);
        commands.put("delete", DeleteCommand::new);
        commands.put("insert", InsertCommand::new);
        commands.put("update", UpdateCommand::new);
        commands.put("replace", ReplaceCommand::new);
        commands.put("distinct", DistinctCommand::new);
        commands.put("collections", CollectionsCommand::new);
        commands.put("create", CreateCommand::new);
        commands.put("drop", DropCommand::new);
        commands.put("rename", RenameCommand::new);
        commands.put("stat", StatCommand::new);
        commands.put("fsck", FsckCommand::new);
        commands.put("backup", BackupCommand::new);
        commands.put("shell", ShellCommand::new);
        commands.put("completion", CompletionCommand::new);
        return commands;
    }

    /** Runs with the process' streams, and ends the process with the exit code. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        Cancellation.listen();
        int exitCode = run(args, System.in, out, System.err);
        out.flush();
        Cancellation.done();
        System.exit(exitCode);
    }

    /**
     * Runs one command line.
     *
     * @param in read only by commands that are told to read standard input
     * @param out gets the answer, in UTF-8 if it was made so
     * @param err gets progress and errors
     * @return exit code: 0 done; 1 data refused or not there; 2 usage; 4 damaged; 8 could not run
     */
    public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            out.println(Version.line()); // before anything is loaded that takes time
            return ExitCode.DONE;
        }
        Console console = new Console(in, out, err);
        CommandLine root = root(console, args.length == 0 ? "" : args[0]);
        root.setOut(new java.io.PrintWriter(out, true));
        root.setErr(new java.io.PrintWriter(err, true));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setParameterExceptionHandler((failure, _) -> refuseUsage(failure, err));
        root.setExecutionExceptionHandler((failure, command, _) -> report(failure, command, err));
        int exitCode = root.execute(args);
        out.flush();
        return exitCode;
    }

    /** The command line; with only the command that is asked for, if it is one, since each costs start time. */
    static CommandLine root(Console console, String asked) {
        CommandLine root = new CommandLine(new NexusLiteCli());
        COMMANDS.forEach((name, command) -> {
            if (!COMMANDS.containsKey(asked) || name.equals(asked)) {
                root.addSubcommand(name, command.apply(console));
            }
        });
        return root;
    }

    /** Names of the commands. */
    static Set<String> commandNames() {
        return COMMANDS.keySet();
    }

    /** Without a subcommand: the help, as for someone who asks what there is. */
    @Override
    public void run() {
        if (version) {
            spec.commandLine().getOut().println(Version.line());
        } else {
            throw new ParameterException(spec.commandLine(), "a command is missing");
        }
    }

    private static int refuseUsage(ParameterException failure, PrintStream err) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message = failure.getMessage();
        if (failure instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            message += " (did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?)";
        }
        err.println("nexuslite: " + oneLine(message) + ". See '" + name + " --help'.");
        return ExitCode.USAGE;
    }

    private static int report(Exception failure, CommandLine command, PrintStream err) {
        int exitCode = ExitCode.of(failure);
        ParseResult parsed = command.getParseResult();
        if (parsed.hasMatchedOption("--json")) {
            err.println(new BsonDocument("error",
                    new BsonDocument("type", new BsonString(failure.getClass().getSimpleName()))
                            .append("message", new BsonString(messageOf(failure)))
                            .append("exitCode", new BsonInt32(exitCode)))
                    .toJson());
        } else {
            err.println("nexuslite: " + messageOf(failure));
        }
        if (parsed.hasMatchedOption("--debug")) {
            failure.printStackTrace(err);
        }
        return exitCode;
    }

    /** One line that a person understands. */
    static String messageOf(Throwable failure) {
        if (failure instanceof java.io.UncheckedIOException && failure.getCause() != null) {
            return messageOf(failure.getCause());
        }
        return oneLine(switch (failure) {
            case NoSuchFileException e ->
                e.getReason() == null ? "no such file: " + e.getFile() : e.getReason() + ": " + e.getFile();
            case AccessDeniedException e -> "access denied: " + e.getFile();
            case FileAlreadyExistsException e -> "file exists: " + e.getFile();
            case IOException e -> "input or output failed: " + e.getMessage();
            case UsageException e -> e.getMessage();
            case RefusedException e -> e.getMessage();
            case io.nexuslite.error.NexusLiteException e -> e.getMessage();
            default -> "unexpected " + failure + "; this is a defect, run again with --debug for its place";
        });
    }

    /** The text with its line ends turned into blanks. */
    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
