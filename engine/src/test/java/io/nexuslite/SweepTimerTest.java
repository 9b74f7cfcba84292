package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Expired documents go by themselves. */
class SweepTimerTest {
    private static final long PATIENCE_MILLIS = 60_000; // only a broken timer takes this long

    @Test
    void removesWhatHasExpiredAndNothingElse() throws InterruptedException {
        AtomicLong clock = new AtomicLong(1_790_000_000_000L);
        DatabaseOptions options = DatabaseOptions.builder().sweepInterval(Duration.ofMillis(5))
                .clock(() -> Instant.ofEpochMilli(clock.get())).build();
        try (Database database = NexusLite.openInMemory(options)) {
            DocumentCollection<Document> sessions = database.collection("sessions");
            InsertOptions brief = InsertOptions.defaults().withTimeToLive(Duration.ofSeconds(10));
            for (int i = 0; i < 20; i++) {
                sessions.insertOne(new Document("_id", i), brief);
            }
            sessions.insertOne(new Document("_id", "stays"));
            assertEquals(20, database.statistics().ephemeralDocuments());
            clock.addAndGet(11_000);
            assertEquals(1, sessions.countDocuments(), "gone from sight before anything is removed");
            for (long waited = 0; database.statistics().ephemeralDocuments() > 0; waited += 5) {
                assertTrue(waited < PATIENCE_MILLIS, "nothing was removed");
                Thread.sleep(5);
            }
            assertEquals(1, sessions.estimatedDocumentCount());
        }
    }
}
