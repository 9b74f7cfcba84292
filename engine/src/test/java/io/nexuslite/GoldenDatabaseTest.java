package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.nexuslite.check.CheckOptions;
import io.nexuslite.check.FileCheck;
import io.nexuslite.io.Hosts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.bson.Document;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Databases that a build of format version 1 has written are opened for ever, with every document. {@code v1-closed} was closed;
 * {@code v1-unclean} was copied while it was open, so that half of it stands in the log alone. What they hold stands beside them, as
 * Extended JSON. To keep new ones, of a new version and under new names: {@code -Dnexuslite.golden=write}.
 */
class GoldenDatabaseTest {
    private static final Path RESOURCES = Path.of("src", "test", "resources", "io", "nexuslite");
    private static final JsonWriterSettings CANONICAL = JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED)
            .build();
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_790_000_000_000L));
    private static final long SEED = 20261124;

    @TempDir
    Path directory;

    @Test
    void opensClosedDatabaseOfVersion1() throws IOException {
        keepIfAsked();
        Path file = unpack("v1-closed", false);
        assertEquals(0, check(file));
        assertHolds(file, "v1-closed");
        assertEquals(0, check(file));
    }

    @Test
    void opensUncleanDatabaseOfVersion1() throws IOException {
        keepIfAsked();
        Path file = unpack("v1-unclean", true);
        assertEquals(0, check(file));
        assertHolds(file, "v1-unclean");
        assertEquals(0, check(file));
    }

    private static int check(Path file) {
        return FileCheck.check(Hosts.platform(), file, CheckOptions.DEFAULT, (phase, bytesRead, bytesExpected) -> {
        }).exitCode();
    }

    /** Everything is there, can be written to, and is there again. */
    private static void assertHolds(Path file, String name) throws IOException {
        List<String> expected = new String(unpack(name + ".json.gz"), StandardCharsets.UTF_8).lines().toList();
        DatabaseOptions options = options();
        try (Database database = NexusLite.open(file, options)) {
            assertEquals(expected, content(database));
            database.collection("later").insertOne(new Document("_id", 1));
        }
        try (Database database = NexusLite.open(file, options)) {
            assertEquals(1, database.collection("later").countDocuments());
            database.dropCollection("later");
            assertEquals(expected, content(database));
        }
    }

    private static List<String> content(Database database) {
        List<String> lines = new ArrayList<>();
        for (String collection : database.collectionNames().stream().sorted().toList()) {
            Map<String, String> documents = new TreeMap<>();
            for (Document document : database.collection(collection).find()) {
                String id = new Document("_id", document.get("_id")).toJson(CANONICAL);
                DocumentMetadata metadata = database.collection(collection).metadata(document.get("_id")).orElseThrow();
                documents.put(id, document.toJson(CANONICAL) + " " + metadata.version() + " " + metadata.tags() + " "
                        + metadata.type());
            }
            documents.values().forEach(line -> lines.add(collection + " " + line));
        }
        return lines;
    }

    private static DatabaseOptions options() {
        return DatabaseOptions.builder().clock(CLOCK).build();
    }

    private Path unpack(String name, boolean log) throws IOException {
        Path file = directory.resolve(name + ".nxl");
        Files.write(file, unpack(name + ".nxl.gz"));
        if (log) {
            Files.write(directory.resolve(name + ".wasp"), unpack(name + ".wasp.gz"));
        }
        return file;
    }

    private static byte[] unpack(String resource) throws IOException {
        try (InputStream kept = GoldenDatabaseTest.class.getResourceAsStream(resource)) {
            assertNotNull(kept, resource);
            try (GZIPInputStream unpacked = new GZIPInputStream(kept)) {
                return unpacked.readAllBytes();
            }
        }
    }

    // ---- how they were made

    private void keepIfAsked() throws IOException {
        if (System.getProperty("nexuslite.golden", "").equals("write")
                && !Files.exists(RESOURCES.resolve("v1-unclean.json.gz"))) {
            Path file = directory.resolve("golden.nxl");
            try (Database database = NexusLite.open(file, options())) {
                fill(database, 0);
                keep("v1-closed.json.gz", String.join("\n", content(database)).getBytes(StandardCharsets.UTF_8));
            }
            keep("v1-closed.nxl.gz", Files.readAllBytes(file));
            try (Database database = NexusLite.open(file, options())) {
                fill(database, 1000);
                keep("v1-unclean.json.gz", String.join("\n", content(database)).getBytes(StandardCharsets.UTF_8));
                keep("v1-unclean.nxl.gz", Files.readAllBytes(file));
                keep("v1-unclean.wasp.gz", Files.readAllBytes(directory.resolve("golden.wasp")));
            }
        }
    }

    private static void keep(String name, byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        Files.write(RESOURCES.resolve(name), packed.toByteArray());
    }

    private static void fill(Database database, int base) {
        SplittableRandom random = new SplittableRandom(SEED + base);
        DocumentCollection<Document> mixed = database.collection("mixed");
        for (int i = 0; i < 300; i++) {
            mixed.insertOne(new Document("_id", base + i).append("name", "number " + random.nextInt(1000))
                    .append("values", List.of(random.nextInt(), random.nextLong(), random.nextDouble()))
                    .append("price", new Decimal128(random.nextLong()))
                    .append("nested", new Document("deep", new Document("x", i))));
        }
        mixed.deleteMany(new Document("_id", new Document("$gte", base + 100).append("$lt", base + 150)));
        mixed.replaceOne(new Document("_id", base + 7), new Document("replaced", true));
        DocumentCollection<Document> large = database.collection("large");
        for (int length : new int[]{2_000, 2_100, 70_000, 1_500_000}) {
            large.insertOne(
                    new Document("_id", "length " + length + " of " + base).append("text", "ab".repeat(length / 2)));
        }
        database.collection("tagged").insertOne(new Document("_id", base),
                InsertOptions.defaults().withTags("red", "grün"));
        database.collection("brief").insertOne(new Document("_id", base),
                InsertOptions.defaults().withExpiry(CLOCK.instant().plusSeconds(3600)));
        database.collection("gone").insertOne(new Document("_id", base));
        database.dropCollection("gone");
    }
}
