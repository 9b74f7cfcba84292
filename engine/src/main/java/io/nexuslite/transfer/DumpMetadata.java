package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.RowException;
import io.nexuslite.io.Host;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * What {@code mongodump} writes beside a collection's {@code .bson} file.
 *
 * @param collectionName name of the collection, or {@code null} where the file does not say
 * @param indexes descriptions of its indexes, that of {@code _id} excepted
 */
public record DumpMetadata(String collectionName, List<BsonDocument> indexes) {
    private static final String SUFFIX = ".metadata.json";
    private static final int BYTES_MAX = 16 << 20;

    public DumpMetadata {
        indexes = List.copyOf(indexes);
    }

    /** Where it stands for a file such as {@code shop.bson} or {@code shop.bson.gz}. */
    public static Path fileFor(Path bson) {
        String name = bson.getFileName().toString();
        int suffix = name.indexOf(".bson");
        return bson.resolveSibling((suffix < 0 ? name : name.substring(0, suffix)) + SUFFIX);
    }

    /**
     * Reads what stands beside {@code bson}.
     *
     * @return {@code null} if there is no such file
     * @throws RowException if it is no JSON, or larger than 16 MiB
     * @throws io.nexuslite.error.IoFailedException if it cannot be read
     */
    public static DumpMetadata read(Path bson) {
        Host host = Hosts.platform();
        Path path = fileFor(bson);
        if (!host.files().exists(path)) {
            return null;
        }
        try (StoreFile file = host.files().open(path, OpenMode.READ);
                GrowableBuffer text = new GrowableBuffer(4096, BYTES_MAX);
                GrowableBuffer document = new GrowableBuffer();
                JsonReader reader = new JsonReader()) {
            if (file.size() > BYTES_MAX) {
                throw new RowException("expected at most " + BYTES_MAX + " bytes in " + path + ", found more", 1, 1, 0,
                        null);
            }
            int length = (int) file.size();
            text.reserve(length);
            text.setLength(file.read(0, text.memory(), 0, length));
            byte[] utf8 = text.toByteArray();
            reader.parse(utf8, 0, utf8.length, new BsonWriter().wrap(document));
            return of(new BsonView().wrap(document).toBsonDocument());
        }
    }

    private static DumpMetadata of(BsonDocument document) {
        BsonValue name = document.get("collectionName");
        List<BsonDocument> indexes = new ArrayList<>();
        if (document.containsKey("indexes") && document.get("indexes").isArray()) {
            for (BsonValue index : document.getArray("indexes")) {
                if (!index.isDocument()) {
                    throw new InvalidDocumentException("expected indexes that are documents, found another", -1,
                            "indexes");
                }
                BsonValue indexName = index.asDocument().get("name");
                if (indexName == null || !indexName.isString() || !indexName.asString().getValue().equals("_id_")) {
                    indexes.add(index.asDocument());
                }
            }
        }
        return new DumpMetadata(name != null && name.isString() ? name.asString().getValue() : null, indexes);
    }

    /** Writes it beside {@code bson}, whole or not at all, so that {@code mongorestore} knows the collection. */
    public void write(Path bson) {
        JsonWriter json = new JsonWriter(JsonStyle.CANONICAL_COMPACT);
        try (GrowableBuffer buffer = new GrowableBuffer();
                AtomicFile file = new AtomicFile(Hosts.platform(), fileFor(bson), true)) {
            BsonWriter writer = new BsonWriter().wrap(buffer).startDocument();
            writer.name("options").startDocument().endDocument();
            writer.name("indexes").startArray().startDocument();
            writer.name("v").int32(2).name("key").startDocument().name("_id").int32(1).endDocument();
            writer.name("name").string("_id_").endDocument();
            writer.endArray();
            writer.name("collectionName").string(collectionName).name("type").string("collection").endDocument();
            json.append(new BsonView().wrap(buffer));
            byte[] utf8 = (json + "\n").getBytes(StandardCharsets.UTF_8);
            file.write(utf8, 0, utf8.length);
            file.commit();
        }
    }
}
