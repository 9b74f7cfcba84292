package io.nexuslite.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.Database;
import io.nexuslite.DatabaseOptions;
import io.nexuslite.DocumentCollection;
import io.nexuslite.Durability;
import io.nexuslite.InsertOptions;
import io.nexuslite.NexusLite;
import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.io.Hosts;
import io.nexuslite.testing.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the engine writes is what the document says: databases that were loaded, closed, or left as a kill leaves them. */
class RealDatabaseCheckTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private final SplittableRandom random = seed.random("documents");

    @TempDir
    private Path folder;

    @Test
    void findsNothingInANewDatabase() {
        Path file = folder.resolve("new.nxl");
        NexusLite.open(file).close();
        assertClean(file, 0);
    }

    @Test
    void findsNothingInClosedDatabasesOfEveryPageSize() {
        for (int pageSize : new int[]{8192, 16384, 32768}) {
            Path file = folder.resolve("closed" + pageSize + ".nxl");
            DatabaseOptions options = options(pageSize);
            long count = 0;
            for (int round = 0; round < 3; round++) {
                try (Database database = NexusLite.open(file, options)) {
                    count += change(database, round);
                }
                assertClean(file, count);
            }
        }
    }

    @Test
    void findsNothingInWhatAKillLeaves() throws IOException {
        Path file = folder.resolve("live.nxl");
        Path copy = folder.resolve("copy.nxl");
        try (Database database = NexusLite.open(file, options(8192))) {
            for (int round = 0; round < 4; round++) {
                change(database, round);
                Files.deleteIfExists(copy);
                Files.deleteIfExists(folder.resolve("copy.wasp"));
                Files.copy(file, copy);
                Files.copy(folder.resolve("live.wasp"), folder.resolve("copy.wasp"));
                CheckReport report = check(copy);
                assertEquals(0, report.exitCode(), report.findings().toString());
                assertTrue(report.counts().logPresent());
                if (round == 1) {
                    database.checkpoint();
                }
            }
        }
        NexusLite.open(copy, options(8192)).close(); // is finished first
        CheckReport report = check(copy);
        assertEquals(0, report.exitCode(), report.findings().toString());
        assertEquals(List.of(), report.findings());
        assertFalse(report.counts().logPresent());
    }

    @Test
    void countsTheFreeBytesThatTheStatisticsTell() {
        Path file = folder.resolve("counted.nxl");
        try (Database database = NexusLite.open(file, options(8192))) {
            change(database, 0);
            database.dropCollection("documents");
        }
        CheckReport report = check(file);
        long free = (report.counts().freePages() + report.counts().pendingPages()) * 8192;
        assertTrue(free > 0);
        try (Database database = NexusLite.open(file, options(8192))) {
            assertEquals(free, database.statistics().freeBytes(), "before the first write has read the free map");
        }
    }

    @Test
    void saysThatAWriterHasIt() {
        Path file = folder.resolve("busy.nxl");
        try (Database database = NexusLite.open(file)) {
            change(database, 0);
            CheckReport report = check(file);
            assertEquals(8, report.exitCode());
            DatabaseLockedException locked = assertInstanceOf(DatabaseLockedException.class, report.failure());
            assertEquals(ProcessHandle.current().pid(), locked.ownerProcess());
        }
    }

    private static DatabaseOptions options(int pageSize) {
        return DatabaseOptions.builder().pageSize(pageSize).durability(Durability.SYNC)
                .checkpointInterval(Duration.ofDays(1)).sweepInterval(Duration.ofDays(1)).build();
    }

    /** Inserts, replaces and deletes; returns by how many the documents have grown. */
    private long change(Database database, int round) {
        DocumentCollection<Document> documents = database.collection("documents");
        DocumentCollection<Document> others = database.collection("others " + round % 2);
        List<Document> batch = new ArrayList<>();
        int count = 300 + random.nextInt(300);
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(20) == 0 ? random.nextInt(40_000) : random.nextInt(300);
            batch.add(new Document("_id", round * 10_000 + i).append("text", "x".repeat(length)));
        }
        documents.insertMany(batch);
        for (int i = 0; i < 20; i++) {
            others.insertOne(new Document("_id", round + "-" + i),
                    InsertOptions.defaults().withTags("a", "b").withTimeToLive(Duration.ofDays(1 + i)));
        }
        // One above the size that goes through the log whole.
        documents.insertOne(new Document("_id", "large " + round).append("text", "y".repeat(1_500_000)));
        documents.deleteOne(new BsonDocument("_id", new BsonInt32(round * 10_000)));
        documents.replaceOne(new BsonDocument("_id", new BsonInt32(round * 10_000 + 1)),
                new Document("text", "z".repeat(5000)));
        return count + 20 + 1 - 1;
    }

    private static CheckReport check(Path file) {
        return FileCheck.check(Hosts.platform(), file, CheckOptions.DEFAULT, CheckProgress.NONE);
    }

    private static void assertClean(Path file, long documents) {
        CheckReport report = check(file);
        assertEquals(List.of(), report.findings());
        assertEquals(0, report.exitCode(), String.valueOf(report.failure()));
        assertEquals(documents, report.counts().documents());
        assertTrue(report.counts().clean());
    }
}
