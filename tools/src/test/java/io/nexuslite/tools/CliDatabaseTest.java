package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.Database;
import io.nexuslite.NexusLite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command against a file, through the door that a shell uses. */
class CliDatabaseTest {
    private static final String PEOPLE = """
            {"_id": 1, "name": "Ada", "born": {"$numberLong": "1815"}, "tags": ["a", "b"]}
            {"_id": 2, "name": "Grace", "born": {"$numberLong": "1906"}}

            {"_id": "three", "name": "Alan", "born": {"$numberLong": "1912"}}
            {"_id": {"$uuid": "550e8400-e29b-41d4-a716-446655440000"}, "name": "Édouard", "born": {"$numberLong": "1842"}}
            """;

    @TempDir
    Path folder;
    private String db;

    @BeforeEach
    void importPeople() {
        db = folder.resolve("people.nxl").toString();
        CliRun run = CliRun.withInput(PEOPLE, "import", "--db", db, "--collection", "people", "--json").expectDone();
        assertEquals(4, run.json().getNumber("inserted").longValue());
        assertEquals(4, run.json().getNumber("read").longValue());
        assertEquals(0, run.json().getNumber("refused").longValue());
    }

    @Test
    void leavesOneFile() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of("people.nxl"), files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void findsByFilterSortProjectionSkipAndLimit() {
        List<String> lines = find("--filter", "{born: {$gt: 1820}}", "--sort", "{born: -1}", "--project",
                "{name: 1, _id: 0}",
                "--skip", "1", "--limit", "2").lines();
        assertEquals(List.of("{\"name\": \"Grace\"}", "{\"name\": \"Édouard\"}"), lines);
    }

    @Test
    void writesRelaxedAndCanonical() {
        assertTrue(find("--filter", "{_id: 1}").out().contains("\"born\": 1815"));
        assertTrue(find("--filter", "{_id: 1}", "--canonical").out().contains("\"born\": {\"$numberLong\": \"1815\"}"));
    }

    @Test
    void findWritesFileWhenComplete() throws IOException {
        Path output = folder.resolve("found.ndjson");
        assertEquals("", find("--output", output.toString()).out());
        assertEquals(4, Files.readAllLines(output).size());
        CliRun.of("find", "--db", db, "-c", "people", "--filter", "{born: {$near: 1}}", "--output", output.toString())
                .expectError(ExitCode.USAGE, "$near");
        assertEquals(4, Files.readAllLines(output).size(), "a failed query leaves the old file");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count(), "no part of a file is left");
        }
    }

    @Test
    void counts() {
        assertEquals("4\n", CliRun.of("count", "--db", db, "-c", "people").expectDone().out().replace("\r", ""));
        assertEquals(2,
                CliRun.of("count", "--db", db, "-c", "people", "--filter", "{born: {$gt: 1900}}", "--json").expectDone()
                        .json()
                        .getNumber("count").longValue());
        assertEquals("0", CliRun.of("count", "--db", db, "-c", "nobody").expectDone().out().strip());
    }

    @Test
    void getsByEachKindOfId() {
        assertEquals("Ada", get("1").getString("name").getValue());
        assertEquals("Alan", get("three").getString("name").getValue());
        assertEquals("Édouard", get("550e8400-e29b-41d4-a716-446655440000").getString("name").getValue());
        assertEquals("Ada", get("1", "--id-type", "int64").getString("name").getValue(),
                "numbers are equal across types");
        CliRun.of("get", "1", "--db", db, "-c", "people", "--id-type", "string").expectError(ExitCode.REFUSED, "\"1\"",
                "people");
    }

    @Test
    void getShowsWhatStandsBesideTheDocument() {
        BsonDocument shown = get("1", "--meta");
        assertEquals("Ada", shown.getDocument("document").getString("name").getValue());
        assertEquals(1, shown.getDocument("metadata").getNumber("version").longValue());
        assertEquals("PERSISTENT", shown.getDocument("metadata").getString("type").getValue());
    }

    @Test
    void putsAndReplaces() {
        BsonDocument answer = CliRun
                .of("put", "--db", db, "-c", "people", "--json", "{_id: 2, name: \"Grace Hopper\"}", "{name: \"New\"}")
                .expectDone().json();
        assertEquals(1, answer.getNumber("replaced").longValue());
        assertEquals(2, answer.getArray("ids").size());
        assertEquals("Grace Hopper", get("2").getString("name").getValue());
        assertEquals("5", CliRun.of("count", "--db", db, "-c", "people").out().strip());
    }

    @Test
    void putsLinesOfStandardInputOrNone() {
        CliRun.withInput("{\"_id\": 10}\n{\"_id\": 11}\n", "put", "--db", db, "-c", "more").expectDone();
        assertEquals("2", CliRun.of("count", "--db", db, "-c", "more").out().strip());
        CliRun.withInput("{\"_id\": 12}\n{\"_id\":\n", "put", "--db", db, "-c", "more").expectError(ExitCode.USAGE,
                "line 2");
        assertEquals("2", CliRun.of("count", "--db", db, "-c", "more").out().strip());
    }

    @Test
    void putsWithTagsAndTimeToLive() {
        CliRun.of("put", "--db", db, "-c", "sessions", "--ttl", "3600", "--tag", "login", "{_id: 1}").expectDone();
        BsonDocument metadata = BsonDocument
                .parse(CliRun.of("get", "1", "--db", db, "-c", "sessions", "--meta").expectDone().out())
                .getDocument("metadata");
        assertEquals("EPHEMERAL", metadata.getString("type").getValue());
        assertEquals("login", metadata.getArray("tags").getFirst().asString().getValue());
        assertTrue(metadata.containsKey("expiry"));
        CliRun.of("put", "--db", db, "-c", "sessions", "--ttl", "0", "{_id: 1}").expectError(ExitCode.USAGE, "--ttl");
    }

    @Test
    void deletesByIdAndByFilter() {
        CliRun.of("delete", "1", "--db", db, "-c", "people").expectDone();
        CliRun.of("delete", "1", "--db", db, "-c", "people").expectError(ExitCode.REFUSED, "no document with _id 1");
        CliRun.of("delete", "1", "--db", db, "-c", "people", "--filter", "{}").expectError(ExitCode.USAGE, "not both");
        BsonDocument answer = CliRun
                .of("delete", "--db", db, "-c", "people", "--filter", "{born: {$gt: 1900}}", "--json").expectDone()
                .json();
        assertEquals(2, answer.getNumber("deleted").longValue());
        assertEquals("1", CliRun.of("count", "--db", db, "-c", "people").out().strip());
    }

    @Test
    void listsCollections() {
        CliRun.of("put", "--db", db, "-c", "more", "{_id: 1}").expectDone();
        assertEquals(List.of("more\t1", "people\t4"), CliRun.of("collections", "--db", db).expectDone().lines());
        BsonDocument json = CliRun.of("collections", "--db", db, "--json").expectDone().json();
        assertEquals("people", json.getArray("collections").get(1).asDocument().getString("name").getValue());
    }

    @Test
    void showsStatistics() {
        BsonDocument stat = CliRun.of("stat", "--db", db, "--json").expectDone().json();
        assertTrue(stat.containsKey("fileBytes"), stat.toString());
        assertEquals(1, stat.getArray("collections").size());
        assertFalse(stat.toJson().contains("Ada"));
        assertTrue(CliRun.of("stat", "--db", db).expectDone().out().contains("fileBytes"));
    }

    @Test
    void exportsWhatWasImported() throws IOException {
        Path canonical = folder.resolve("people.ndjson");
        BsonDocument report = CliRun
                .of("export", "--db", db, "-c", "people", "--output", canonical.toString(), "--canonical", "--json")
                .expectDone().json();
        assertEquals(4, report.getNumber("exported").longValue());
        String copy = folder.resolve("copy.nxl").toString();
        CliRun.of("import", canonical.toString(), "--db", copy, "-c", "people").expectDone();
        assertEquals(find("--canonical").out(),
                CliRun.of("find", "--db", copy, "-c", "people", "--canonical").expectDone().out());
        CliRun.of("export", "--db", db, "-c", "people", "--json").expectError(ExitCode.USAGE, "--output");
    }

    @Test
    void importEndsAtTheFirstRowItRefuses() {
        CliRun.withInput("{\"_id\": 20}\n{\"_id\": 1}\n", "import", "--db", db, "-c", "people", "--batch", "1")
                .expectError(ExitCode.REFUSED, "line=2");
        CliRun.withInput("{\"_id\": 21}\nnonsense\n", "import", "--db", db, "-c", "people")
                .expectError(ExitCode.REFUSED, "line=2");
        assertEquals("5", CliRun.of("count", "--db", db, "-c", "people").out().strip(),
                "the batch before stays, the open one does not");
    }

    @Test
    void importTellsWhichRowsItSkipped() {
        String bad = "{\"_id\": 20}\n{\"_id\": 1}\nnonsense\n{\"_id\": [1]}\n{\"_id\": 21}\n";
        CliRun run = CliRun.withInput(bad, "import", "-", "--db", db, "-c", "people", "--skip-errors");
        assertEquals(ExitCode.REFUSED, run.exitCode(), run::toString);
        assertEquals(3, run.err().lines().count(), run::err);
        assertFalse(run.err().contains("\tat "), run::err);
        assertTrue(run.out().contains("read 5, inserted 2"), run::out);
        assertEquals("6", CliRun.of("count", "--db", db, "-c", "people").out().strip());
        CliRun json = CliRun.withInput(bad, "import", "--db", db, "-c", "again", "--skip-errors", "--json");
        assertEquals(3, json.json().getArray("errors").getFirst().asDocument().getNumber("line").longValue());
        CliRun.withInput(bad, "import", "-", "--db", db, "-c", "third", "--skip-errors", "--max-errors", "1")
                .expectError(ExitCode.REFUSED, "line=4");
        CliRun.withInput(bad, "import", "-", "--db", db, "-c", "third", "--batch", "0").expectError(ExitCode.USAGE,
                "0 documents");
    }

    @Test
    void importDescribesTheRowsItSkippedInAFile() throws IOException {
        Path errors = folder.resolve("refused.ndjson");
        String bad = "{\"_id\": 20}\n{\"_id\": 1}\nnonsense\n{\"_id\": 21}\n";
        CliRun run = CliRun.withInput(bad, "import", "--db", db, "-c", "people", "--skip-errors", "--error-file",
                errors.toString(), "--json");
        assertEquals(ExitCode.REFUSED, run.exitCode(), run::toString);
        assertEquals(2, run.json().getNumber("inserted").longValue());
        assertEquals(2, run.json().getNumber("refused").longValue());
        List<BsonDocument> described = Files.readAllLines(errors).stream().map(BsonDocument::parse).toList();
        assertEquals(2, described.size());
        assertEquals(2, described.getFirst().getNumber("line").longValue());
        assertEquals("{\"_id\": 1}", described.getFirst().getString("row").getValue());
        assertEquals("nonsense", described.get(1).getString("row").getValue());

        Path more = folder.resolve("more.ndjson");
        CliRun.withInput(bad, "import", "--db", db, "-c", "people", "--skip-errors", "--max-errors", "1",
                "--error-file", more.toString()).expectError(ExitCode.REFUSED, "line=2");
        assertEquals(1, Files.readAllLines(more).size(), "also when the import fails");
        CliRun.withInput(bad, "import", "--db", db, "-c", "people", "--error-file", more.toString())
                .expectError(ExitCode.USAGE, "--skip-errors");
        CliRun.withInput(bad, "import", "--db", db, "-c", "people", "--max-errors", "1")
                .expectError(ExitCode.USAGE, "--skip-errors");
        CliRun.withInput(bad, "import", "--db", db, "-c", "people", "--skip-errors", "--max-errors", "-1")
                .expectError(ExitCode.USAGE, "from 0 on");
    }

    @Test
    void importMakesAFieldTheId() {
        String rows = "{\"name\": \"tea\", \"sku\": \"T1\"}\n{\"name\": \"none\"}\n";
        CliRun run = CliRun.withInput(rows, "import", "--db", db, "-c", "goods", "--id-field", "sku", "--skip-errors",
                "--json");
        assertEquals(ExitCode.REFUSED, run.exitCode(), run::toString);
        assertEquals(1, run.json().getNumber("inserted").longValue());
        assertEquals("{\"_id\": \"T1\", \"name\": \"tea\"}",
                CliRun.of("find", "--db", db, "-c", "goods").expectDone().out().strip());
        CliRun.withInput(rows, "import", "--db", db, "-c", "goods", "--id-field", "_id").expectError(ExitCode.USAGE,
                "Id field");
    }

    @Test
    void importRefusesModesThatMakeNoSense() {
        CliRun.withInput("", "import", "--db", db, "-c", "people", "--mode", "blend").expectError(ExitCode.USAGE,
                "--mode");
        CliRun.withInput("{}", "import", "--db", db, "-c", "_tempDocuments").expectError(ExitCode.FAILED,
                "_tempDocuments");
    }

    @Test
    void exportsByteForByteWhatItImported() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            rows.append("{\"_id\": ").append(i).append(", \"name\": \"n\u00fc ").append(i % 17)
                    .append("\", \"list\": [1, 2.5, {\"a\": null}]}\n");
        }
        Path source = Files.writeString(folder.resolve("rows.ndjson"), rows);
        Path target = folder.resolve("out.ndjson");
        CliRun.of("import", source.toString(), "--db", db, "-c", "rows", "--batch", "700").expectDone();
        BsonDocument report = CliRun.of("export", "--db", db, "-c", "rows", "-o", target.toString(), "--json")
                .expectDone().json();
        assertEquals(3_000, report.getNumber("exported").longValue());
        assertEquals(Files.size(target), report.getNumber("bytes").longValue());
        assertEquals(-1, Files.mismatch(source, target));
        assertEquals(rows.toString(), CliRun.of("export", "--db", db, "-c", "rows").expectDone().out());
    }

    @Test
    void importSkipsReplacesOrFailsOnDuplicates() {
        String duplicate = "{\"_id\": 1, \"name\": \"X\"}\n";
        CliRun.withInput(duplicate, "import", "--db", db, "-c", "people", "--mode", "skip").expectDone();
        assertEquals("Ada", get("1").getString("name").getValue());
        CliRun.withInput(duplicate, "import", "--db", db, "-c", "people", "--mode", "fail", "--skip-errors")
                .expectError(ExitCode.REFUSED, "line=1");
        CliRun.withInput(duplicate, "import", "--db", db, "-c", "people", "--mode", "upsert").expectDone();
        assertEquals("X", get("1").getString("name").getValue());
    }

    @Test
    void readsAndWritesArrays() throws IOException {
        Path array = folder.resolve("people.json");
        CliRun.of("export", "--db", db, "-c", "people", "--output", array.toString()).expectDone();
        assertTrue(Files.readString(array).startsWith("["), Files.readString(array));
        String copy = folder.resolve("copy.nxl").toString();
        CliRun.of("import", array.toString(), "--db", copy, "-c", "people").expectDone();
        assertEquals(find().out(), CliRun.of("find", "--db", copy, "-c", "people").expectDone().out());
        CliRun.of("find", "--db", db, "-c", "people", "--format", "xml").expectError(ExitCode.USAGE, "--format");
    }

    @Test
    void importOfMissingFileCreatesNothing() {
        Path other = folder.resolve("other.nxl");
        CliRun.of("import", folder.resolve("missing.ndjson").toString(), "--db", other.toString(), "-c", "a")
                .expectError(ExitCode.FAILED, "missing.ndjson");
        assertFalse(Files.exists(other));
    }

    @Test
    void saysWhoHoldsALockedDatabase() {
        try (Database held = NexusLite.open(Path.of(db))) {
            held.collection("people").insertOne(new org.bson.Document("_id", 99));
            CliRun.of("put", "--db", db, "-c", "people", "{_id: 1}").expectError(ExitCode.FAILED, "in use",
                    Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    void refusesNamesAndOperatorsThatMakeNoSense() {
        CliRun.of("put", "--db", db, "-c", "system.users", "{_id: 1}").expectError(ExitCode.USAGE, "system.");
        CliRun.of("count", "--db", db, "-c", "people", "--filter", "{born: {$near: 1}}").expectError(ExitCode.USAGE,
                "$near");
        CliRun.of("put", "--db", db, "-c", "people", "{_id: [1]}").expectError(ExitCode.REFUSED, "_id");
    }

    @Test
    void refusesAFileThatIsNoDatabase() throws IOException {
        Path text = folder.resolve("text.nxl");
        Files.writeString(text, "not a database\n".repeat(100_000));
        CliRun run = CliRun.of("count", "--db", text.toString(), "-c", "a");
        run.expectError(run.exitCode() == ExitCode.DAMAGED ? ExitCode.DAMAGED : ExitCode.FAILED, "text.nxl");
        assertTrue(Files.readString(text).startsWith("not a database"), "and leaves it as it was");
    }

    @Test
    void fsckFindsNothingInASoundFile() {
        BsonDocument report = CliRun.of("fsck", "--db", db, "--json").expectDone().json();
        assertTrue(report.getBoolean("clean").getValue(), report.toString());
        assertEquals(4, report.getDocument("counts").getNumber("documents").longValue());
        assertTrue(report.getDocument("counts").getBoolean("cleanClose").getValue());
        assertTrue(CliRun.of("fsck", db).expectDone().out().startsWith("clean: 4 documents"));
    }

    @Test
    void fsckAndEveryReaderTellDamage() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of(db));
        for (int position = 1 << 20; position < bytes.length; position += 512) {
            bytes[position] ^= 0x40;
        }
        Files.write(Path.of(db), bytes);
        CliRun run = CliRun.of("fsck", "--db", db, "--json");
        assertEquals(ExitCode.DAMAGED, run.exitCode(), run::toString);
        BsonDocument first = run.json().getArray("findings").getFirst().asDocument();
        assertEquals("people.nxl", first.getString("file").getValue());
        assertTrue(first.getNumber("position").longValue() > 0);
        assertTrue(CliRun.of("fsck", db).out().contains("damaged: "));
        CliRun.of("count", "--db", db, "-c", "people").expectError(ExitCode.DAMAGED, "people.nxl", "position=");
    }

    @Test
    void fsckShowsAPart() {
        assertTrue(CliRun.of("fsck", db, "--dump", "identity").expectDone().out().contains("UUID_HIGH"));
        assertFalse(CliRun.of("fsck", db, "--dump", "slot:0").expectDone().out().isEmpty());
        CliRun.of("fsck", db, "--dump", "cellar").expectError(ExitCode.USAGE, "--dump", "cellar");
        CliRun.of("fsck", db, "--dump", "log").expectError(ExitCode.FAILED, "people.wasp");
    }

    @Test
    void fsckSaysWhyItCouldNotRun() throws IOException {
        CliRun.of("fsck", "--db", folder.resolve("missing.nxl").toString()).expectError(ExitCode.FAILED, "missing.nxl");
        Path text = Files.writeString(folder.resolve("text.nxl"), "not a database\n".repeat(100_000));
        CliRun.of("fsck", text.toString()).expectError(ExitCode.FAILED, "Not a NexusLite database");
        CliRun.of("fsck").expectError(ExitCode.USAGE, "a database file");
        CliRun.of("fsck", db, "--findings-max", "0").expectError(ExitCode.USAGE, "--findings-max");
    }

    private CliRun find(String... more) {
        return CliRun.of(
                Stream.concat(Stream.of("find", "--db", db, "-c", "people"), Stream.of(more)).toArray(String[]::new))
                .expectDone();
    }

    private BsonDocument get(String... more) {
        return CliRun
                .of(Stream.concat(Stream.of("get", "--db", db, "-c", "people"), Stream.of(more)).toArray(String[]::new))
                .expectDone()
                .json();
    }
}
