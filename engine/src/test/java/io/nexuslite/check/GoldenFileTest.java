package io.nexuslite.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/**
 * Files of format version 1 that were kept once and are checked for ever: a closed database, and one with its log. They also hold the
 * test's own writer to the bytes it wrote then. To keep new ones (of a new version, under new names): {@code -Dnexuslite.golden=write}.
 */
class GoldenFileTest {
    private static final Path RESOURCES = Path.of("src", "test", "resources", "io", "nexuslite", "check");

    @Test
    void closedDatabaseOfVersion1IsSound() throws IOException {
        Image image = new Image(8192);
        image.database = golden("closed-v1.nxl.gz", Images.rich(8192).build().database);
        CheckReport report = ImageHost.check(image);
        assertEquals(List.of(), report.findings());
        assertEquals(101, report.counts().documents());
        assertEquals(25, report.counts().ephemeralDocuments());
    }

    @Test
    void uncleanDatabaseOfVersion1IsSound() throws IOException {
        Image written = new LogImages().image;
        Image image = new Image(8192);
        image.database = golden("unclean-v1.nxl.gz", written.database);
        image.log = golden("unclean-v1.wasp.gz", written.log);
        CheckReport report = ImageHost.check(image);
        assertEquals(0, report.exitCode(), report.findings().toString());
        assertEquals(60, report.counts().logTransactions());
        assertTrue(report.counts().logPresent());
    }

    private static byte[] golden(String name, byte[] written) throws IOException {
        if (System.getProperty("nexuslite.golden", "").equals("write")) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(written);
            }
            Files.createDirectories(RESOURCES);
            Files.write(RESOURCES.resolve(name), packed.toByteArray());
            return written;
        }
        try (InputStream kept = GoldenFileTest.class.getResourceAsStream(name);
                GZIPInputStream gzip = new GZIPInputStream(kept)) {
            byte[] bytes = gzip.readAllBytes();
            assertArrayEquals(bytes, written, "the writer of images has changed");
            return bytes;
        }
    }
}
