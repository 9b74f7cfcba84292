package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.Database;
import io.nexuslite.NexusLite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
    private static final String CHARACTERS = "4000";

    @TempDir
    Path folder;

    @Test
    void holdsFromImportToCheck() throws IOException {
        Path output = folder.resolve("data");
        CliRun run = CliRun.of("quickstart", "--output", output.toString(), "--characters", CHARACTERS).expectDone();
        for (String word : new String[]{"generate", "import", "query by id", "be killed", "none invented", "export",
                "fsck", "every step held"}) {
            assertTrue(run.out().contains(word), () -> word + " in " + run.out());
        }
        CliRun again = CliRun.of("quickstart", "--output", output.toString(), "--characters", CHARACTERS, "--json")
                .expectDone();
        BsonDocument report = again.json();
        assertTrue(report.getBoolean("held").getValue());
        assertEquals(8, report.getArray("steps").size());
        assertEquals(CHARACTERS,
                CliRun.of("count", "--db", output.resolve("unicode.nxl").toString(), "-c", "characters").out().strip());
        assertEquals(Integer.parseInt(CHARACTERS), Files.readAllLines(output.resolve("export.ndjson")).size());
    }

    @Test
    void leavesAFolderOfSomeoneElseAlone() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "x");
        CliRun.of("quickstart", "--output", folder.toString(), "--characters", "1").expectError(ExitCode.REFUSED,
                "thesis.txt", "--output");
        assertTrue(Files.exists(folder.resolve("thesis.txt")));
    }

    @Test
    void crashTrialSeesAMissingAndAnInventedDocument() {
        Path file = folder.resolve("trial.nxl");
        CrashTrial trial = new CrashTrial(file, 7);
        try (Database database = NexusLite.open(file)) {
            for (long id = 1; id <= 5; id++) {
                database.collection(DurableWriter.COLLECTION, BsonDocument.class)
                        .insertOne(DurableWriter.document(id, 7));
            }
            assertEquals(5, trial.compare(database, java.util.List.of(1L, 2L, 3L, 4L)), "one may have been on its way");
            assertEquals(5, trial.compare(database, java.util.List.of(1L, 2L, 3L, 4L, 5L)));
            assertThrows(RefusedException.class, () -> trial.compare(database, java.util.List.of(1L, 2L, 3L)),
                    "two were not acknowledged");
            assertThrows(RefusedException.class,
                    () -> trial.compare(database, java.util.List.of(1L, 2L, 3L, 4L, 5L, 6L)), "missing");
            database.collection(DurableWriter.COLLECTION, BsonDocument.class)
                    .replaceOne(new BsonDocument("_id", new BsonInt64(3)), new BsonDocument("_id", new BsonInt64(3)));
            assertThrows(RefusedException.class, () -> trial.compare(database, java.util.List.of(1L, 2L, 3L, 4L, 5L)),
                    "another content");
        }
    }
}
