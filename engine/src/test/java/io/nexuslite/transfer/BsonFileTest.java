package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.RandomBson;
import io.nexuslite.bson.TestSeed;
import io.nexuslite.error.RowException;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BsonFileTest {
    @TempDir
    Path directory;

    private static byte[] written(List<BsonDocument> documents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GrowableBuffer buffer = new GrowableBuffer();
                DocumentSink sink = Formats.create(out, Format.BSON, ExportOptions.DEFAULT)) {
            for (BsonDocument document : documents) {
                buffer.reset();
                BsonBridge.encode(document, buffer);
                sink.accept(new BsonView().wrap(buffer));
            }
            sink.commit();
        }
        return out.toByteArray();
    }

    private static List<String> read(byte[] bytes, int... chunks) {
        return ReadRows.of(new Chunks(bytes, chunks), Format.BSON, ImportOptions.DEFAULT);
    }

    /** What is read and written again, without a detour over text, in which decimals that are not canonical become 0. */
    private static byte[] carried(InputStream stream) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BsonWriter writer = new BsonWriter();
        try (GrowableBuffer buffer = new GrowableBuffer();
                DocumentSource source = Formats.open(stream, "test", Format.BSON, ImportOptions.DEFAULT);
                DocumentSink sink = Formats.create(out, Format.BSON, ExportOptions.DEFAULT)) {
            while (source.next(writer.wrap(buffer))) {
                sink.accept(new BsonView().wrap(buffer));
                buffer.reset();
            }
            sink.commit();
        } catch (RowException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    @Test
    void readsWhatTheBsonLibraryWritesHoweverItComes() {
        TestSeed.run(BsonFileTest.class, "readsWhatTheBsonLibraryWritesHoweverItComes", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(100); i > 0; i--) {
                List<BsonDocument> documents = new ArrayList<>();
                for (int row = random.random().nextInt(8); row > 0; row--) {
                    documents.add(random.document());
                }
                byte[] bytes = written(documents);
                assertArrayEquals(bytes, carried(new Chunks(bytes, random.random().nextInt(1, 60))));
            }
        });
    }

    @Test
    void survivesDamage() {
        TestSeed.run(BsonFileTest.class, "survivesDamage", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(2000); i > 0; i--) {
                byte[] bytes = written(List.of(random.document(2, 3), random.document(2, 3), random.document(2, 3)));
                for (int damage = random.random().nextInt(1, 4); damage > 0; damage--) {
                    bytes[random.random().nextInt(bytes.length)] = (byte) random.random().nextInt(256);
                }
                bytes = Arrays.copyOf(bytes, random.random().nextInt(bytes.length + 1));
                List<String> rows = read(bytes);
                assertTrue(rows.size() <= bytes.length / 5 + 1);
                assertEquals(rows, read(bytes, random.random().nextInt(1, 20)));
            }
        });
    }

    @Test
    void passesOverWhatIsNotValidAndEndsWhereTheLengthIsNone() {
        byte[] bytes = written(
                List.of(BsonDocument.parse("{a: 'x'}"), BsonDocument.parse("{b: 1}"), BsonDocument.parse("{c: 2}")));
        byte[] text = bytes.clone();
        text[4 + 1 + 2 + 4] = (byte) 0xFF; // the x
        List<String> rows = read(text);
        assertEquals(3, rows.size());
        assertTrue(rows.getFirst().startsWith("Invalid row: ") && rows.getFirst().contains("path=a")
                && rows.getFirst().endsWith("[byte=11]."), rows.getFirst());
        byte[] length = bytes.clone();
        length[BsonFileSource.length(bytes, 0) + 3] = 0x7F;
        assertTrue(read(length).get(1).contains("expected a document's length from 5 to 16777216"),
                read(length).get(1));
        assertEquals(2, read(length).size());
        assertTrue(read(Arrays.copyOf(bytes, bytes.length - 1)).get(2).contains("bytes of a document, found 11"));
        assertTrue(read(Arrays.copyOf(bytes, 2)).getFirst().contains("found 2"));
        assertEquals(List.of(), read(new byte[0]));
    }

    @Test
    void keepsMetadataBeside() throws IOException {
        Path bson = directory.resolve("items.bson");
        assertNull(DumpMetadata.read(bson));
        new DumpMetadata("wares", List.of()).write(bson);
        assertEquals(new DumpMetadata("wares", List.of()), DumpMetadata.read(bson));
        assertEquals(new DumpMetadata("wares", List.of()), DumpMetadata.read(directory.resolve("items.bson.gz")));
        Files.writeString(directory.resolve("items.metadata.json"), """
                {"indexes":[{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"},
                {"v":{"$numberInt":"2"},"key":{"sku":{"$numberInt":"1"}},"name":"sku_1","unique":true}],
                "uuid":"5ef0a0b6","collectionName":"goods","type":"collection"}""");
        DumpMetadata metadata = DumpMetadata.read(bson);
        assertEquals("goods", metadata.collectionName());
        assertEquals(List.of("sku_1"),
                metadata.indexes().stream().map(index -> index.getString("name").getValue()).toList());
        Files.writeString(directory.resolve("items.metadata.json"), "{\"indexes\":");
        assertThrows(RowException.class, () -> DumpMetadata.read(bson));
    }
}
