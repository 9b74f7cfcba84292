package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DatabaseStatistics;
import java.lang.reflect.RecordComponent;
import java.util.concurrent.Callable;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows sizes and counters. Names and values of no document: the answer is safe to share. */
@Command(name = "stat", description = "Show sizes, counters and collections; no document's content.", sortOptions = false)
final class StatCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CommonFlags common;

    StatCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Database opened = database.openToRead()) {
            BsonDocument stat = new BsonDocument("file", new BsonString(database.file.toString()));
            append(opened.statistics(), stat);
            stat.append("collections", CollectionsCommand.listed(opened));
            if (common.json) {
                console.out().println(stat.toJson());
            } else {
                stat.forEach(this::printLine);
            }
        }
        return ExitCode.DONE;
    }

    private static void append(DatabaseStatistics statistics, BsonDocument stat) {
        try {
            for (RecordComponent component : DatabaseStatistics.class.getRecordComponents()) {
                stat.append(component.getName(), new BsonInt64((long) component.getAccessor().invoke(statistics)));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e); // a public record of longs
        }
    }

    private void printLine(String name, BsonValue value) {
        if (value.isArray()) {
            value.asArray().forEach(entry -> printLine("collection " + entry.asDocument().getString("name").getValue(),
                    entry.asDocument().get("documents")));
        } else {
            console.out().printf("%-28s %s%n", name,
                    value.isString() ? value.asString().getValue() : value.asInt64().getValue());
        }
    }
}
