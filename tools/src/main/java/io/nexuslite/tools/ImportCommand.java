package io.nexuslite.tools;

import io.nexuslite.Database;
import java.util.concurrent.Callable;
import java.nio.file.Path;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads documents from a file or from standard input into a collection. */
@Command(name = "import", description = "Read NDJSON (Extended JSON, canonical or relaxed) into a collection; exit code 1 if a line was refused.", sortOptions = false)
final class ImportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "What to read; - or nothing for standard input.")
    private String input = "-";
    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CollectionFlag collection;
    @Option(names = "--on-duplicate", paramLabel = "WHAT", defaultValue = "fail", description = "A document whose _id is there already: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE} (refused and told).")
    private DuplicatePolicy policy;
    @Option(names = "--stop-on-error", description = "Stop at the first line that is refused; what was stored before stays.")
    private boolean stopOnError;
    @Mixin
    private CommonFlags common;

    ImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        long start = System.nanoTime();
        Importer.Outcome outcome;
        try (Importer importer = input.equals("-")
                ? Importer.fromStandardInput(console)
                : Importer.fromFile(Path.of(input), console);
                Database opened = database.openOrCreate()) {
            outcome = importer.into(opened, collection.name, policy, stopOnError);
        }
        long nanos = System.nanoTime() - start;
        if (common.json) {
            console.out().println(new BsonDocument("read", new BsonInt64(outcome.read()))
                    .append("inserted", new BsonInt64(outcome.inserted()))
                    .append("replaced", new BsonInt64(outcome.replaced()))
                    .append("refused", new BsonInt64(outcome.refused()))
                    .append("millis", new BsonInt64(nanos / 1_000_000)).toJson());
        } else {
            console.out()
                    .println("read " + outcome.read() + ", inserted " + outcome.inserted() + ", replaced "
                            + outcome.replaced()
                            + ", refused " + outcome.refused() + " (" + Progress.rate(outcome.read(), nanos) + ")");
        }
        return outcome.refused() == 0 ? ExitCode.DONE : ExitCode.REFUSED;
    }
}
