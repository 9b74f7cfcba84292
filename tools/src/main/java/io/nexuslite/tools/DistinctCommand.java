package io.nexuslite.tools;

import io.nexuslite.Database;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the different values of a field. */
@Command(name = "distinct", description = "Print the different values of a field, each element of an array by itself, in the order in which they are first seen.", sortOptions = false)
final class DistinctCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "FIELD", description = "Name of the field, with dots for fields in documents.")
    private String field;
    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CollectionFlag collection;
    @Option(names = {"-f", "--filter"}, paramLabel = "JSON", description = "Of which documents. Default: all.")
    private String filter;
    @Option(names = "--values-max", paramLabel = "N", defaultValue = "1000000", description = "More values than these are refused. Default: ${DEFAULT-VALUE}.")
    private int valuesMax;
    @Mixin
    private CommonFlags common;

    DistinctCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        BsonDocument parsed = QueryFlags.parsed(filter, "--filter");
        String[] path = field.split("\\.", -1);
        Set<BsonValue> values = new LinkedHashSet<>();
        BsonDocument projection = new BsonDocument(field, new BsonInt32(1));
        try (Database opened = database.openToRead()) {
            for (RawBsonDocument document : DatabaseFlags.raw(opened, collection.name).find(parsed)
                    .projection(projection)) {
                collect(document, path, 0, values);
                if (values.size() > valuesMax) {
                    throw new RefusedException("more than " + valuesMax + " different values of " + field);
                }
            }
        }
        if (common.json) {
            console.out().println(new BsonDocument("values", new BsonArray(values.stream().toList())).toJson());
        } else {
            values.forEach(value -> console.out().println(Texts.json(value)));
        }
        return ExitCode.DONE;
    }

    private static void collect(BsonValue value, String[] path, int step, Set<BsonValue> into) {
        if (value.isArray()) {
            if (step < path.length && path[step].matches("\\d{1,9}")) {
                int index = Integer.parseInt(path[step]);
                if (index < value.asArray().size()) {
                    collect(value.asArray().get(index), path, step + 1, into);
                }
            }
            for (BsonValue element : value.asArray()) {
                if (step == path.length) {
                    into.add(element);
                } else if (element.isDocument()) {
                    collect(element, path, step, into);
                }
            }
        } else if (step == path.length) {
            into.add(value);
        } else if (value.isDocument() && value.asDocument().containsKey(path[step])) {
            collect(value.asDocument().get(path[step]), path, step + 1, into);
        }
    }
}
