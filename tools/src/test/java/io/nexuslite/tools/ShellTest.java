package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellTest {
    @TempDir
    Path folder;

    @Test
    void splitsLinesIntoWords() {
        assertEquals(List.of("find", "{a: \"x } y\", b: [1, {c: 2}]}", "--limit", "5"),
                ShellWords.of("find {a: \"x } y\", b: [1, {c: 2}]} --limit 5"));
        assertEquals(List.of("get", "a b", "c\"d", "e f"), ShellWords.of("  get 'a b' \"c\\\"d\" e' 'f "));
        assertEquals(List.of("x", ""), ShellWords.of("x \"\""));
        assertEquals(List.of("a", "[1]"), ShellWords.of("a [1]"));
        for (String open : List.of("find {a: 1", "x 'y", "x \"y", "f [1, {]", "f {a: \"}\"")) {
            assertFalse(ShellWords.isComplete(open), open);
        }
        assertTrue(ShellWords.isComplete("find {a: 'it\\'s }'}"));
    }

    @Test
    void runsScripts() {
        CliRun run = CliRun.withInput("""
                # a comment
                .use people
                insert {_id: 1, name: "Ada"} {_id: 2,
                  name: "Grace"}
                count
                find {_id: 2}
                update {$set: {born: 1906}} --filter {_id: 2}
                .mode table
                find
                .mode csv
                find {_id: 1}
                distinct name
                .collections
                .exit
                find {never: reached}
                """, "shell", "--db", folder.resolve("s.nxl").toString());
        assertEquals("", run.err());
        assertEquals("1\n2\n2\n{\"_id\": 2, \"name\": \"Grace\"}\nmatched 1, modified 1\n"
                + "_id  name   born\n---  -----  ----\n1    Ada\n2    Grace  1906\n_id,name\r\n1,Ada\r\n\"Ada\"\n\"Grace\"\npeople\t2\n",
                run.out());
        assertEquals(ExitCode.DONE, run.exitCode());
    }

    @Test
    void goesOnBehindAnErrorAndTellsItInTheEnd() {
        CliRun run = CliRun.withInput("nonsense\nshell\n.mode xml\ninsert {a: 1}\n.use c\ninsert {_id: 1}\ncount\n",
                "shell", "--db",
                folder.resolve("s.nxl").toString());
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertEquals(4, run.err().lines().count(), run.err());
        assertEquals("1\n1\n", run.out());
        CliRun.withInput("find {a: 1\n", "shell", "--db", folder.resolve("s.nxl").toString()).expectError(
                ExitCode.USAGE,
                "not closed");
    }

    @Test
    void refusesToWriteWhereItIsReadOnly() {
        String db = folder.resolve("r.nxl").toString();
        CliRun.of("insert", "{_id: 1}", "--db", db, "-c", "c").expectDone();
        CliRun run = CliRun.withInput(".use c\ninsert {_id: 2}\ncount\n", "shell", "--db", db, "--read-only");
        assertEquals(ExitCode.FAILED, run.exitCode());
        assertEquals("1\n", run.out());
    }

    @Test
    void helps() {
        CliRun run = CliRun.withInput(".help\nhelp find\n", "shell", "--db", folder.resolve("h.nxl").toString());
        assertEquals(ExitCode.DONE, run.exitCode());
        assertTrue(run.out().contains(".timing") && run.out().contains("--sort"), run.out());
    }
}
