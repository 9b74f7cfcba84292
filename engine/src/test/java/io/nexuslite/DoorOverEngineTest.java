package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.TestAllocation;
import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import java.util.SplittableRandom;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The door over the engine that users get. */
class DoorOverEngineTest {
    private static final FieldName COUNT = FieldName.of("count");

    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void keepsSumsUnderConcurrency() throws InterruptedException {
        try (Database database = NexusLite.openInMemory()) {
            DocumentCollection<Document> accounts = database.collection("accounts");
            for (int i = 0; i < 8; i++) {
                accounts.insertOne(new Document("_id", i).append("amount", 100));
            }
            int rounds = Seed.scaled(200);
            Threads.run(4, thread -> {
                SplittableRandom random = seed.random("thread " + thread);
                for (int round = 0; round < rounds; round++) {
                    if (thread == 0) {
                        assertEquals(800, sum(accounts));
                        continue;
                    }
                    int from = random.nextInt(8);
                    int to = random.nextInt(8);
                    database.transact(inside -> {
                        add(inside, from, -1);
                        add(inside, to, 1);
                        return null;
                    });
                }
            });
            assertEquals(800, sum(accounts));
        }
    }

    private static void add(Transactional inside, int id, int amount) {
        DocumentCollection<Document> all = inside.collection("accounts");
        Document found = all.findById(id).orElseThrow();
        found.put("amount", found.getInteger("amount") + amount);
        all.replaceOne(new Document("_id", id), found);
    }

    private static int sum(DocumentCollection<Document> accounts) {
        int sum = 0;
        for (Document each : accounts.find()) {
            sum += each.getInteger("amount");
        }
        return sum;
    }

    @Test
    void getsMakeNoGarbage() {
        try (Database database = NexusLite.openInMemory();
                Session session = database.openSession();
                DocumentId id = new DocumentId();
                DocumentBuilder builder = new DocumentBuilder()) {
            DocumentCollection<Document> things = database.collection("things");
            for (int i = 0; i < 2000; i++) {
                things.put(session, builder.begin().put(FieldName.ID, i).put(COUNT, i).build());
            }
            DocumentView view = new DocumentView();
            assertTrue(things.get(session, id.set(7), view));
            TestAllocation.assertNone("get", call -> things.get(session, id.set(call % 2000), view)
                    ? view.document().length()
                    : 0);
        }
    }
}
