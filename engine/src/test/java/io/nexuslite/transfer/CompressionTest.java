package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.IoFailedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressionTest {
    private static final String ROWS = "{\"a\":1}\n{\"a\":2}\n";

    @TempDir
    Path directory;

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static List<String> read(byte[] bytes, int... chunks) {
        return ReadRows.of(new Chunks(bytes, chunks), null, ImportOptions.DEFAULT);
    }

    @Test
    void readsGzipHoweverItComes() throws IOException {
        List<String> expected = read(ROWS.getBytes(StandardCharsets.UTF_8));
        assertEquals(expected, read(gzip(ROWS)));
        assertEquals(expected, read(gzip(ROWS), 1));
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.writeBytes(gzip("{\"a\":1}\n"));
        members.writeBytes(gzip("{\"a\":2}\n"));
        assertEquals(expected, read(members.toByteArray()));
        assertEquals(List.of("{\"n\":{\"$numberInt\":\"1\"},\"m\":{\"$numberInt\":\"2\"}}"), read(gzip("n;m\n1;2\n")));
    }

    @Test
    void turnsDamageIntoItsOwnFailure() throws IOException {
        byte[] whole = gzip(ROWS.repeat(100));
        for (int length = 4; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(IoFailedException.class, () -> read(cut), "cut at " + length);
        }
        byte[] wrong = whole.clone();
        wrong[wrong.length - 6] ^= 1;
        assertThrows(IoFailedException.class, () -> read(wrong), "checksum");
    }

    @Test
    void refusesBombs() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write("{\"a\":1}\n".getBytes(StandardCharsets.UTF_8));
            byte[] blanks = new byte[1 << 20];
            Arrays.fill(blanks, (byte) '\n');
            for (int i = 0; i < 80; i++) {
                gzip.write(blanks);
            }
        }
        byte[] bomb = out.toByteArray();
        IoFailedException grown = assertThrows(IoFailedException.class,
                () -> ReadRows.of(new Chunks(bomb), Format.NDJSON,
                        ImportOptions.DEFAULT.withDecompressionLimits(500, Long.MAX_VALUE)));
        assertTrue(grown.getMessage().contains("more than 500 times"), grown.getMessage());
        IoFailedException large = assertThrows(IoFailedException.class,
                () -> ReadRows.of(new Chunks(bomb), Format.NDJSON,
                        ImportOptions.DEFAULT.withDecompressionLimits(1_000_000, 1 << 20)));
        assertTrue(large.getMessage().contains("1048576 bytes that are allowed"), large.getMessage());
        assertEquals(1, ReadRows.of(new Chunks(bomb), Format.NDJSON,
                ImportOptions.DEFAULT.withDecompressionLimits(1_000_000, Long.MAX_VALUE)).size());
    }

    @Test
    void namesTheLibraryThatIsMissing() {
        byte[] zstd = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 0, 0, 0};
        IoFailedException missing = assertThrows(IoFailedException.class, () -> read(zstd));
        assertTrue(missing.getMessage().contains("com.github.luben:zstd-jni"), missing.getMessage());
        byte[] lz4 = {0x04, 0x22, 0x4D, 0x18, 0, 0, 0, 0};
        assertTrue(assertThrows(IoFailedException.class, () -> read(lz4)).getMessage().contains("lz4-java"));
    }

    @Test
    void writesBySuffixAndLeavesNothingOfWhatFailed() throws IOException {
        Path file = directory.resolve("out.ndjson.gz");
        try (GrowableBuffer buffer = new GrowableBuffer();
                DocumentSink sink = Formats.create(file, FormatDetector.ofName(file.toString()),
                        ExportOptions.DEFAULT)) {
            BsonBridge.encode(BsonDocument.parse("{a: 1}"), buffer);
            sink.accept(new BsonView().wrap(buffer));
            sink.commit();
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            assertEquals("{\"a\": 1}\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        Formats.create(directory.resolve("none.ndjson.gz"), Format.NDJSON, ExportOptions.DEFAULT).close();
        try (var files = Files.list(directory)) {
            assertEquals(List.of("out.ndjson.gz"), files.map(path -> path.getFileName().toString()).toList());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DocumentSink sink = Formats.create(out, Format.JSON,
                ExportOptions.DEFAULT.withCompression(Compression.GZIP))) {
            sink.commit();
        }
        assertEquals("[]\n", new String(new GZIPInputStream(new ByteArrayInputStream(out.toByteArray())).readAllBytes(),
                StandardCharsets.UTF_8));
    }
}
