package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of every format into a database and out of it, through the door that a shell uses. */
class CliFormatsTest {
    private static final String SHOP = """
            {"_id": 1, "item": "tea, green", "price": {"$numberDecimal": "2.50"}, "size": {"w": 2, "h": 3}, "tags": ["a", "b"]}
            {"_id": 2, "item": "007", "when": {"$date": "2026-01-02T03:04:05Z"}}
            {"_id": {"$oid": "0123456789abcdef01234567"}, "item": "", "note": null}
            """;

    @TempDir
    Path folder;

    private String db(String name) {
        return folder.resolve(name + ".nxl").toString();
    }

    private String filled() {
        CliRun.withInput(SHOP, "import", "--db", db("shop"), "-c", "items").expectDone();
        return db("shop");
    }

    private List<String> canonical(String db) {
        return CliRun.of("find", "--db", db, "-c", "items", "--canonical").expectDone().lines();
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    @Test
    void carriesEveryTypeThroughTypedCsv() throws IOException {
        String shop = filled();
        Path csv = file("items.csv");
        CliRun.of("export", "--db", shop, "-c", "items", "-o", csv.toString(), "--typed-header").expectDone();
        assertTrue(
                Files.readString(csv)
                        .startsWith("_id:json,item:string,price:decimal,size.w:int32,size.h:int32,tags:json,"),
                Files.readString(csv));
        CliRun.of("import", csv.toString(), "--db", db("copy"), "-c", "items", "--typed-header").expectDone();
        assertEquals(canonical(shop), canonical(db("copy")));
    }

    @Test
    void writesAndReadsTabs() throws IOException {
        Path tsv = file("items.tsv");
        CliRun.of("export", "--db", filled(), "-c", "items", "-o", tsv.toString(), "--columns", "_id,item,size.w",
                "--lf")
                .expectDone();
        assertEquals("_id\titem\tsize.w\n1\ttea, green\t2\n2\t007\t\n0123456789abcdef01234567\t\"\"\t\n",
                Files.readString(tsv));
        CliRun.of("import", tsv.toString(), "--db", db("tabs"), "-c", "items").expectDone();
        assertEquals(
                List.of("{\"_id\": 1, \"item\": \"tea, green\", \"size\": {\"w\": 2}}",
                        "{\"_id\": 2, \"item\": \"007\"}",
                        "{\"_id\": \"0123456789abcdef01234567\", \"item\": \"\"}"),
                CliRun.of("find", "--db", db("tabs"), "-c", "items").expectDone().lines());
    }

    @Test
    void readsCsvOfStandardInputAndTellsWhereItIsWrong() {
        CliRun.withInput("_id;n\n1;x\n2;\"y\"z\n3;w\n", "import", "--db", db("in"), "-c", "c", "--format", "csv",
                "--delimiter", ";")
                .expectError(ExitCode.REFUSED, "line=3", "column=6", "closing quote");
        CliRun run = CliRun.withInput("_id;n\n1;x\n2;\"y\"z\n3;w\n", "import", "--db", db("in"), "-c", "c", "--format",
                "csv",
                "--delimiter", ";", "--skip-errors", "--json", "--types", "n=string");
        assertEquals(ExitCode.REFUSED, run.exitCode());
        assertEquals(2, BsonDocument.parse(run.out()).getNumber("inserted").longValue());
        CliRun.withInput("a\n1\n", "import", "--db", db("in"), "-c", "c", "--format", "csv", "--types", "a=number")
                .expectError(ExitCode.USAGE, "Unknown column type");
        CliRun.withInput("a\n1\n", "import", "--db", db("in"), "-c", "c", "--format", "xml").expectError(ExitCode.USAGE,
                "ndjson",
                "csv");
        CliRun.withInput("a\n1\n", "import", "--db", db("in"), "-c", "c", "--format", "csv", "--delimiter", "ab")
                .expectError(ExitCode.USAGE, "one character");
    }

    @Test
    void dumpsAndRestoresBson() throws IOException {
        String shop = filled();
        Path dump = file("wares.bson");
        CliRun.of("export", "--db", shop, "-c", "items", "-o", dump.toString()).expectDone();
        assertEquals("items", BsonDocument.parse(Files.readString(file("wares.metadata.json")))
                .getString("collectionName").getValue());
        CliRun.of("import", dump.toString(), "--db", db("copy")).expectDone();
        assertEquals(canonical(shop), canonical(db("copy")));
        Files.delete(file("wares.metadata.json"));
        CliRun.of("import", dump.toString(), "--db", db("named")).expectDone();
        assertEquals("wares\t3", CliRun.of("collections", "--db", db("named")).expectDone().out().strip());
        byte[] bytes = Files.readAllBytes(dump);
        bytes[bytes.length - 1] = 1;
        Files.write(dump, bytes);
        CliRun.of("import", dump.toString(), "--db", db("bad"), "-c", "c").expectError(ExitCode.REFUSED, "Invalid row",
                "byte=");
        CliRun.withInput("{}", "import", "--db", db("bad")).expectError(ExitCode.USAGE, "--collection is missing");
    }

    @Test
    void carriesEveryShapeOfPandas() {
        String shop = filled();
        for (String shape : List.of("records", "split", "columns", "index", "table")) {
            String frame = file(shape + ".json").toString();
            CliRun.of("export", "--db", shop, "-c", "items", "-o", frame, "--format", "pandas-" + shape).expectDone();
            CliRun.of("import", frame, "--db", db(shape), "-c", "items", "--format", "pandas-" + shape).expectDone();
            assertEquals(
                    List.of("{\"_id\": 1, \"item\": \"tea, green\", \"price\": 2.5, \"size\": {\"w\": 2, \"h\": 3}, "
                            + "\"tags\": [\"a\", \"b\"]}"),
                    CliRun.of("find", "--db", db(shape), "-c", "items", "-f", "{_id: 1}").expectDone().lines(), shape);
            assertEquals("3", CliRun.of("count", "--db", db(shape), "-c", "items").expectDone().out().strip());
        }
        CliRun labelled = CliRun
                .of("export", "--db", shop, "-c", "items", "--format", "pandas-columns", "--index-field", "_id",
                        "--columns", "item")
                .expectDone();
        assertEquals("{\"item\":{\"1\":\"tea, green\",\"2\":\"007\",\"0123456789abcdef01234567\":\"\"}}",
                labelled.out());
        CliRun.withInput(labelled.out(), "import", "--db", db("labels"), "-c", "items", "--format", "pandas-columns",
                "--index-field", "_id").expectDone();
        assertEquals(List.of("{\"_id\": 1, \"item\": \"tea, green\"}", "{\"_id\": 2, \"item\": \"007\"}"),
                CliRun.of("find", "--db", db("labels"), "-c", "items", "-n", "2").expectDone().lines());
        assertEquals("{\"_id\":\"0123456789abcdef01234567\",\"item\":\"\",\"note\":null}",
                CliRun.of("find", "--db", shop, "-c", "items", "--plain", "--skip", "2").expectDone().out().strip());
    }
}
