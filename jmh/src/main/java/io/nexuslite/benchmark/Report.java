package io.nexuslite.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Makes the tables of docs/benchmarks.md from a result that JMH has written as JSON: one table for each benchmark and setting, with each
 * contender's speed as a multiple of NexusLite's, so that above 1 somebody else is faster.
 */
public final class Report {
    private static final String CONTENDER = "contender";

    /** One contender's result in one setting. */
    private record Line(String contender, double score, double error, String unit, boolean isTime, double bytes,
            double diskPerRaw) {
        double speed() {
            return isTime ? 1 / score : score;
        }
    }

    private Report() {
    }

    /**
     * Prints tables in Markdown.
     *
     * @param arguments files of results
     */
    public static void main(String[] arguments) throws IOException {
        for (String file : arguments) {
            print(Files.readString(Path.of(file)), System.out);
        }
    }

    static void print(String json, PrintStream output) {
        Map<String, List<Line>> tables = new LinkedHashMap<>();
        for (BsonValue value : BsonArray.parse(json)) {
            BsonDocument result = value.asDocument();
            tables.computeIfAbsent(title(result), title -> new ArrayList<>()).add(line(result));
        }
        tables.forEach((title, lines) -> print(title, lines, output));
    }

    private static String title(BsonDocument result) {
        String name = result.getString("benchmark").getValue();
        StringBuilder title = new StringBuilder(name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1));
        title.append(", threads ").append(result.getNumber("threads").intValue());
        result.getDocument("params").forEach((parameter, value) -> {
            if (!parameter.equals(CONTENDER)) {
                title.append(", ").append(parameter).append(' ').append(value.asString().getValue());
            }
        });
        return title.toString();
    }

    private static Line line(BsonDocument result) {
        BsonDocument metric = result.getDocument("primaryMetric");
        return new Line(result.getDocument("params").getString(CONTENDER).getValue(), number(metric.get("score")),
                number(metric.get("scoreError")), metric.getString("scoreUnit").getValue(),
                !result.getString("mode").getValue().equals("thrpt"), secondary(result, "gc.alloc.rate.norm"),
                secondary(result, "diskPerRaw"));
    }

    /** NaN where it was not measured; JMH may put a dot before the name. */
    private static double secondary(BsonDocument result, String name) {
        return result.getDocument("secondaryMetrics").entrySet().stream()
                .filter(metric -> metric.getKey().endsWith(name))
                .mapToDouble(metric -> number(metric.getValue().asDocument().get("score"))).findFirst()
                .orElse(Double.NaN);
    }

    /** JMH writes NaN as a string. */
    private static double number(BsonValue value) {
        return value.isNumber() ? value.asNumber().doubleValue() : Double.NaN;
    }

    private static void print(String title, List<Line> lines, PrintStream output) {
        double own = lines.stream().filter(line -> line.contender().equals(Contender.NEXUSLITE.name()))
                .mapToDouble(Line::speed).findFirst().orElse(Double.NaN);
        output.println("### " + title);
        output.println("| contender | result | ± | speed ÷ NexusLite's | garbage, B/op | disk ÷ raw |");
        output.println("|---|---|---|---|---|---|");
        for (Line line : lines) {
            output.printf(Locale.ROOT, "| %s | %,.1f %s | %s | %s | %s | %s |%n", line.contender(), line.score(),
                    line.unit(), orDash("%.0f %%", 100 * line.error() / line.score()),
                    orDash("%.2f", line.speed() / own), orDash("%.2f", line.bytes()),
                    orDash("%.2f", line.diskPerRaw()));
        }
        output.println();
    }

    private static String orDash(String format, double value) {
        return Double.isNaN(value) ? "—" : String.format(Locale.ROOT, format, value);
    }
}
