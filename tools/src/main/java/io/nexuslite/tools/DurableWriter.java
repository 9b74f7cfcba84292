package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DocumentCollection;
import io.nexuslite.NexusLite;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Random;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * The process that quickstart kills: inserts documents one by one, each durable when the insert returns, and prints the id of each
 * as soon as that is so. What it prints is a promise; what it inserts can be derived from the id, so that a reader can tell
 * a document that was written from one that was invented.
 */
final class DurableWriter {
    static final String COLLECTION = "acknowledged";

    private DurableWriter() {
    }

    /**
     * @param args the database, then the seed of the documents
     */
    public static void main(String[] args) {
        try {
            insertUntilKilled(args);
        } catch (RuntimeException e) {
            System.err.println("nexuslite: the writing process failed: " + NexusLiteCli.messageOf(e));
            System.exit(ExitCode.of(e));
        }
    }

    private static void insertUntilKilled(String[] args) {
        long seed = Long.parseLong(args[1]);
        PrintStream out = System.out;
        try (Database database = NexusLite.open(Path.of(args[0]))) {
            DocumentCollection<BsonDocument> target = database.collection(COLLECTION, BsonDocument.class);
            for (long id = 1;; id++) {
                target.insertOne(document(id, seed));
                out.println(id);
                out.flush();
            }
        }
    }

    /** The one document with this id that this writer inserts. */
    static BsonDocument document(long id, long seed) {
        Random random = new Random(seed * 0x9e3779b97f4a7c15L + id);
        StringBuilder text = new StringBuilder();
        int length = 20 + random.nextInt(200);
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return new BsonDocument("_id", new BsonInt64(id)).append("text", new BsonString(text.toString()))
                .append("nested", new BsonDocument("number", new BsonInt64(random.nextLong())));
    }
}
