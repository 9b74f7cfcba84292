package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CliUsageTest {
    @TempDir
    Path folder;

    @Test
    void tellsItsVersion() {
        assertTrue(CliRun.of("--version").expectDone().out().startsWith("nexuslite "));
        assertEquals(CliRun.of("--version").out(), CliRun.of("-V").out());
    }

    @Test
    void helpNamesEveryCommandAndTheExitCodes() {
        String help = CliRun.of("--help").expectDone().out();
        for (String command : new String[]{"import", "export", "find", "count", "get", "put", "delete", "collections",
                "stat", "fsck",
                "quickstart"}) {
            assertTrue(help.contains("  " + command + " "), () -> command + " in " + help);
            assertTrue(CliRun.of(command, "--help").expectDone().out().contains("Usage: nexuslite " + command));
        }
        assertTrue(help.contains("8 could not run"));
    }

    @Test
    void refusesToDoNothing() {
        CliRun.of().expectError(ExitCode.USAGE, "a command is missing", "nexuslite --help");
    }

    @Test
    void guessesWhatWasMeant() {
        CliRun.of("fnd").expectError(ExitCode.USAGE, "'fnd'", "find");
    }

    @Test
    void namesMissingFlags() {
        CliRun.of("find", "--collection", "a").expectError(ExitCode.USAGE, "--db", "nexuslite find --help");
        CliRun.of("find", "--db", "a.nxl").expectError(ExitCode.USAGE, "--collection");
        CliRun.of("get", "--db", "a.nxl", "--collection", "a").expectError(ExitCode.USAGE, "ID");
        CliRun.of("delete", "--db", "a.nxl", "--collection", "a").expectError(ExitCode.USAGE, "an id or --filter");
    }

    @Test
    void refusesUnknownFlagsAndValues() {
        CliRun.of("find", "--db", "a.nxl", "-c", "a", "--filtre", "{}").expectError(ExitCode.USAGE, "--filtre");
        CliRun.of("find", "--db", "a.nxl", "-c", "a", "--limit", "many").expectError(ExitCode.USAGE, "--limit");
        CliRun.of("find", "--db", "a.nxl", "-c", "a", "--limit", "-1").expectError(ExitCode.USAGE, "--limit");
        CliRun.of("get", "--db", "a.nxl", "-c", "a", "1", "--id-type", "float").expectError(ExitCode.USAGE,
                "--id-type");
        CliRun.of("get", "--db", "a.nxl", "-c", "a", "x", "--id-type", "int32").expectError(ExitCode.USAGE, "int32");
        CliRun.of("quickstart", "--characters", "-1").expectError(ExitCode.USAGE, "--characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{a: 1} b", "{a: 1}} b", "{a: 1}, {b: 1}", "5", "", "{\"a\": {\"$oid\": \"no\"}}"})
    void refusesWhatIsNoFilterBeforeItOpensAnything(String filter) {
        Path missing = folder.resolve("missing.nxl");
        for (String command : new String[]{"find", "count", "export", "delete"}) {
            CliRun.of(command, "--db", missing.toString(), "-c", "a", "--filter", filter).expectError(ExitCode.USAGE,
                    "--filter");
        }
        assertFalse(Files.exists(missing));
    }

    @Test
    void saysErrorsAsJsonWhereAsked() {
        CliRun run = CliRun.of("find", "--db", "a.nxl", "-c", "a", "--filter", "{", "--json")
                .expectError(ExitCode.USAGE);
        BsonDocument error = BsonDocument.parse(run.err()).getDocument("error");
        assertEquals(ExitCode.USAGE, error.getInt32("exitCode").getValue());
        assertEquals("UsageException", error.getString("type").getValue());
        assertTrue(error.getString("message").getValue().contains("--filter"));
        assertTrue(run.out().isEmpty());
    }

    @Test
    void showsWhereOnlyWhenAsked() {
        String[] args = {"find", "--db", folder.resolve("missing.nxl").toString(), "-c", "a"};
        CliRun.of(args).expectError(ExitCode.FAILED, "missing.nxl");
        String[] debug = {args[0], args[1], args[2], args[3], args[4], "--debug"};
        assertTrue(CliRun.of(debug).err().contains("\tat "));
    }
}
