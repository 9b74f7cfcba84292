package io.nexuslite.tools;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt64;
import org.bson.BsonString;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the whole life of a database. */
@Command(name = "quickstart", sortOptions = false, description = "Import every Unicode character, query, be killed, recover, export and check; exit code 0 only if every step held.")
final class QuickstartCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = {"-o",
            "--output"}, paramLabel = "FOLDER", defaultValue = "quickstart-data", description = "Folder for the files; an earlier quickstart's are replaced. Default: ${DEFAULT-VALUE}.")
    private Path output;
    @Option(names = "--characters", paramLabel = "N", description = "Only the first characters; 0, the default, for all.")
    private int characters;
    @Option(names = "--seed", paramLabel = "N", description = "Repeats the documents and the moment of an earlier crash.")
    private Long seed;
    @Mixin
    private CommonFlags common;

    QuickstartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (characters < 0) {
            throw new UsageException("--characters must not be negative, found " + characters, null);
        }
        long chosen = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
        Quickstart quickstart = new Quickstart(console, QuickstartFolder.fresh(output), characters, chosen,
                common.json);
        if (!common.json) {
            console.out().println("nexuslite quickstart in " + output + ", seed " + chosen);
        }
        List<Quickstart.Step> steps = quickstart.run();
        if (common.json) {
            console.out().println(report(chosen, steps).toJson());
        } else {
            console.out().println("every step held. Try: nexuslite find --db " + output.resolve("unicode.nxl")
                    + " --collection characters --filter '{\"script\": \"GREEK\"}' --limit 3");
        }
        return ExitCode.DONE;
    }

    private static BsonDocument report(long seed, List<Quickstart.Step> steps) {
        BsonArray listed = new BsonArray();
        for (Quickstart.Step step : steps) {
            listed.add(new BsonDocument("name", new BsonString(step.name()))
                    .append("millis", new BsonDouble(step.nanos() / 1e6))
                    .append("count", new BsonInt64(step.count())).append("unit", new BsonString(step.unit()))
                    .append("perSecond", new BsonDouble(step.perSecond()))
                    .append("detail", new BsonString(step.detail())));
        }
        return new BsonDocument("held", BsonBoolean.TRUE).append("seed", new BsonInt64(seed)).append("steps", listed);
    }
}
