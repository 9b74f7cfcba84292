package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that change documents, collections and files. */
class CliWriteTest {
    @TempDir
    Path folder;
    private String db;

    @BeforeEach
    void fill() {
        db = folder.resolve("w.nxl").toString();
        assertEquals("1\n2\n3\n",
                CliRun.of("insert", "{_id: 1, n: 1, t: ['a', 'b']}", "{_id: 2, n: 2, t: ['b']}", "{_id: 3, n: 1}",
                        "--db", db, "-c", "c")
                        .expectDone().out());
    }

    private CliRun on(String command, String... more) {
        return CliRun.of(Stream.concat(Stream.of(command, "--db", db), Stream.of(more)).toArray(String[]::new));
    }

    private String count() {
        return on("count", "-c", "c").expectDone().out().strip();
    }

    @Test
    void insertsAllOrNone() {
        on("insert", "-c", "c", "{_id: 4}", "{_id: 1}").expectError(ExitCode.REFUSED, "_id");
        assertEquals("3", count());
        CliRun.withInput("{\"_id\": 4}\n\n{\"_id\": 5}\n", "insert", "--db", db, "-c", "c", "--ttl", "3600")
                .expectDone();
        assertEquals("5", count());
        CliRun.withInput("", "insert", "--db", db, "-c", "c").expectError(ExitCode.USAGE, "no document");
    }

    @Test
    void updatesOneOrManyAndAsksForAll() {
        assertEquals("matched 1, modified 1\n",
                on("update", "-c", "c", "-f", "{n: 1}", "{$set: {x: 1}}").expectDone().out());
        assertEquals("matched 2, modified 2\n",
                on("update", "-c", "c", "-f", "{n: 1}", "{$inc: {n: 5}}", "--many").expectDone().out());
        on("update", "-c", "c", "-f", "{}", "{$set: {y: 1}}", "--many").expectError(ExitCode.USAGE, "--confirm");
        on("update", "-c", "c", "{$set: {y: 1}}").expectError(ExitCode.USAGE, "--filter");
        assertEquals(3,
                on("update", "-c", "c", "-f", "{}", "{$set: {y: 1}}", "--many", "--confirm", "--json").expectDone()
                        .json()
                        .getNumber("modified").longValue());
        assertEquals(ExitCode.REFUSED, on("update", "-c", "c", "-f", "{n: 99}", "{$set: {y: 1}}").exitCode());
        assertEquals("matched 0, modified 0, inserted 9\n",
                on("update", "-c", "c", "-f", "{_id: 9}", "{$set: {y: 1}}", "--upsert").expectDone().out());
        on("update", "-c", "c", "-f", "{}", "{y: 1}").expectError(ExitCode.USAGE);
    }

    @Test
    void replacesKeepingTheId() {
        on("replace", "-c", "c", "-f", "{_id: 2}", "{z: 1}").expectDone();
        assertEquals("{\"_id\": 2, \"z\": 1}\n", on("find", "-c", "c", "-f", "{_id: 2}").expectDone().out());
        assertEquals(ExitCode.REFUSED, on("replace", "-c", "c", "-f", "{_id: 7}", "{z: 1}").exitCode());
        on("replace", "-c", "c", "-f", "{_id: 7}", "{z: 1}", "--upsert").expectDone();
        assertEquals("4", count());
    }

    @Test
    void deletesOneOrManyAndAsksForAll() {
        on("delete", "-c", "c", "-f", "{}").expectError(ExitCode.USAGE, "--confirm");
        assertEquals("deleted 1\n", on("delete", "-c", "c", "-f", "{n: 1}", "--one").expectDone().out());
        assertEquals("deleted 2\n", on("delete", "-c", "c", "-f", "{}", "--many", "--confirm").expectDone().out());
        on("delete", "-c", "c", "1", "--many").expectError(ExitCode.USAGE, "--one and --many");
    }

    @Test
    void tellsDistinctValues() {
        assertEquals("1\n2\n", on("distinct", "-c", "c", "n").expectDone().out());
        assertEquals("\"a\"\n\"b\"\n", on("distinct", "-c", "c", "t").expectDone().out());
        assertEquals("\"b\"\n", on("distinct", "-c", "c", "t", "-f", "{n: 2}").expectDone().out());
        on("distinct", "-c", "c", "_id", "--values-max", "2").expectError(ExitCode.REFUSED, "more than 2");
    }

    @Test
    void createsRenamesAndDropsCollections() {
        on("create", "new").expectDone();
        on("create", "new").expectError(ExitCode.USAGE, "new");
        on("rename", "new", "newer").expectDone();
        assertEquals(List.of("c\t3", "newer\t0"), on("collections").expectDone().lines());
        on("drop", "newer").expectDone();
        on("drop", "newer").expectError(ExitCode.REFUSED, "no collection");
        on("drop", "c").expectError(ExitCode.USAGE, "--confirm");
        on("drop", "c", "--confirm").expectDone();
        assertEquals("", on("collections").expectDone().out());
    }

    @Test
    void refusesToWriteWhereItIsReadOnly() {
        on("insert", "-c", "c", "{_id: 9}", "--read-only").expectError(ExitCode.FAILED);
        on("delete", "-c", "c", "1", "--read-only").expectError(ExitCode.FAILED);
        CliRun.withInput("{\"_id\": 9}\n", "import", "--db", db, "-c", "c", "--read-only").expectError(ExitCode.FAILED);
        assertEquals("3", count());
    }

    @Test
    void backsUpIntoOneCheckedFile() throws IOException {
        Path copy = folder.resolve("copy.nxl");
        on("insert", "-c", "c", "{_id: 10}", "--tag", "kept", "--ttl", "3600").expectDone();
        on("backup", copy.toString()).expectDone();
        CliRun.of("fsck", copy.toString()).expectDone();
        assertEquals(on("find", "-c", "c", "--canonical").out(),
                CliRun.of("find", "--db", copy.toString(), "-c", "c", "--canonical").expectDone().out());
        assertTrue(CliRun.of("get", "10", "--db", copy.toString(), "-c", "c", "--meta").expectDone().out()
                .contains("kept"));
        on("backup", copy.toString()).expectError(ExitCode.FAILED, "file exists");
        on("backup", copy.toString(), "--force").expectDone();
        on("backup", db, "--force").expectError(ExitCode.USAGE, "same file");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of("copy.nxl", "w.nxl"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void printsTablesAndCompletion() {
        assertEquals("_id  n  t\n---  -  ----------\n1    1  [\"a\", \"b\"]\n2    2  [\"b\"]\n3    1\n",
                on("find", "-c", "c", "--table").expectDone().out());
        on("find", "-c", "c", "--table", "--format", "csv").expectError(ExitCode.USAGE, "--table");
        String bash = CliRun.of("completion", "bash").expectDone().out();
        assertTrue(bash.contains("complete -F _complete_nexuslite") && bash.contains("--skip-errors"), bash);
        assertTrue(CliRun.of("completion", "zsh").expectDone().out().startsWith("autoload"));
        CliRun.of("completion", "fish").expectError(ExitCode.USAGE, "SHELL");
    }
}
